public import PasselCore
import PasselPosix

extension Store {
    /// A store that was restored from a backup.
    public struct RestoredBackup: Sendable {
        /// What the backup says of itself.
        public let info: BackupInfo
        /// Whose work it is.
        public let author: BackupAuthor
        /// How many entries there are.
        public let entries: Int
    }

    /// Puts the store of a backup into a folder that is not there yet, or empty: all of it or nothing.
    ///
    /// - Throws: a `Problem`, and nothing is left behind, when something is in the place, or when the
    ///   backup cannot be opened or is not as it was written.
    public func restoreBackup(
        _ path: Path, into place: Path, passphrase: Secret?, with cipher: any StreamCipher
    ) throws -> RestoredBackup {
        let place = Files.absolute(place).withoutTrailingSlashes
        if let status = try FileStatus(of: place, following: false) {
            guard status.kind == .folder, try Files.names(in: place).isEmpty else {
                throw Problem(
                    "\(place) exists already, and something is in it",
                    hints: ["name another folder: --into DIR"])
            }
        }
        let file = try BackupFile(checking: path)
        let workshop = try Workshop(beside: place, prefix: Workshop.restoring)
        defer { workshop.remove() }
        let backup = try OpenedBackup(
            file, in: workshop.folder, for: self, passphrase: passphrase, with: cipher)
        let made = try backup.makeStore(settings.environment)
        try backup.checkObjects(made, settings.environment, full: false)
        var inner = settings
        inner.root = made
        inner.stateFolder = nil
        let entries = try Store(inner, cipher: self.cipher, observer: observer).entryFiles().count
        try DurableFile.flushFileSystem(of: made)
        try DurableFile.move(made, to: place)
        try DurableFile.flush(place.parent)
        try backup.restorePins(for: place, self)
        return RestoredBackup(info: backup.info, author: backup.author, entries: entries)
    }

    /// Makes one entry what it was in a backup, as a change of today: encrypted for the recipients
    /// that its folder has now.
    ///
    /// The result is when the backup was made, and whether the entry is different now.
    ///
    /// - Throws: a `Problem` when the backup has no such entry, or cannot be opened.
    public func restoreEntry(
        _ entry: Path, from path: Path, passphrase: Secret?, with cipher: any StreamCipher
    ) throws -> (created: Instant, isChanged: Bool) {
        let file = try BackupFile(checking: path)
        let (info, wanted): (BackupInfo, Secret) = try inWorkshop { folder in
            let backup = try OpenedBackup(
                file, in: folder, for: self, passphrase: passphrase, with: cipher)
            let place = try backup.makeStore(settings.environment) / entry
            guard
                let content = try Files.readIfPresent(place.appending(EntryName.suffix))
            else {
                throw Problem(
                    "\(entry) is not in the backup",
                    hints: [
                        "see what is: passel backup restore \(ShellWord.text(path.bytes)) --into DIR"
                    ])
            }
            return (backup.info, try self.cipher.decrypt(content, name: Text(entry.bytes)))
        }
        let target = self.file(entry)
        let present = try Files.readIfPresent(target)
        let now = try present.map {
            try refuseUnverified(target, content: $0)
            return try self.cipher.decrypt($0, name: Text(entry.bytes))
        }
        guard now != wanted else { return (info.created, false) }
        try makeFolders(target.parent)
        do {
            try put(
                wanted, in: target, known: present.map { .ciphertext($0) } ?? .absent,
                insteadOf: now, restoring: true,
                subject: "Restore \(entry) from the backup of \(info.created.spelling).")
        } catch {
            // The folder was made for nothing; an empty one that stays is no harm.
            try? prune(target.parent)
            throw error
        }
        return (info.created, true)
    }
}
