import PasselCore
import PasselGit
import PasselPosix

/// What a purge is about to forget, kept in git's folder until it is forgotten: where no reference
/// leads to a version any more, nothing else would tell a later run of it.
struct PurgeNote {
    /// The file below the store.
    let file: Path
    /// Whether the file itself goes, too.
    let removesPresent: Bool
    /// The versions that go.
    let versions: Set<GitID>

    static func path(_ gitFolder: Path) -> Path { gitFolder / "passel-purge" }

    init(file: Path, removesPresent: Bool, versions: Set<GitID>) {
        self.file = file
        self.removesPresent = removesPresent
        self.versions = versions
    }

    /// The note that a killed run left; nothing when there is none, or none that can be read.
    init?(in gitFolder: Path) throws {
        guard let content = try Files.readIfPresent(Self.path(gitFolder)) else { return nil }
        let lines = content.split(separator: .newline)
        guard lines.count > 1, !lines[1].isEmpty else { return nil }
        removesPresent = lines[0].elementsEqual("all".utf8)
        file = Path(lines[1])
        versions = Set(lines.dropFirst(2).compactMap { GitID(hex: $0) })
    }

    func write(in gitFolder: Path) throws {
        let lines =
            [Array((removesPresent ? "all" : "old").utf8), file.bytes]
            + versions.map { Array($0.hex.utf8) }.sorted { $0.precedes($1) }
        try PrivateFile.replace(
            Self.path(gitFolder), by: lines.flatMap { $0 + [.newline] })
    }

    static func remove(in gitFolder: Path) throws {
        let path = path(gitFolder)
        if FileStatus.isFile(path) { try DurableFile.remove(path) }
    }
}
