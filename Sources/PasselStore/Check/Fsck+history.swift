import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// The check of git's that everything is told by.
    static let gitCheck = ["fsck", "--full", "--no-dangling", "--no-progress"]

    /// All that git keeps, after its own check: where that found nothing, what it does not look at.
    mutating func checkHistory(
        _ place: Path, _ git: GitTool, _ found: GitTool.Findings
    ) throws {
        let isClean = found.isGood && found.lines.isEmpty
        try checkPackLists(place, git, areRead: isClean)
        try checkReferences(place, git, areThere: isClean)
        guard isClean else { return try checkObjects(place, git) }
        guard let folder = try gitFolder(place) else { return }
        checkGitIndex(folder, place, git)
        try checkPackList(folder, place, git)
    }

    /// The branch that HEAD stands for, and whether every reference leads to something.
    ///
    /// - Parameter areThere: whether git found all that they name.
    private mutating func checkReferences(
        _ place: Path, _ git: GitTool, areThere: Bool
    ) throws {
        guard let folder = try gitFolder(place) else { return }
        let references = try Self.references(folder)
        // Where it cannot be told what is there, nothing is called missing.
        let missing =
            packs.areUnlisted || areThere
            ? [] : try absent(Set(references.values.compactMap(\.self)), place, git)
        for (reference, id) in references.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            if let id, !missing.contains(id) { continue }
            addLost(
                reference, id == nil ? "it leads to nothing" : "it leads to what is not there",
                place, git)
        }
        // A branch that was removed has no log any more.
        for branch in try Self.logged(folder, "refs/heads") where references[branch] == nil {
            addLost(branch, "it is gone", place, git)
        }
    }

    /// The references below one that have a log.
    private static func logged(_ folder: Path, _ name: Path) throws -> [Path] {
        guard FileStatus.isFolder(folder / "logs" / name) else { return [] }
        return try Files.names(in: folder / "logs" / name).sorted { $0.bytes.precedes($1.bytes) }
            .flatMap { child -> [Path] in
                let path = name / child.bytes
                if FileStatus.isFolder(folder / "logs" / path) { return try logged(folder, path) }
                return child.bytes.ends(with: ".lock") ? [] : [path]
            }
    }

    /// Those of some objects that are not there.
    private func absent(_ ids: Set<GitID>, _ place: Path, _ git: GitTool) throws -> Set<GitID> {
        var output: [UInt8] = []
        do {
            try git.run(
                ["cat-file", "--batch-check"], in: place, failure: "",
                input: ids.flatMap { Array("\($0.hex)\n".utf8) }
            ) { output += $0 }
        } catch is Problem {
            // What git cannot work with at all is told by its own check.
            return []
        }
        return Set(
            output.split(separator: .newline).filter { Array($0).ends(with: " missing") }
                .compactMap { GitID(hex: $0.prefix(40)) })
    }

    /// A branch that is lost stands where its log last had it.
    private mutating func addLost(
        _ reference: Path, _ what: Text, _ place: Path, _ git: GitTool
    ) {
        let folder = place / ".git"
        // A branch without a log cannot be found again by it.
        let last = try? Self.lastOfLog(folder / "logs" / reference)
        var flaw = StoreFlaw(
            .reference, Text(reference.bytes), what,
            hint: last.map { "passel git update-ref \(reference) \($0.hex)" }
                ?? "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
        )
        flaw.goodVersion = last.map { Text($0.hex.utf8) }
        let now = self
        add(flaw) {
            guard let last else { return false }
            try git.run(["cat-file", "-e", "\(last.hex)^{commit}"], in: place, failure: "gone")
            if FileStatus.isFile(folder / reference) { try now.keepCopy(folder / reference, place) }
            try PrivateFile.makeFolder((folder / reference).parent)
            try PrivateFile.replace(folder / reference, by: Array("\(last.hex)\n".utf8))
            return true
        }
    }

    /// What git says of the objects and of what leads to them.
    private mutating func checkObjects(_ place: Path, _ git: GitTool) throws {
        guard let folder = try gitFolder(place) else { return }
        checkGitIndex(folder, place, git)
        var (isGood, lines) = try git.findings(Self.gitCheck, in: place)
        try checkPacks(lines, place, git)
        if packs.wasRepaired { (isGood, lines) = try git.findings(Self.gitCheck, in: place) }
        if lines.contains(where: Self.isAboutIndex) {
            addGitIndex(place, git)
            // There git gives up: it has not looked at the objects yet.
            (isGood, lines) = try git.findings(
                Self.gitCheck, in: place,
                variables: ["GIT_INDEX_FILE": (folder / "passel-none").bytes])
        }
        guard !isGood else { return }
        var objects: [GitID] = []
        var others: [Text] = []
        // What leads to a missing object is none itself, and zeros are no object.
        for line in lines where !line.starts(with: "broken link".utf8) {
            let isOfPack = Self.pack(in: line) != nil
            let ids = Self.ids(in: line)
            let isPath = Self.looseObject(in: line)
            if let id = isPath ?? ids.last {
                if !objects.contains(id) { objects.append(id) }
            } else if !isOfPack, Self.errors.contains(where: { line.starts(with: $0.utf8) }) {
                others.append(Text(line))
            }
        }
        // Without the list of what is in a pack, nothing can be said of the objects in it.
        if packs.areUnlisted { return }
        if objects.isEmpty, !packs.areDamaged || !others.isEmpty {
            add(
                StoreFlaw(
                    .object, Text(place.bytes),
                    "git finds its history damaged: \(others.first ?? "it does not say how")",
                    hint: "passel git fsck"))
        }
        addObjects(objects, place, git)
        try replaceDamagedPacks(place, git)
    }

    /// Objects that are missing or damaged, by what they are versions of; from files of the same
    /// content they can be made again.
    private mutating func addObjects(_ objects: [GitID], _ place: Path, _ git: GitTool) {
        guard !objects.isEmpty else { return }
        // What cannot be read of the files or the history cannot help.
        let here = repairs ? (try? contents(place)) ?? [:] : [:]
        let names = names(of: Set(objects), place, git)
        let now = self
        for id in objects {
            let what: Text = names[id].map { "a version of \(Text($0)) is" } ?? "it is"
            add(
                StoreFlaw(
                    .object, Text(id.hex.utf8), "\(what) missing or damaged",
                    hint:
                        "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
                )
            ) {
                guard let file = here[id] else { return false }
                return try now.makeAgain(id, from: file, place, git)
            }
        }
    }

    /// Stores an object as a file of its own; git prefers it to a damaged one in a pack.
    private func makeAgain(
        _ id: GitID, from file: Path, _ place: Path, _ git: GitTool
    ) throws -> Bool {
        guard let folder = try gitFolder(place) else { return false }
        let name = Path(String(id.hex.prefix(2))) / Path(String(id.hex.dropFirst(2)))
        let loose = folder / "objects" / name
        return try store.inWorkshop { workshop in
            // Where it is known, git would not write it again.
            let empty = try emptyRepository(in: workshop, git)
            try git.run(
                ["hash-object", "-w", "--no-filters", "--", Files.absolute(file).repaired],
                in: empty, failure: "git cannot store the object again")
            let made = try Files.read(empty / "objects" / name)
            if FileStatus.isFile(loose) { try setAside(loose, place) }
            try PrivateFile.makeFolder(loose.parent)
            try PrivateFile.replace(loose, by: made)
            try git.run(["cat-file", "blob", id.hex], in: place, failure: "it cannot be read")
            return true
        }
    }

    /// A repository in which git knows nothing.
    func emptyRepository(in workshop: Path, _ git: GitTool) throws -> Path {
        let empty = workshop / "empty"
        try git.run(
            ["init", "--quiet", "--bare", empty.repaired], in: workshop,
            failure: "git cannot make a repository")
        return empty
    }

    /// Whether a line is about what git notes of the next commit, and not about a pack's list.
    private static func isAboutIndex(_ line: [UInt8]) -> Bool {
        line.includes(Array("index file".utf8)) && pack(in: line) == nil
    }

    private static let errors = ["error", "fatal"]

    /// The objects that a line names, apart from the id that a pack is called by.
    private static func ids(in line: [UInt8]) -> [GitID] {
        var found: [GitID] = []
        for word in line.split(separator: 0x20) where !Array(word).includes(Array("pack-".utf8)) {
            for part in word.split(whereSeparator: { $0.hexValue == nil }) {
                guard let id = GitID(hex: part), !id.bytes.allSatisfy({ $0 == 0 }) else { continue }
                found.append(id)
            }
        }
        return found
    }

    /// The object whose own file a line names: `.git/objects/ab/cdef…`.
    private static func looseObject(in line: [UInt8]) -> GitID? {
        for part in line.split(whereSeparator: { $0 == 0x20 || $0 == 0x3A }) {
            let parts = Path(part).components
            guard parts.count > 2, parts[parts.count - 3].elementsEqual("objects".utf8) else {
                continue
            }
            if let id = GitID(hex: parts.suffix(2).joined()) { return id }
        }
        return nil
    }

    /// The files of the store by the ids of their content.
    private func contents(_ place: Path) throws -> [GitID: Path] {
        var found: [GitID: Path] = [:]
        func look(_ folder: Path) throws {
            for name in try Files.names(in: folder) where !name.bytes.elementsEqual(".git".utf8) {
                let path = folder / name.bytes
                switch try FileStatus(of: path, following: false)?.kind {
                case .folder: try look(path)
                case .file: found[GitID(ofFile: try Files.read(path))] = path
                default: break
                }
            }
        }
        try look(place)
        return found
    }

    /// What git notes of the next commit is there if there is a commit.
    private mutating func checkGitIndex(_ folder: Path, _ place: Path, _ git: GitTool) {
        // Where git finds no commit, there is nothing that it would have to note.
        guard !FileStatus.isFile(folder / "index"),
            (try? git.run(["cat-file", "-e", "HEAD"], in: place, failure: "")) != nil
        else { return }
        addGitIndex(place, git)
    }

    /// What git notes of the next commit is made again from the newest one.
    private mutating func addGitIndex(_ place: Path, _ git: GitTool) {
        let index = place / ".git/index"
        let now = self
        add(
            StoreFlaw(
                .reference, ".git/index", "git cannot read what the next commit is to have",
                hint: "passel fsck --repair")
        ) {
            if FileStatus.isFile(index) { try now.setAside(index, place) }
            try git.run(["reset", "--quiet"], in: place, failure: "git cannot make it again")
            return true
        }
    }
}
