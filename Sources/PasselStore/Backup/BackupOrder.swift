public import PasselCore

/// What a backup is to be like.
public struct BackupOrder: Sendable {
    /// Whether it is signed.
    public enum Signing: Sendable {
        /// By the user's own key, where there is one that can.
        case ifPossible
        case always
        case never
    }

    /// The keys that it is for, as the user named them; none for those of the store.
    public var recipients: [Recipient] = []
    /// What opens it besides.
    public var passphrase: Secret?
    /// Whether it is signed.
    public var signing = Signing.ifPossible

    /// A backup for the store's signers, signed where that can be done.
    public init() {}
}

/// A backup that was made.
public struct BackupReceipt: Sendable {
    /// Where it is.
    public let file: Path
    /// Its size.
    public let size: Int
    /// What it says of itself.
    public let info: BackupInfo
    /// Whose keys open it, as far as the store knows them.
    public let recipients: [NamedKey]
    /// Whether a passphrase opens it.
    public let hasPassphrase: Bool
    /// Whose signature it has.
    public let signer: Fingerprint?
}
