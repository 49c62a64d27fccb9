/// The signed statement of who the team is: who reads which folder, in which role, with which key.
///
/// A file of text with one spelling only, so that its digest and signature mean the same to
/// everybody:
///
///     passel roster 1
///     generation 7
///     previous SHA-256 of the roster before it, or -
///     [merged SHA-256 of another one that it was made from, too]
///     key FINGERPRINT SHA-256-OF-THE-KEY-FILE USER-ID
///     reader FOLDER FINGERPRINT ROLE [UNTIL]
///
/// Folders and user ids are percent-encoded; the folder `.` is the top of the store. Keys are
/// sorted by fingerprint, readers by folder and fingerprint.
public struct Roster: Sendable, Equatable {
    /// A key file in `.public-keys/`, named by its fingerprint.
    public struct Key: Sendable, Equatable {
        /// The digest of the file.
        public var digest: Digest
        /// The user id under which the person was added; for reading only.
        public var name: [UInt8]

        /// The key file with this digest, of somebody called `name`.
        public init(digest: Digest, name: [UInt8]) {
            self.digest = digest
            self.name = name
        }
    }

    /// What somebody is in one folder.
    public struct Membership: Sendable, Equatable {
        /// The role.
        public var role: Role
        /// The last day on which a machine is encrypted to.
        public var until: Day?

        /// A role, for ever or until the end of a day.
        public init(_ role: Role, until: Day? = nil) {
            self.role = role
            self.until = until
        }
    }

    /// The readers of one folder and what lies below it, up to the next folder with readers of its
    /// own.
    public typealias Readers = [Fingerprint: Membership]

    /// Which roster of the store this is, from 1; each is one higher than the one before it, and one
    /// made of two than the higher of those.
    public var generation: Int
    /// The digest of the one before it.
    public var previous: Digest?
    /// The digest of another one, made at the same time as the one before it, that this one takes
    /// in as well.
    public var merged: Digest?
    /// Everybody's key.
    public var keys: [Fingerprint: Key]
    /// The folders that have readers of their own, by their path below the store, `.` for the top.
    public var folders: [Path: Readers]

    /// The first roster of a store, of nobody.
    public init() {
        generation = 1
        keys = [:]
        folders = [:]
    }

    /// Where it lies below the store's top.
    public static let file: Path = ".passel/roster"

    /// The path that stands for the top of the store.
    public static let top: Path = "."

    private static let head = "passel roster 1"

    /// The file's content.
    public var content: [UInt8] {
        var lines: [Text] = [
            Text(Self.head.utf8), "generation \(generation)", "previous \(previous?.hex ?? "-")",
        ]
        if let merged { lines.append("merged \(merged.hex)") }
        for (fingerprint, key) in keys.sorted(by: { $0.key < $1.key }) {
            let name = PercentEncoding.encode(key.name)
            lines.append("key \(fingerprint.hex) \(key.digest.hex) \(name)")
        }
        for (folder, readers) in folders.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            for (fingerprint, membership) in readers.sorted(by: { $0.key < $1.key }) {
                let until: Text = membership.until.map { " \($0.spelling)" } ?? ""
                lines.append(
                    "reader \(PercentEncoding.encode(folder.bytes)) \(fingerprint.hex) \(membership.role.rawValue)\(until)"
                )
            }
        }
        return lines.flatMap { $0.bytes + [.newline] }
    }

    /// The digest of the content.
    public var digest: Digest { Digest(of: content) }

    /// Reads a file's content.
    ///
    /// - Throws: a `Problem` for what is not exactly how a roster is written, including one that
    ///   names a reader without a key.
    public init(_ content: [UInt8]) throws {
        self.init()
        guard content.count <= 4 << 20 else { throw Self.flawed("it is larger than 4 MiB") }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else {
            throw Self.flawed("it does not start with “\(Self.head)”")
        }
        for line in lines {
            let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard read(words) else { throw Self.flawed("a line is not understood: \(Text(line))") }
        }
        // One spelling only: no order, number or blank is left to choose.
        guard self.content == content else { throw Self.flawed("it is not spelled canonically") }
        for (folder, readers) in folders {
            for reader in readers.keys where keys[reader] == nil {
                throw Self.flawed("\(folder) names \(reader.hex), whose key it does not name")
            }
        }
    }

    private mutating func read(_ words: [ArraySlice<UInt8>]) -> Bool {
        switch (String(decoding: words[0], as: UTF8.self), words.count) {
        case ("generation", 2):
            guard words[1].count < 10, let number = Int(String(decoding: words[1], as: UTF8.self)),
                number > 0
            else { return false }
            generation = number
        case ("previous", 2):
            previous = Digest(words[1])
            return previous != nil || words[1].elementsEqual("-".utf8)
        case ("merged", 2):
            merged = Digest(words[1])
            return merged != nil
        case ("key", 4):
            guard let fingerprint = Fingerprint(words[1]), let digest = Digest(words[2]),
                let name = PercentEncoding.decode(words[3])
            else { return false }
            keys[fingerprint] = Key(digest: digest, name: name)
        case ("reader", 4...5):
            guard let folder = PercentEncoding.decode(words[1]), Self.isFolder(folder),
                let fingerprint = Fingerprint(words[2]), let role = Role(Array(words[3]))
            else { return false }
            var until: Day?
            if words.count == 5 {
                until = Day(words[4])
                guard until != nil else { return false }
            }
            folders[Path(folder), default: [:]][fingerprint] = Membership(role, until: until)
        default: return false
        }
        return true
    }

    /// Whether a folder's name can only mean a place inside the store.
    static func isFolder(_ name: [UInt8]) -> Bool {
        if name.elementsEqual(".".utf8) { return true }
        let parts = name.split(separator: .slash, omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && !part.contains(0)
                && ![".", "..", ".git"].contains { part.elementsEqual($0.utf8) }
        }
    }

    private static func flawed(_ reason: Text) -> Problem {
        Problem(
            "\(file) cannot be used: \(reason)",
            hints: ["see who changed it: passel git log -- \(file)"])
    }

    /// The folder whose readers hold for `folder`: itself or the nearest above it; nothing where
    /// there is none.
    public func governing(_ folder: Path) -> Path? {
        var current = folder
        while true {
            if folders[current] != nil { return current }
            guard current != Self.top, !current.isAbsolute else { return nil }
            current = current.parent
        }
    }

    /// Who may change the readers of `folder`: the signers of it and of every folder above it.
    public func signers(of folder: Path) -> Set<Fingerprint> {
        var found: Set<Fingerprint> = []
        var current = folder
        while true {
            for (fingerprint, membership) in folders[current] ?? [:]
            where membership.role == .signer {
                found.insert(fingerprint)
            }
            guard current != Self.top, !current.isAbsolute else { return found }
            current = current.parent
        }
    }

    /// The content of the `.gpg-id` that follows from it for a folder with readers of its own.
    ///
    /// Bare fingerprints, which every client of such stores understands.
    public func list(of folder: Path) -> [UInt8]? {
        folders[folder].map { readers in
            readers.keys.sorted().flatMap { $0.bytes + [.newline] }
        }
    }

}
