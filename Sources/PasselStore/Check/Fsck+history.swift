import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// The branch that HEAD stands for, and the commit that it should have.
    mutating func checkReferences(_ place: Path, _ git: GitTool) throws {
        guard let folder = try gitFolder(place) else { return }
        for reference in try Self.references(folder) {
            let file = folder / reference
            let content = try Files.readIfPresent(file) ?? []
            if GitID(hex: content.prefix { $0 != .newline }) != nil
                || content.starts(with: "ref: ".utf8)
            {
                continue
            }
            addLost(reference, "it leads to nothing", place, git)
        }
        let head = try Files.readIfPresent(folder / "HEAD") ?? []
        guard head.starts(with: "ref: ".utf8) else { return }
        let branch = Path(head.dropFirst(5).prefix { $0 != .newline })
        guard !FileStatus.isFile(folder / branch),
            try Files.readIfPresent(folder / "packed-refs").map({ packed in
                !packed.includes([0x20] + branch.bytes + [.newline])
            }) ?? true,
            FileStatus.isFile(folder / "logs" / branch)
        else { return }
        addLost(branch, "it is gone", place, git)
    }

    private static func references(_ folder: Path) throws -> [Path] {
        var found: [Path] = []
        func look(_ name: Path) throws {
            for child in try Files.names(in: folder / name) {
                let path = name / child.bytes
                if FileStatus.isFolder(folder / path) {
                    try look(path)
                } else if !child.bytes.ends(with: ".lock") {
                    found.append(path)
                }
            }
        }
        if FileStatus.isFolder(folder / "refs") { try look("refs") }
        return found
    }

    /// A branch that is lost stands where its log last had it.
    private mutating func addLost(
        _ reference: Path, _ what: Text, _ place: Path, _ git: GitTool
    ) {
        let folder = place / ".git"
        // A branch without a log cannot be found again by it.
        let log = (try? Files.readIfPresent(folder / "logs" / reference)) ?? []
        let last = log.split(separator: .newline).last.flatMap { line in
            GitID(hex: line.dropFirst(41).prefix(40))
        }
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
            if FileStatus.isFile(folder / reference) { try now.setAside(folder / reference, place) }
            try PrivateFile.makeFolder((folder / reference).parent)
            try PrivateFile.replace(folder / reference, by: Array("\(last.hex)\n".utf8))
            return true
        }
    }

    /// What git says of the objects and of what leads to them.
    mutating func checkObjects(_ place: Path, _ git: GitTool) throws {
        let words = ["fsck", "--full", "--no-dangling", "--no-progress"]
        let (isGood, lines) = try git.findings(words, in: place)
        guard !isGood else { return }
        var objects: [GitID] = []
        var others: [Text] = []
        var isIndexBad = false
        // What leads to a missing object is none itself, and zeros are no object.
        for line in lines where !line.starts(with: "broken link".utf8) {
            if line.includes(Array("index file".utf8)) {
                isIndexBad = true
                continue
            }
            let ids = line.split { $0.hexValue == nil }.compactMap { GitID(hex: $0) }
                .filter { !$0.bytes.allSatisfy { $0 == 0 } }
            let isPath = Self.looseObject(in: line)
            if let id = isPath ?? ids.last {
                if !objects.contains(id) { objects.append(id) }
            } else if line.starts(with: "error".utf8) || line.starts(with: "fatal".utf8) {
                others.append(Text(line))
            }
        }
        if isIndexBad { addGitIndex(place, git) }
        if objects.isEmpty, !isIndexBad || !others.isEmpty {
            add(
                StoreFlaw(
                    .object, Text(place.bytes),
                    "git finds its history damaged: \(others.first ?? "it does not say how")",
                    hint: "passel git fsck"))
        }
        let here = repairs ? try contents(place) : [:]
        let now = self
        for id in objects {
            add(
                StoreFlaw(
                    .object, Text(id.hex.utf8), "it is missing or damaged",
                    hint:
                        "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
                )
            ) {
                guard let file = here[id] else { return false }
                let loose =
                    place / ".git/objects" / Path(String(id.hex.prefix(2)))
                    / Path(String(id.hex.dropFirst(2)))
                if FileStatus.isFile(loose) { try now.setAside(loose, place) }
                try git.run(
                    ["hash-object", "-w", "--no-filters", "--", Files.absolute(file).repaired],
                    in: place, failure: "git cannot store the object again")
                return true
            }
        }
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
