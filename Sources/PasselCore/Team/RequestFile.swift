/// What somebody asks for who wants to join: which key is to read which folders, in which role.
///
/// A file of text with one spelling only, signed by the key that it names:
///
///     passel request 1
///     key FINGERPRINT SHA-256-OF-THE-KEY-FILE USER-ID
///     folder FOLDER
///     role ROLE
///     roster SHA-256 of the roster that the requester saw, or -
///
/// Folders and the user id are percent-encoded; the folder `.` is the top of the store. Folders are
/// sorted, each stands once, and there is at least one.
public struct RequestFile: Sendable, Equatable {
    /// Whose request it is.
    public let key: Fingerprint
    /// The digest of the key file that came with it.
    public let digest: Digest
    /// The first user id of the key; for reading only.
    public let name: [UInt8]
    /// The folders below the store's top that are asked for, sorted.
    public let folders: [Path]
    /// The role that is asked for.
    public let role: Role
    /// The digest of the roster that the requester saw; nothing where the store had none.
    public let roster: Digest?

    /// A request for these folders, in any order; for the top of the store when there are none.
    public init(
        key: Fingerprint, digest: Digest, name: [UInt8], folders: [Path], role: Role,
        roster: Digest?
    ) {
        self.key = key
        self.digest = digest
        self.name = name
        self.folders = Set(folders.isEmpty ? [Roster.top] : folders)
            .sorted { $0.bytes.precedes($1.bytes) }
        self.role = role
        self.roster = roster
    }

    /// The folder in which requests lie, below the store's top.
    public static let folder: Path = ".passel/requests"

    /// Where the request of a key lies below the store's top.
    public static func path(_ key: Fingerprint) -> Path { folder / key.bytes }

    /// Where its signature lies.
    public static func signaturePath(_ key: Fingerprint) -> Path { path(key).appending(".sig") }

    /// The largest file that is looked at.
    public static let limit = 64 << 10

    private static let head = "passel request 1"

    /// The file's content.
    public var content: [UInt8] {
        var lines: [Text] = [
            Text(Self.head.utf8),
            "key \(key.hex) \(digest.hex) \(PercentEncoding.encode(name))",
        ]
        lines += folders.map { "folder \(PercentEncoding.encode($0.bytes))" }
        lines += ["role \(role.rawValue)", "roster \(roster?.hex ?? "-")"]
        return lines.flatMap { $0.bytes + [.newline] }
    }

    /// Reads a file's content.
    ///
    /// - Throws: a `Problem` without hints for what is not exactly how a request is written.
    public init(_ content: [UInt8]) throws {
        guard content.count <= Self.limit else {
            throw Self.flawed("it is larger than \(Self.limit) bytes")
        }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else {
            throw Self.flawed("it does not start with “\(Self.head)”")
        }
        var found = Fields()
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard found.read(words) else {
                throw Self.flawed("its line \(index + 2) is not understood")
            }
        }
        guard let (key, digest, name) = found.key, let role = found.role,
            let roster = found.roster, !found.folders.isEmpty
        else { throw Self.flawed("a line is missing") }
        self.init(
            key: key, digest: digest, name: name, folders: found.folders, role: role,
            roster: roster)
        // One spelling only: no order, repetition or blank is left to choose.
        guard self.content == content else { throw Self.flawed("it is not spelled canonically") }
    }

    private struct Fields {
        var key: (Fingerprint, Digest, [UInt8])?
        var folders: [Path] = []
        var role: Role?
        var roster: Digest??

        mutating func read(_ words: [ArraySlice<UInt8>]) -> Bool {
            switch (String(decoding: words[0], as: UTF8.self), words.count) {
            case ("key", 4):
                guard let fingerprint = Fingerprint(words[1]), let digest = Digest(words[2]),
                    let name = PercentEncoding.decode(words[3])
                else { return false }
                key = (fingerprint, digest, name)
            case ("folder", 2):
                guard let folder = PercentEncoding.decode(words[1]), Roster.isFolder(folder) else {
                    return false
                }
                folders.append(Path(folder))
            case ("role", 2):
                guard let found = Role(Array(words[1])) else { return false }
                role = found
            case ("roster", 2):
                let digest = Digest(words[1])
                guard digest != nil || words[1].elementsEqual("-".utf8) else { return false }
                roster = .some(digest)
            default: return false
            }
            return true
        }
    }

    private static func flawed(_ reason: Text) -> Problem {
        Problem("the request cannot be used: \(reason)")
    }
}
