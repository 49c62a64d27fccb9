public import PasselCore

/// What is known of an entry without its secret.
public struct IndexedEntry: Sendable {
    /// Its path below the store, without the suffix.
    public let name: Path
    /// Its lines `key: value`, in order; without those of a document that is one whole.
    public let fields: [EntryField]
    /// What its fields say of its token.
    public let metadata: TokenMetadata
    /// The kind that its secret looks like; nothing when it looks like no token that is known.
    public let recognisedKind: Text?
    /// When the secret itself says that it ends, which nobody checked.
    public let claimedEnd: Instant?
    /// The last four characters of a secret in one line of twelve or more.
    public let lastFour: Text?

    /// The values of the fields with this key, in either case of letters.
    public func values(of key: Text) -> [Text] {
        let wanted = key.bytes.map(\.asciiLowercased)
        return fields.filter { $0.key.bytes.map(\.asciiLowercased) == wanted }.map(\.value)
    }
}

/// Why an entry was not read.
public enum Unread: Error {
    /// It is encrypted to others only, as it is meant to be: nobody here is kept from anything.
    case forOthers
    /// It should be possible, and is not.
    case failed(Problem)

    /// What to tell of it.
    public var problem: Problem {
        switch self {
        case .forOthers: Problem("it is not encrypted to you")
        case .failed(let problem): problem
        }
    }
}

/// The entries of a store, or of a part of it, and those that could not be read.
public struct Catalogue: Sendable {
    /// What was read, sorted by name.
    public internal(set) var entries: [IndexedEntry] = []
    /// What was not though it is for the user, and why, sorted by name.
    public internal(set) var unreadable: [(name: Path, problem: Problem)] = []
    /// How many entries are encrypted to others only.
    public internal(set) var forOthers = 0
    /// How many entries had to be decrypted.
    public internal(set) var read = 0
}
