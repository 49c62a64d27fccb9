import PasselCore
import PasselGit
import PasselPosix

/// What became of the packs of a repository.
struct PackFindings {
    /// Whether one was damaged that still is.
    var areDamaged = false
    /// Whether of one that is still there nobody can tell what is in it.
    var areUnlisted = false
    /// Whether anything is as it should be again.
    var wasRepaired = false
    /// Those that were looked at, without the ends of their names.
    var known: Set<Path> = []
}

extension Fsck {
    /// The packs, what lists their objects, and what git keeps to be quicker.
    mutating func checkPacks(
        _ lines: [[UInt8]], _ place: Path, _ git: GitTool
    ) throws {
        guard let folder = try gitFolder(place) else { return }
        if !packs.areUnlisted { try checkShortcuts(folder, place, git) }
        let place = (top: place, packs: folder / "objects/pack")
        guard FileStatus.isFolder(place.packs) else { return }
        try checkPackList(folder, place.top, git)
        let names = Set(try Files.names(in: place.packs).map(\.bytes))
        for stem in Set(lines.compactMap(Self.pack)).sorted(by: { $0.precedes($1) })
        where names.contains(stem + Array(".pack".utf8)) {
            try checkPack(place.packs / stem, place.top, git)
        }
    }

    /// The lists of what is in the packs: without them there seems to be nothing in the repository.
    ///
    /// - Parameter areRead: whether git found nothing wrong with those that are there.
    mutating func checkPackLists(_ place: Path, _ git: GitTool, areRead: Bool) throws {
        guard let folder = try gitFolder(place)?.appending("/objects/pack"),
            FileStatus.isFolder(folder)
        else { return }
        for name in try Files.names(in: folder).map(\.bytes).sorted(by: { $0.precedes($1) })
        where name.ends(with: ".pack") && name.starts(with: "pack-".utf8) {
            let stem = folder / Array(name.dropLast(".pack".utf8.count))
            if areRead, FileStatus.isFile(stem.appending(".idx")) { continue }
            if try ends(of: stem) == nil { try checkPack(stem, place, git) }
        }
    }

    /// How a pack begins and ends, by its list; nothing unless both are as git wants them before it
    /// reads anything of the pack.
    private func ends(of stem: Path) throws -> (head: [UInt8], digest: [UInt8])? {
        guard let (head, digest) = try rightEnds(of: stem) else { return nil }
        let reader = try FileReader(stem.appending(".pack"), following: false)
        guard reader.status.size > head.count + digest.count,
            try reader.next(limit: head.count) == head
        else { return nil }
        try reader.seek(reader.status.size - digest.count)
        return try reader.next(limit: digest.count) == digest ? (head, digest) : nil
    }

    /// How a pack must begin and end by its list: gitformat-pack(5).
    private func rightEnds(of stem: Path) throws -> (head: [UInt8], digest: [UInt8])? {
        let list = try Files.readIfPresent(stem.appending(".idx")) ?? []
        // It ends with the digest of the pack, and that of all before it.
        guard list.count > 1032 + 40,
            SHA1.digest(of: Array(list.dropLast(20))) == Array(list.suffix(20))
        else { return nil }
        return (
            Array("PACK".utf8) + [0, 0, 0, 2] + list[1028..<1032], Array(list.suffix(40).prefix(20))
        )
    }

    /// The pack with the beginning that its list wants, and the end that follows from it.
    private func closed(_ stem: Path) throws -> [UInt8]? {
        var pack = try Files.read(stem.appending(".pack"))
        guard pack.count > 32 else { return nil }
        if let (head, _) = try rightEnds(of: stem) { pack.replaceSubrange(0..<12, with: head) }
        pack.removeLast(20)
        return pack + SHA1.digest(of: pack)
    }

    /// The pack that a line is about, without the end of its name.
    static func pack(in line: [UInt8]) -> [UInt8]? {
        for word in line.split(whereSeparator: { $0 == 0x20 || $0 == 0x3A || $0 == 0x27 }) {
            let name = Path(word).name
            for end in [".pack", ".idx"] where name.ends(with: end) {
                let stem = Array(name.dropLast(end.utf8.count))
                if stem.starts(with: "pack-".utf8) { return stem }
            }
        }
        return nil
    }

