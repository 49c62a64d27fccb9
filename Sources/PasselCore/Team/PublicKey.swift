/// An OpenPGP key as gpg describes it: who it belongs to, and what can be done with it until when.
public struct PublicKey: Sendable, Equatable {
    /// The primary key or one of its subkeys.
    public struct Part: Sendable, Equatable {
        /// Its own fingerprint.
        public var fingerprint: Fingerprint
        /// The second since the epoch in which it was made.
        public var created: Int64
        /// The second since the epoch from which on it is not to be used; nothing for ever.
        public var expires: Int64?
        /// Whether its owner revoked it.
        public var isRevoked = false
        /// Whether gpg calls it invalid, such as without a good self-signature.
        public var isInvalid = false
        /// Whether it, and not another part, encrypts.
        public var canEncrypt = false
        /// Whether it, and not another part, signs.
        public var canSign = false
        /// Whether its secret is on a card.
        public var isOnCard = false
        /// The public-key algorithm's number: RFC 9580 §9.1.
        public var algorithm: Int
        /// The length of the key in bits.
        public var bits: Int

        /// A part that can do nothing yet.
        public init(
            fingerprint: Fingerprint, created: Int64, expires: Int64? = nil, algorithm: Int,
            bits: Int
        ) {
            self.fingerprint = fingerprint
            self.created = created
            self.expires = expires
            self.algorithm = algorithm
            self.bits = bits
        }

        /// The id by which messages name it.
        public var keyID: KeyID { fingerprint.keyID }

        /// Whether it can be used in this second.
        public func isUsable(at now: Int64) -> Bool {
            !isRevoked && !isInvalid && created <= now && (expires.map { $0 > now } ?? true)
        }
    }

    /// The primary key, which the others and the user ids are bound to.
    public var primary: Part
    /// The subkeys, in the order of the key.
    public var subkeys: [Part] = []
    /// The user ids' bytes, the best first, without revoked and invalid ones.
    public var userIDs: [[UInt8]] = []
    /// Whether the user disabled it in the own keyring.
    public var isDisabled = false

    /// A key that has no subkeys and user ids yet.
    public init(primary: Part) { self.primary = primary }

    /// The fingerprint of the primary key.
    public var fingerprint: Fingerprint { primary.fingerprint }

    /// The first user id, or the fingerprint of a key without one.
    public var name: Text { userIDs.first.map { Text($0) } ?? Text(fingerprint.hex.utf8) }

    /// The ids of every part that encrypts, whatever its age: messages that name one of them can be
    /// read by the owner.
    public var readerIDs: Set<KeyID> {
        Set(([primary] + subkeys).filter(\.canEncrypt).map(\.keyID))
    }

    /// What the key is good for in this second, as a recipient.
    public func state(at now: Int64) -> KeyState {
        if primary.isRevoked { return .revoked }
        if primary.isInvalid || isDisabled { return .unusable }
        if let end = primary.expires, end <= now { return .expired(end) }
        let encrypting = ([primary] + subkeys).filter(\.canEncrypt)
        let usable = encrypting.filter { $0.isUsable(at: now) }
        guard !usable.isEmpty else {
            let ended = encrypting.filter { !$0.isRevoked && !$0.isInvalid }
                .compactMap(\.expires).filter { $0 <= now }.max()
            return ended.map { .expired($0) } ?? .unusable
        }
        // The last of the subkeys that still encrypts decides, and the primary key bounds it.
        let ends = usable.map { $0.expires ?? .max }.max() ?? .max
        let end = min(ends, primary.expires ?? .max)
        guard end < .max else { return .ok(expires: nil) }
        return end - now <= KeyState.warningSeconds ? .expiring(end) : .ok(expires: end)
    }
}

extension PublicKey {
    /// Whether a user's word for somebody means this key: its fingerprint or key id, or a part of
    /// one of its user ids.
    public func matches(_ name: Recipient) -> Bool {
        if let given = Fingerprint(name.bytes) { return given == fingerprint }
        var digits = name.bytes
        if digits.starts(with: "0x".utf8) { digits.removeFirst(2) }
        if digits.count == 16, let id = KeyID(hex: digits) {
            return ([primary] + subkeys).contains { $0.keyID == id }
        }
        let wanted = name.bytes.map(\.asciiLowercased)
        return !wanted.isEmpty
            && userIDs.contains { $0.map(\.asciiLowercased).includes(wanted) }
    }
}

/// What a key is good for as a recipient.
public enum KeyState: Sendable, Equatable {
    /// Usable; the second from which on it is not, if any.
    case ok(expires: Int64?)
    /// Usable, but for at most 30 days more.
    case expiring(Int64)
    /// Not usable since this second.
    case expired(Int64)
    /// Revoked by its owner.
    case revoked
    /// Disabled, invalid, or without a part that encrypts.
    case unusable

    /// How long before its end a key is called expiring: 30 days.
    public static let warningSeconds: Int64 = 30 * 86_400

    /// Whether it can be encrypted to.
    public var isUsable: Bool {
        switch self {
        case .ok, .expiring: true
        case .expired, .revoked, .unusable: false
        }
    }

    /// The second from which on it cannot be used, or could not be.
    public var end: Int64? {
        switch self {
        case .ok(let end): end
        case .expiring(let end), .expired(let end): end
        case .revoked, .unusable: nil
        }
    }

    /// The state in a word, as it is shown.
    public var word: Text {
        switch self {
        case .ok: "ok"
        case .expiring: "expiring"
        case .expired: "expired"
        case .revoked: "revoked"
        case .unusable: "unusable"
        }
    }
}

/// Where public keys are looked up.
public enum Keyring: Sendable {
    /// The user's own keyring.
    case own
    /// This keyring and no other.
    case file(Path)
}
