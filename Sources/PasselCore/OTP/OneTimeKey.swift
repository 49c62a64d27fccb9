/// The key to one-time passwords: RFC 4226, RFC 6238, and Steam's own form.
public struct OneTimeKey: Sendable {
    /// What a password depends on beside the key.
    public enum Kind: String, Sendable {
        /// The time.
        case totp
        /// How many were made before.
        case hotp
        /// The time; five letters and digits.
        case steam
    }

    /// What a password depends on.
    public let kind: Kind
    /// Who asks for the passwords.
    public let issuer: Text?
    /// Whose they are.
    public let account: Text
    /// How many digits or letters a password has.
    public let digits: Int
    /// For how many seconds a password is good.
    public let period: Int64
    /// How many passwords were made; nothing where they depend on the time.
    public let counter: UInt64?
    /// The name of the hash, such as `SHA1`.
    public var algorithm: Text { Text(hash.rawValue.utf8) }

    let hash: HMAC.Hash
    private let secret: Secret

    init(
        _ kind: Kind, secret: Secret, hash: HMAC.Hash, digits: Int, period: Int64,
        counter: UInt64?, issuer: Text?, account: Text
    ) {
        self.kind = kind
        self.secret = secret
        self.hash = hash
        self.digits = digits
        self.period = period
        self.counter = counter
        self.issuer = issuer
        self.account = account
    }

    /// The password of this second.
    public func password(at second: Int64) -> Secret {
        password(UInt64(max(0, second) / period))
    }

    /// The first second at which the password of this second is good no more.
    public func end(ofPasswordAt second: Int64) -> Int64 { (second / period + 1) * period }

    private static let steamLetters = Array("23456789BCDFGHJKMNPQRTVWXY".utf8)
    private static let decimals = Array("0123456789".utf8)

    /// The password with this number.
    ///
    /// RFC 4226 §5.3: four bytes of the keyed hash, chosen by its last one.
    public func password(_ number: UInt64) -> Secret {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        let code = secret.withBytes { HMAC.code(hash, key: $0, message: message) }
        return code.withBytes { bytes in
            let offset = Int(bytes[bytes.count - 1] & 15)
            var value = bytes[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            value &= 0x7fff_ffff
            let letters = kind == .steam ? Self.steamLetters : Self.decimals
            return Secret(capacity: digits) { memory in
                // Steam writes the lowest letter first.
                let places = kind == .steam ? Array(0..<digits) : (0..<digits).reversed()
                for place in places {
                    memory[place] = letters[Int(value % UInt32(letters.count))]
                    value /= UInt32(letters.count)
                }
                return digits
            }
        }
    }
}