    /// A pack that is whole has a list that follows from it; one that is not stays until nothing of
    /// it is needed.
    private mutating func checkPack(
        _ stem: Path, _ place: Path, _ git: GitTool
    ) throws {
        guard packs.known.insert(stem).inserted else { return }
        let (pack, list) = (stem.appending(".pack"), stem.appending(".idx"))
        let now = self
        let right: [UInt8]? = try store.inWorkshop { workshop in
            let made = workshop / "made.idx"
            let words = ["index-pack", "-o", made.repaired, Files.absolute(pack).repaired]
            // A pack that is damaged has none. By a damaged list, git would compare with what it is
            // not.
            let empty = try emptyRepository(in: workshop, git)
            guard (try? git.run(words, in: empty, failure: "")) != nil else { return nil }
            return try Files.read(made)
        }
        guard let right else {
            packs.areDamaged = true
            // Without its ends git reads nothing of it.
            guard try ends(of: stem) == nil else {
                damagedPacks.append(stem)
                return
            }
            return try close(stem, place, git)
        }
        guard try Files.readIfPresent(list) != right else { return }
        let count = check.flaws.count
        add(
            StoreFlaw(
                .object, shown(list, place), "the list of what is in a pack is damaged or gone",
                hint: "passel fsck --repair")
        ) {
            for path in [list, stem.appending(".rev")] where FileStatus.isFile(path) {
                try now.setAside(path, place)
            }
            try PrivateFile.replace(list, by: right)
            return true
        }
        if check.flaws[count].isRepaired {
            packs.wasRepaired = true
        } else {
            packs.areUnlisted = true
        }
    }

    /// A pack of which only the ends are damaged.
    private mutating func close(_ stem: Path, _ place: Path, _ git: GitTool) throws {
        let (pack, list) = (stem.appending(".pack"), stem.appending(".idx"))
        let now = self
        let count = check.flaws.count
        add(
            StoreFlaw(
                .object, shown(pack, place), "a pack is damaged",
                hint:
                    "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
            )
        ) {
            guard let content = try now.closed(stem) else { return false }
            let made: [UInt8] = try now.store.inWorkshop { workshop in
                try PrivateFile.replace(workshop / "made.pack", by: content)
                try git.run(
                    ["index-pack", (workshop / "made.pack").repaired],
                    in: now.emptyRepository(in: workshop, git),
                    failure: "it is damaged elsewhere, too")
                return try Files.read(workshop / "made.idx")
            }
            for path in [pack, list, stem.appending(".rev")] where FileStatus.isFile(path) {
                try now.keepCopy(path, place)
            }
            try PrivateFile.replace(pack, by: content)
            try PrivateFile.replace(list, by: made)
            return true
        }
        if check.flaws[count].isRepaired {
            (packs.wasRepaired, packs.areDamaged) = (true, false)
        } else {
            packs.areUnlisted = true
        }
    }

    /// Packs that are damaged, once everything that leads somewhere can be read without them.
    mutating func replaceDamagedPacks(_ place: Path, _ git: GitTool) throws {
        let now = self
        for stem in damagedPacks {
            add(
                StoreFlaw(
                    .object, shown(stem.appending(".pack"), place), "a pack is damaged",
                    hint:
                        "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
                )
            ) {
                let parts = [".idx", ".rev", ".bitmap", ".pack"].map { stem.appending($0) }
                    .filter { FileStatus.isFile($0) }
                let before = try parts.map { try FileStatus(of: $0)?.identity }
                let copies = try parts.map { try now.keepCopy($0, place) }
                do {
                    try git.run(["repack", "-a", "-q"], in: place, failure: "it cannot be read")
                } catch {
                    for copy in copies { Scratch.remove(copy) }
                    throw error
                }
                // What is packed anew may have the very name.
                for (path, identity) in zip(parts, before)
                where try FileStatus(of: path)?.identity == identity {
                    try DurableFile.remove(path)
                }
                return true
            }
        }
        damagedPacks = []
    }

    /// What only makes git quicker is made again by it.
    private mutating func checkShortcuts(
        _ folder: Path, _ place: Path, _ git: GitTool
    ) throws {
        let shortcuts: [(command: String, file: Path)] = [
            ("commit-graph", "objects/info/commit-graph"),
            ("multi-pack-index", "objects/pack/multi-pack-index"),
        ]
        let now = self
        for (command, name) in shortcuts where FileStatus.isFile(folder / name) {
            guard try !git.findings([command, "verify"], in: place).isGood else { continue }
            let count = check.flaws.count
            add(
                StoreFlaw(
                    .object, shown(folder / name, place), "what makes git quicker is damaged",
                    hint: "passel fsck --repair")
            ) {
                try now.setAside(folder / name, place)
                return true
            }
            if check.flaws[count].isRepaired { packs.wasRepaired = true }
        }
    }

    /// The list of packs by which others fetch without git at this end names none that is not there.
    mutating func checkPackList(_ folder: Path, _ place: Path, _ git: GitTool) throws {
        let list = folder / "objects/info/packs"
        let packs = folder / "objects/pack"
        let start = Array("P ".utf8)
        guard let content = try Files.readIfPresent(list),
            !content.split(separator: .newline).allSatisfy({
                $0.starts(with: start)
                    && FileStatus.isFile(packs / Array($0.dropFirst(start.count)))
            })
        else { return }
        add(
            StoreFlaw(
                .object, shown(list, place), "it names packs that are not there",
                hint: "passel git update-server-info --force")
        ) {
            try git.run(["update-server-info", "--force"], in: place, failure: "git cannot")
            return true
        }
    }

    /// A file of git's as people find it: `.git/…`.
    func shown(_ path: Path, _ place: Path) -> Text {
        Text((path.relative(to: place) ?? path).bytes)
    }
}
