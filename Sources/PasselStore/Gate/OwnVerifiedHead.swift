import PasselCore
import PasselGit
import PasselPosix

/// The newest commit of our own branch that was verified with all before it.
///
/// A file of its own, `own-head`: reading an entry moves it, without the store's lock.
struct OwnVerifiedHead {
    let folder: StateFolder

    private static let file: Path = "own-head"

    func load() throws -> GitID? {
        let path = folder.file(Self.file)
        guard let content = try Files.readIfPresent(path) else { return nil }
        guard let id = GitID(hex: content.dropLast()) else {
            throw Problem(
                "\(path) is damaged: it says up to where the store has been verified",
                hints: ["trust the store as it is now: rm \(path)"])
        }
        return id
    }

    func save(_ head: GitID) throws {
        try folder.write(Array("\(head.hex)\n".utf8), to: Self.file)
    }
}
