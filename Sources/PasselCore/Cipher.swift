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

    /// The ids that a message encrypted to `recipients` would name now, sorted; hidden ones
    /// included.
    ///
    /// Throws, like `encrypt`, when it cannot be encrypted to all of them.
    func readers(of recipients: [Recipient]) throws -> [KeyID]

    /// A detached binary signature of `content`, made by the last usable of `keys`.
    func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8]

    /// The fingerprints, upper case, of the signing key and its primary key; empty unless the
    /// signature in the file `signature` is good.
    func signers(of content: [UInt8], signature: Path) throws -> Set<String>
}
