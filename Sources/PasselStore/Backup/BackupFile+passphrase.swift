public import PasselCore

extension BackupFile {
    /// Makes sure that a passphrase opens it, and keeps nothing of what is in it.
    ///
    /// - Throws: a `Problem` for another passphrase, or when what is encrypted is damaged.
    public func tryPassphrase(_ passphrase: Secret, with cipher: any StreamCipher) throws {
        try OpenedBackup.decrypting(path, hasPassphrase: true) {
            try reading { feed in try cipher.decrypt(with: passphrase, from: feed) { _ in } }
        }
    }
}
