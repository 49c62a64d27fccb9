public import PasselCore

/// Somebody's key by name and fingerprint; by name only where nobody here has the key.
public struct NamedKey: Sendable, Hashable {
    /// The first user id; what a list says where there is no key.
    public let name: Text
    /// The fingerprint; nothing where there is no key.
    public let fingerprint: Fingerprint?

    /// Somebody of this name.
    public init(name: Text, fingerprint: Fingerprint?) {
        self.name = name
        self.fingerprint = fingerprint
    }
}

/// Whom a message is addressed to, as far as this machine can tell.
public enum Addressee: Sendable, Hashable {
    /// Somebody whose key is known.
    case key(NamedKey)
    /// A key that neither the store nor the user's keyring knows.
    case unknown(KeyID)
    /// Somebody whom the sender left unnamed.
    case hidden

    /// In words: the name, or what there is in its place.
    public var description: Text {
        switch self {
        case .key(let key): key.name
        case .unknown(let id): "unknown key \(id.hex)"
        case .hidden: "hidden"
        }
    }
}

/// A packet for a subkey that is not to be used any more.
public struct OldSubkey: Sendable, Hashable {
    /// Whose it is.
    public let owner: NamedKey
    /// The subkey.
    public let id: KeyID
    /// Whether it was revoked, and did not just expire.
    public let isRevoked: Bool
}

/// What can be said of somebody as a recipient today.
public enum Standing: Sendable, Hashable {
    /// Can be encrypted to; the second from which on not any more, if any.
    case ok(until: Int64?)
    /// As above, but for at most 30 days more.
    case expiring(Int64)
    /// The key expired in this second.
    case expired(Int64)
    /// The owner revoked the key.
    case revoked
    /// The key is disabled, invalid, or has no part that encrypts.
    case unusable
    /// Was to read until this day, which is over.
    case ended(Day)
    /// A name in a list for which there is no key here.
    case unknownKey
    /// Not among those whom this machine has acknowledged.
    case notPinned

    /// The standing of a key.
    init(_ state: KeyState) {
        self =
            switch state {
            case .ok(let end): .ok(until: end)
            case .expiring(let end): .expiring(end)
            case .expired(let end): .expired(end)
            case .revoked: .revoked
            case .unusable: .unusable
            }
    }

    /// Whether somebody can be encrypted to.
    public var isGood: Bool {
        switch self {
        case .ok, .expiring: true
        default: false
        }
    }

    /// In a word or two, as it is shown.
    public var word: Text {
        switch self {
        case .ok: "ok"
        case .expiring: "expiring"
        case .expired: "expired"
        case .revoked: "revoked"
        case .unusable: "unusable"
        case .ended: "ended"
        case .unknownKey: "unknown key"
        case .notPinned: "not pinned"
        }
    }
}
