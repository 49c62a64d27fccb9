public import PasselCore
public import PasselGit
import PasselPosix

/// The commits up to which this machine has verified what came from each remote.
///
/// Kept outside the store, a file of text, one remote a line, names percent-encoded:
///
///     passel heads 1
///     remote NAME COMMIT
public struct VerifiedHeads {
    private let folder: StateFolder
    private var remotes: [Text: GitID] = [:]

    private static let file: Path = "heads"
    private static let head = "passel heads 1"

    /// Reads the file of a state folder; one that is not there says nothing.
    ///
    /// - Throws: a `Problem` for anything that this program would not have written: a remote could
    ///   go back unnoticed.
    public init(_ folder: StateFolder) throws {
        self.folder = folder
        let path = folder.file(Self.file)
        guard let content = try Files.readIfPresent(path) else { return }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true,
            lines.allSatisfy({ read($0.split(separator: 0x20)) })
        else {
            throw Problem(
                "\(path) is damaged: it says up to where the remotes have been verified",
                hints: ["look at the remotes as if for the first time: mv \(path) \(path).damaged"])
        }
    }

    private mutating func read(_ words: [ArraySlice<UInt8>]) -> Bool {
        guard words.count == 3, words[0].elementsEqual("remote".utf8),
            let name = PercentEncoding.decode(words[1]), let commit = GitID(hex: words[2])
        else { return false }
        remotes[Text(name)] = commit
        return true
    }

    /// The newest verified commit of a remote; nothing before the first.
    public func head(of remote: Text) -> GitID? { remotes[remote] }

    /// Those of all remotes.
    public var all: [GitID] { Array(Set(remotes.values)) }

    /// Remembers the newest verified commit of a remote, or forgets the remote.
    public mutating func set(_ commit: GitID?, of remote: Text) { remotes[remote] = commit }

    /// Writes the file; for who holds the store's lock.
    public func save() throws {
        let lines = remotes.sorted { $0.key.bytes.precedes($1.key.bytes) }.map { name, commit in
            "remote \(PercentEncoding.encode(name.bytes)) \(commit.hex)" as Text
        }
        let content = [Text(Self.head.utf8)] + lines
        try folder.write(content.flatMap { $0.bytes + [.newline] }, to: Self.file)
    }
}

extension Store {
    /// Up to where each remote has been verified; nothing where this machine keeps no state.
    public func verifiedHeads() throws -> VerifiedHeads? {
        try storedPins.map { try VerifiedHeads($0.folder) }
    }
}
