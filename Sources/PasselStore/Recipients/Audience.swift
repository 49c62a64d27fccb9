import PasselCore

/// Whom the entries of one folder are encrypted to, and how that is made sure of.
enum Audience: Hashable, Sendable {
    /// Whom `PASSWORD_STORE_KEY` names: the user's word for this command, with no list behind it.
    case given([Recipient])
    /// Whom the folder's `.gpg-id` names, found in the user's own keyring and trusted as gpg trusts
    /// them.
    case listed([Recipient], folder: Path)
    /// Exactly these keys, from the store's private keyring.
    case pinned([Fingerprint], folder: Path, keyring: Path)

    /// The plaintext encrypted to them.
    ///
    /// Not yet checked: see `Store.check`.
    func encrypt(_ plaintext: Secret, with cipher: any Cipher) throws -> [UInt8] {
        switch self {
        case .given(let names), .listed(let names, _):
            try cipher.encrypt(plaintext, to: names)
        case .pinned(let keys, _, let keyring):
            try cipher.encrypt(plaintext, to: keys, in: keyring)
        }
    }

    /// The ids that a message to them names now, sorted.
    ///
    /// Found by encrypting nothing to them.
    func readers(with cipher: any Cipher) throws -> [KeyID] {
        switch self {
        case .given(let names), .listed(let names, _): try cipher.readers(of: names)
        case .pinned:
            try EncryptedMessage(encrypt(Secret(plain: ""), with: cipher)).recipients.sorted()
        }
    }
}
