public import PasselCore
import PasselPosix

/// What was found in a backup.
public struct BackupCheck: Sendable {
    /// What it says of itself.
    public let info: BackupInfo
    /// Its size.
    public let size: Int
    /// Whose work it is.
    public let author: BackupAuthor
    /// How many files are in it.
    public let members: Int
    /// How many entries it has.
    public let entries: Int
    /// How many of them were to be opened.
    public let tried: Int
    /// How many could be opened with the keys that are here.
    public let opened: Int
    /// Entries that are for others only.
    public let foreign: Int
    /// Entries that could not be opened although they are for one of the keys here, and why.
    public let failed: [Failure]

    /// An entry that could not be opened.
    public struct Failure: Sendable {
        /// Its name.
        public let entry: Path
        /// Why.
        public let reason: Text
    }
}

/// How many entries of a backup are decrypted to see whether they can be.
public enum BackupSample: Sendable, Equatable {
    /// So many, spread over all of them.
    case some(Int)
    case all
}

extension Store {
    /// Reads a backup back: the file, the signature, the manifest, every object, and entries.
    ///
    /// - Parameters:
    ///   - isFull: whether every object is looked at as git looks at what others send.
    /// - Throws: a `Problem` when anything is not as it was written, or when it cannot be opened.
    public func verifyBackup(
        _ path: Path, passphrase: Secret?, full isFull: Bool, decrypting sample: BackupSample,
        with cipher: any StreamCipher
    ) throws -> BackupCheck {
        let file = try BackupFile(checking: path)
        return try inWorkshop { folder in
            let backup = try OpenedBackup(
                file, in: folder, for: self, passphrase: passphrase, with: cipher)
            let place = try backup.makeStore(settings.environment)
            try backup.checkObjects(place, settings.environment, full: isFull)
            return try check(backup, place, sample)
        }
    }

    /// Decrypts entries of the store that was in a backup.
    func check(_ backup: OpenedBackup, _ place: Path, _ sample: BackupSample) throws -> BackupCheck
    {
        let copy = Self(beside: self, at: place)
        let files = try copy.entryFiles()
        let count =
            if case .some(let count) = sample { min(count, files.count) } else { files.count }
        // Evenly over all of them, so that no folder is left out.
        let chosen = (0..<count).map { files[$0 * files.count / count] }
        let results = try copy.opening(chosen)
        let failed = zip(chosen, results).compactMap { file, result -> BackupCheck.Failure? in
            switch result {
            case .opened, .foreign: nil
            case .failed(let reason), .noMessage(let reason):
                BackupCheck.Failure(entry: Path(copy.entryName(file).bytes), reason: reason)
            }
        }
        return BackupCheck(
            info: backup.info, size: backup.file.size, author: backup.author,
            members: backup.count, entries: files.count, tried: chosen.count,
            opened: results.count { if case .opened = $0 { true } else { false } },
            foreign: results.count { if case .foreign = $0 { true } else { false } },
            failed: failed)
    }

    /// A store elsewhere, of which this machine remembers nothing.
    private init(beside store: Store, at place: Path) {
        var settings = store.settings
        settings.root = place
        settings.stateFolder = nil
        self.init(settings, cipher: store.cipher, observer: store.observer)
    }
}
