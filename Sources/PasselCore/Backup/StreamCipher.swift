/// Encrypts what is too large for memory, such as a backup, and opens it again.
public protocol StreamCipher: Sendable {
    /// Encrypts what `feed` gives, until that is nothing, and hands the message to `sink`.
    ///
    /// With `passphrase` it can be opened by that as well, without any key. The result is the ids
    /// that the message names, sorted.
    ///
    /// - Throws: a `Problem` when it cannot be encrypted to all of them; what `feed` and `sink`
    ///   throw. What came out until then is no message.
    func encrypt(
        to readers: StreamReaders, passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> [KeyID]

    /// Decrypts the message that `feed` gives, by the user's keys, or by a passphrase and nothing
    /// else.
    ///
    /// What `sink` got is authentic once this returns, and never before.
    ///
    /// - Throws: `StreamFlaw`; what `feed` and `sink` throw.
    func decrypt(
        with passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws
}

/// Whom a stream is encrypted to.
public enum StreamReaders: Sendable {
    /// Whom these names mean in the user's own keyring.
    case named([Recipient])
    /// Exactly these keys of a keyring; nobody, where only a passphrase is to open it.
    case exactly([Fingerprint], keyring: Path)
}

/// Why a stream could not be decrypted.
public enum StreamFlaw: Error, Sendable, Equatable {
    /// None of the user's keys is one of those that it is for.
    case noKey
    /// Another passphrase is wanted, or none was ever given.
    case wrongPassphrase
    /// Asking for the passphrase of a key did not lead anywhere.
    case locked
    /// It is no whole message, or not the one that was made.
    case damaged
}
