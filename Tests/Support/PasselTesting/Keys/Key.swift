/// An OpenPGP key pair made for tests.
public struct Key: Sendable, Hashable {
    /// How a key differs from a plain one.
    public enum Kind: Sendable, Hashable {
        /// Unprotected ed25519 with a cv25519 encryption subkey, valid for ever.
        case plain
        /// Expired, primary key and subkey.
        case expired
        /// Revoked by its owner.
        case revoked
        /// Protected with a passphrase, which the fake pinentry knows or not.
        case protected(passphrase: String)
        /// Without any key that can encrypt.
        case signOnly
        /// With a second, newer encryption subkey.
        case twoSubkeys
        /// With an expired encryption subkey beside a valid one.
        case expiredSubkey
        /// RSA of 1024 bits.
        case weak
        /// Advertises authenticated encryption, as keys made by GnuPG 2.3 and later do.
        case authenticated
    }

    /// The name it was asked for; its user id is `NAME <NAME@example.org>`.
    public let name: String
    /// How it differs from a plain key.
    public let kind: Kind
    /// The 40 upper-case hex digits of the primary key.
    public let fingerprint: String
    /// The long ids of its encryption subkeys, oldest first.
    public let encryptionKeyIDs: [String]
    /// The names, without suffix, of its files in gpg-agent's folder of private keys.
    public let keygrips: [String]

    /// The key's only user id.
    public var userID: String { "\(name) <\(name)@example.org>" }
}
