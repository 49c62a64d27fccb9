/// Turns a secret into ciphertext for chosen readers, and back.
public protocol Cipher: Sendable {
    /// The message of `plaintext` encrypted to every one of `recipients`.
    ///
    /// Throws when it cannot be encrypted to all of them: nobody is left out silently.
    func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8]

    /// The plaintext of an entry's file; `name` is for messages.
    ///
    /// Returns nothing before the whole message proved authentic. Throws for anything that is not
    /// one message encrypted to public keys.
    func decrypt(_ ciphertext: [UInt8], name: Text) throws -> Secret

    /// As `decrypt`, with the key that the message's content is encrypted with, where it can be told.
    func openMessage(_ ciphertext: [UInt8], name: Text) throws -> OpenedMessage

    /// The plaintext of a message whose session key is known, for which none of the user's keys is
    /// needed.
    ///
    /// Returns nothing before the whole message proved authentic, and says nothing to the user.
    /// Throws for any other message than the one that has this session key.
    func decrypt(_ ciphertext: [UInt8], with sessionKey: SessionKey, name: Text) throws -> Secret

    /// The ids that a message encrypted to `recipients` would name now if it hid nobody, sorted;
    /// recipients that the user wants hidden are included as such.
    ///
    /// Throws, like `encrypt`, when it cannot be encrypted to all of them.
    func readers(of recipients: [Recipient]) throws -> [KeyID]

    /// A detached binary signature of `content`, made by the last usable of `keys`.
    func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8]

    /// The fingerprints, upper case, of the signing key and its primary key; empty unless the
    /// signature in the file `signature` is good.
    func signers(of content: [UInt8], signature: Path) throws -> Set<String>

    /// The message of `plaintext` encrypted to exactly these keys, taken from `keyring` and nowhere
    /// else.
    ///
    /// The user's configuration has no say, and trust is no question: the keyring is what this
    /// machine has acknowledged. Throws when one of the keys cannot be used, and names it.
    func encrypt(_ plaintext: Secret, to keys: [Fingerprint], in keyring: Path) throws -> [UInt8]

    /// The keys that these names mean, all keys when there are none; unknown names mean nothing.
    func keys(_ names: [Recipient], in keyring: Keyring) throws -> [PublicKey]

    /// The user's own keys of which the secret part is there, too.
    func secretKeys() throws -> [PublicKey]

    /// The keys in a key file, binary or ASCII-armoured, which are looked at but not imported;
    /// empty when it holds none.
    func keys(inFile content: [UInt8]) throws -> [PublicKey]

    /// A key as a file, binary, with its own signatures only.
    func export(_ key: Fingerprint, from keyring: Keyring) throws -> [UInt8]

    /// Puts a keyring of exactly the keys in these files in the place of `file`.
    func makeKeyring(_ keyFiles: [[UInt8]], at file: Path) throws

    /// One key made of several versions of it: the newest signatures, all subkeys and revocations.
    func merged(_ keyFiles: [[UInt8]]) throws -> [UInt8]

    /// A detached binary signature of `content` by this key of the user's.
    func sign(_ content: [UInt8], by key: Fingerprint) throws -> [UInt8]

    /// The primary keys of those in `keyring` whose good signatures of `content` these are, by keys
    /// that are neither expired nor revoked.
    func signers(of content: [UInt8], signature: [UInt8], in keyring: Path) throws
        -> Set<Fingerprint>
}

/// A message that was decrypted.
public struct OpenedMessage: Sendable {
    /// What it says.
    public let plaintext: Secret
    /// The key of its content; nothing where the cipher does not tell.
    public let sessionKey: SessionKey?

    /// What came of decrypting a message.
    public init(plaintext: Secret, sessionKey: SessionKey?) {
        self.plaintext = plaintext
        self.sessionKey = sessionKey
    }
}

/// The key that the content of one message is encrypted with: who has it reads the message, and no
/// other.
public struct SessionKey: Sendable, Equatable {
    /// As gpg writes it: the algorithm's number, a colon, hexadecimal digits.
    public let spelling: Secret

    /// The key that is spelled so; nothing for what is none.
    public init?(_ spelling: Secret) {
        let isKey = spelling.withBytes { bytes -> Bool in
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), (1...3).contains(colon),
                (colon + 1 + 32...colon + 1 + 128).contains(bytes.count)
            else { return false }
            return bytes[..<colon].allSatisfy(\.isDigit)
                && bytes[(colon + 1)...].allSatisfy { $0.hexValue != nil }
        }
        guard isKey else { return nil }
        self.spelling = spelling
    }
}
