public import PasselCore

/// What this machine has acknowledged of a store: whose lists, whose keys, which roster.
///
/// Kept outside the store, where nobody who can only push can reach it. A file of text, one fact a
/// line, names percent-encoded:
///
///     passel pins 1
///     roster CONTENT SIGNATURE
///     list FOLDER CONTENT
///     reader FOLDER FINGERPRINT END KEY-ID,KEY-ID…
///     key FINGERPRINT SHA-256-OF-THE-KEY-FILE
public struct Pins: Sendable, Equatable {
    /// A reader of a folder, as far as is needed to recognise a message that is encrypted to them.
    public struct Reader: Sendable, Equatable {
        /// The second from which on the key cannot be encrypted to; nothing for ever.
        public var end: Int64?
        /// The end of a key that is revoked or cannot encrypt.
        public static let unusable: Int64 = 0
        /// The ids of the key's parts that encrypt.
        public var keyIDs: Set<KeyID>

        /// Whether the end is past or at most 30 days away.
        func isEnding(_ now: Int64) -> Bool {
            end.map { $0 - now <= KeyState.warningSeconds } ?? false
        }

        /// A reader known by these ids until `end`.
        public init(end: Int64?, keyIDs: Set<KeyID>) {
            self.end = end
            self.keyIDs = keyIDs
        }
    }

    /// The roster that was accepted last, and its signature.
    public struct AcceptedRoster: Sendable, Equatable {
        /// The file's bytes.
        public var content: [UInt8]
        /// Those of the signature beside it.
        public var signature: [UInt8]
        /// What it says.
        public let roster: Roster

        /// A roster as it was read.
        ///
        /// - Throws: a `Problem` when the content is none.
        public init(content: [UInt8], signature: [UInt8]) throws {
            self.content = content
            self.signature = signature
            roster = try Roster(content)
        }
    }

    /// The roster; nothing for a store without one.
    public var roster: AcceptedRoster?
    /// The content of every `.gpg-id`, by its folder below the store, `.` for the top.
    public var lists: [Path: [UInt8]] = [:]
    /// The readers that a folder's list was found to mean; nothing until something was encrypted.
    public var readers: [Path: [Fingerprint: Reader]] = [:]
    /// The digests of the key files that the private keyring is made of.
    public var keys: [Fingerprint: Digest] = [:]

    /// Nothing acknowledged yet.
    public init() {}

    private static let head = "passel pins 1"

    /// The file's content.
    public var content: [UInt8] {
        var lines: [Text] = [Text(Self.head.utf8)]
        func word(_ bytes: [UInt8]) -> [UInt8] {
            bytes.isEmpty ? [UInt8(ascii: "=")] : PercentEncoding.encode(bytes)
        }
        if let roster {
            lines.append("roster \(word(roster.content)) \(word(roster.signature))")
        }
        for (folder, list) in lists.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            lines.append("list \(word(folder.bytes)) \(word(list))")
        }
        for (folder, found) in readers.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            for (fingerprint, reader) in found.sorted(by: { $0.key < $1.key }) {
                let end = reader.end.map(String.init) ?? "-"
                let ids = reader.keyIDs.sorted().map(\.hex).joined(separator: ",")
                lines.append("reader \(word(folder.bytes)) \(fingerprint.hex) \(end) \(ids)")
            }
        }
        for (fingerprint, digest) in keys.sorted(by: { $0.key < $1.key }) {
            lines.append("key \(fingerprint.hex) \(digest.hex)")
        }
        return lines.flatMap { $0.bytes + [.newline] }
    }

    /// Reads a file's content.
    ///
    /// - Throws: a `Problem` naming `path` for anything that this program would not have written:
    ///   what was acknowledged must not be guessed at.
    public init(_ content: [UInt8], path: Path) throws {
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true,
            try lines.allSatisfy({ try read($0.split(separator: 0x20)) })
        else {
            throw Problem(
                "\(path) is damaged: it says which recipients this machine has acknowledged",
                hints: [
                    "look at the recipients as if for the first time: mv \(path) \(path).damaged"
                ])
        }
    }

    private mutating func read(_ words: [ArraySlice<UInt8>]) throws -> Bool {
        func bytes(_ index: Int) -> [UInt8]? {
            words[index].elementsEqual("=".utf8) ? [] : PercentEncoding.decode(words[index])
        }
        switch (String(decoding: words.first ?? [], as: UTF8.self), words.count) {
        case ("roster", 3):
            guard let content = bytes(1), let signature = bytes(2) else { return false }
            roster = try AcceptedRoster(content: content, signature: signature)
        case ("list", 3):
            guard let folder = bytes(1), let list = bytes(2) else { return false }
            lists[Path(folder)] = list
        case ("reader", 5):
            guard let folder = bytes(1), let fingerprint = Fingerprint(words[2]) else {
                return false
            }
            let end = Int64(String(decoding: words[3], as: UTF8.self))
            guard end != nil || words[3].elementsEqual("-".utf8) else { return false }
            let ids = words[4].split(separator: UInt8(ascii: ",")).compactMap { KeyID(hex: $0) }
            readers[Path(folder), default: [:]][fingerprint] = Reader(end: end, keyIDs: Set(ids))
        case ("key", 3):
            guard let fingerprint = Fingerprint(words[1]), let digest = Digest(words[2]) else {
                return false
            }
            keys[fingerprint] = digest
        default: return false
        }
        return true
    }

    /// The folder whose list holds for `folder`, itself or the nearest above it.
    public func governing(_ folder: Path) -> Path? {
        var current = folder
        while true {
            if lists[current] != nil { return current }
            // What lies outside the store has no list in it.
            guard current != Roster.top, !current.isAbsolute else { return nil }
            current = current.parent
        }
    }

    /// Forgets what a folder's list was found to mean, because it is another now.
    public mutating func setList(_ folder: Path, _ content: [UInt8]?) {
        guard lists[folder] != content else { return }
        lists[folder] = content
        readers[folder] = nil
    }
}
