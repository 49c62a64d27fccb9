import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// The repository of the store, also where git does not take it for one any more because what it
    /// stands on is lost.
    func place() throws -> Path? {
        if let place = try GitRepository.workTree(enclosing: root, store: root) { return place }
        return FileStatus.isFolder(root / ".git/objects") ? root : nil
    }

    /// What the repository stands on: a branch that is there, or a commit.
    ///
    /// A branch without a commit is one that nobody has begun, where there is no other.
    mutating func checkHead(_ place: Path) throws {
        guard let folder = try gitFolder(place) else { return }
        let head = try Files.readIfPresent(folder / "HEAD")
        let line = head.map { Array($0.prefix { $0 != .newline }) } ?? []
        if GitID(hex: line) != nil { return }
        let branches = try Self.branches(folder)
        let isBranch = line.starts(with: "ref: refs/heads/".utf8)
        if isBranch {
            let branch = Path(line.dropFirst(5))
            guard branches[branch] == nil, !branches.isEmpty,
                // One that has a log is lost, and is told as such.
                !FileStatus.isFile(folder / "logs" / branch)
            else { return }
        }
        let last = try Self.lastOfLog(folder / "logs/HEAD")
        let before = branches.filter { last != nil && $0.value == last }.map(\.key)
        let candidates = before.isEmpty ? Array(branches.keys) : before
        let branch = candidates.count == 1 ? candidates.first : nil
        let shown = branch ?? "refs/heads/BRANCH"
        let now = self
        add(
            StoreFlaw(
                .reference, "HEAD",
                isBranch
                    ? "it stands on \(Path(line.dropFirst(5))), which is not there"
                    : head == nil ? "it is gone" : "it leads to nothing",
                hint:
                    "echo 'ref: \(shown)' >\(ShellWord.text((folder / "HEAD").bytes))")
        ) {
            guard let branch else { return false }
            if head != nil { try now.keepCopy(folder / "HEAD", place) }
            try PrivateFile.replace(folder / "HEAD", by: Array("ref: \(branch)\n".utf8))
            return true
        }
    }

    /// The branches and their commits.
    static func branches(_ folder: Path) throws -> [Path: GitID] {
        try references(folder).filter { $0.key.bytes.starts(with: "refs/heads/".utf8) }
            .compactMapValues(\.self)
    }

    /// All references with the objects they name; nothing where one names none.
    static func references(_ folder: Path) throws -> [Path: GitID?] {
        var found: [Path: GitID?] = [:]
        for line in (try Files.readIfPresent(folder / "packed-refs") ?? []).split(
            separator: .newline)
        {
            let words = line.split(separator: 0x20, maxSplits: 1)
            guard words.count == 2, let id = GitID(hex: words[0]) else { continue }
            found[Path(words[1])] = id
        }
        func look(_ name: Path) throws {
            for child in try Files.names(in: folder / name) {
                let path = name / child.bytes
                if FileStatus.isFolder(folder / path) {
                    try look(path)
                } else if !child.bytes.ends(with: ".lock") {
                    let content = try Files.readIfPresent(folder / path) ?? []
                    // What stands for another reference is as good as that.
                    if content.starts(with: "ref: ".utf8) { continue }
                    found[path] = .some(GitID(hex: content.prefix { $0 != .newline }))
                }
            }
        }
        if FileStatus.isFolder(folder / "refs") { try look("refs") }
        return found
    }

    /// The commit that the last line of a log leads to.
    static func lastOfLog(_ path: Path) throws -> GitID? {
        (try Files.readIfPresent(path) ?? []).split(separator: .newline).last.flatMap { line in
            GitID(hex: line.dropFirst(41).prefix(40))
        }
    }
}
