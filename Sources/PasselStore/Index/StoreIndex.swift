import PasselCore
import PasselPosix

/// The index of a store, open: what is known of its entries without decrypting them.
///
/// Rows are found by the content of a ciphertext, so that an old row is at worst one too many, and
/// never tells of another entry. Three files in the state folder, see `IndexFile`, `IndexAnchor`
/// and `IndexJournal`; the state folder's lock is held while they are written.
final class StoreIndex {
    private let folder: StateFolder
    private(set) var anchor: IndexAnchor
    private let keyMessage: [UInt8]
    private let keys: Keys
    private(set) var rows: IndexRows
    /// Whether what lies beside the index is worth to be put into it.
    private var isUnsettled: Bool

    /// From so many rows beside it on, the index is written anew when it is open.
    private static let many = 64

    /// The keys that follow from both halves.
    private struct Keys {
        let body: Secret
        let journal: BoxKeys

        init(half: Secret, anchor: Secret) {
            let both = half.mixed(with: anchor)
            body = both.derivedKey(1)
            journal = BoxKeys(seed: both.derivedKey(2))
        }
    }

    /// Why there is no index.
    enum Absence: Error {
        /// There never was one, or it was cleared.
        case none
        /// What is there is not what this machine wrote last: it counts for nothing.
        case damaged
    }

    private init(
        _ folder: StateFolder, _ anchor: IndexAnchor, _ file: IndexFile, _ keys: Keys,
        _ rows: IndexRows, isUnsettled: Bool
    ) {
        self.folder = folder
        self.anchor = anchor
        keyMessage = file.keyMessage
        self.keys = keys
        self.rows = rows
        self.isUnsettled = isUnsettled
    }

    /// Waits for another process that writes the index, and clears away what a killed one left.
    private static func lock(_ folder: StateFolder) throws -> FileLock {
        let lock = try FileLock.acquire(folder.path, patience: 10) {}
        Scratch.clearLeft(in: folder.path)
        return lock
    }

    /// What this machine knows of its index and the index itself, as far as no key is needed.
    ///
    /// - Throws: `Absence`, `SystemError`.
    static func look(in folder: StateFolder) throws -> (anchor: IndexAnchor, file: IndexFile) {
        guard FileStatus.isFolder(folder.path) else { throw Absence.none }
        let lock = try lock(folder)
        defer { withExtendedLifetime(lock) {} }
        return try lookAlone(in: folder)
    }

    /// Why there is no index here that could be opened; nothing where there is one.
    static func absence(in folder: StateFolder) throws -> Absence? {
        do {
            _ = try look(in: folder)
            return nil
        } catch let absence as Absence {
            return absence
        }
    }

    private static func lookAlone(
        in folder: StateFolder
    ) throws -> (anchor: IndexAnchor, file: IndexFile) {
        let anchor = try IndexAnchor(in: folder)
        let content = try Files.readIfPresent(folder.file(IndexFile.name), limit: 1 << 30)
        guard anchor != nil || content != nil else { throw Absence.none }
        guard let anchor, let content, let file = IndexFile(content, anchor: anchor),
            // Written first, it may be one ahead of what is known of it.
            file.generation >= anchor.generation
        else { throw Absence.damaged }
        return (anchor, file)
    }

    /// Opens the index: one operation with the user's secret key.
    ///
    /// - Throws: `Absence`; a `Problem` when the user's key cannot be used at the moment.
    static func open(in folder: StateFolder, _ cipher: any Cipher) throws -> StoreIndex {
        let (anchor, file) = try look(in: folder)
        let half = try half(file.keyMessage, cipher)
        let keys = Keys(half: half, anchor: anchor.secret)
        guard keys.journal.publicKey == anchor.publicKey, var rows = file.rows(keys.body) else {
            throw Absence.damaged
        }
        let more = try IndexJournal(folder: folder, anchor: anchor).rows(keys.journal)
        rows.add(more.rows)
        return StoreIndex(
            folder, anchor, file, keys, rows,
            isUnsettled: more.rows.count >= many || !more.isWhole)
    }

    private static func half(_ message: [UInt8], _ cipher: any Cipher) throws -> Secret {
        let half: Secret
        do {
            half = try cipher.decrypt(message, name: "the index")
        } catch {
            // An index for a key that is gone is as good as none.
            let own = try cipher.secretKeys().reduce(into: Set<KeyID>()) {
                $0.formUnion($1.readerIDs)
            }
            guard let readers = try? EncryptedMessage(message).recipients,
                readers.contains(where: own.contains)
            else { throw Absence.damaged }
            throw error
        }
        guard half.count == 32 else { throw Absence.damaged }
        return half
    }

    /// Makes an index without rows, encrypted to one key of the user's, in the place of what is there.
    ///
    /// - Throws: a `Problem` when it cannot be encrypted to the key.
    static func make(
        in folder: StateFolder, _ cipher: any Cipher, for key: Fingerprint,
        keepsSessionKeys: Bool
    ) throws -> StoreIndex {
        let half = Secret.random(byteCount: 32)
        let secret = Secret.random(byteCount: 32)
        let keys = Keys(half: half, anchor: secret)
        let anchor = IndexAnchor(
            secret: secret, publicKey: keys.journal.publicKey, generation: 1,
            keepsSessionKeys: keepsSessionKeys)
        try folder.make()
        let exported = try cipher.export(key, from: .own)
        // From here on nobody else makes an index: what lies there a killed run left.
        let lock = try lock(folder)
        defer { withExtendedLifetime(lock) {} }
        Scratch.clear(folder.path, named: "index.keyring-")
        // With a keyring of its own neither trust nor the user's settings have a say.
        let keyring = folder.file(Path("index.keyring-\(Random.name(length: 8))"))
        defer { Scratch.remove(keyring) }
        try cipher.makeKeyring([exported], at: keyring)
        let message = try cipher.encrypt(half, to: [key], in: keyring)
        let rows = IndexRows()
        let (body, tags) = rows.content(keeping: { _ in true }, sessionKeys: true)
        let file = IndexFile(
            generation: 1, keyMessage: message, tags: tags, body: body, key: keys.body)
        try removeAlone(in: folder)
        try folder.write(file.content(anchor), to: IndexFile.name)
        try anchor.save(in: folder)
        return StoreIndex(folder, anchor, file, keys, rows, isUnsettled: false)
    }

    /// Removes the index and all that belongs to it; whether there was any.
    static func remove(in folder: StateFolder) throws -> Bool {
        guard FileStatus.isFolder(folder.path) else { return false }
        let lock = try lock(folder)
        defer { withExtendedLifetime(lock) {} }
        return try removeAlone(in: folder)
    }

    @discardableResult
    private static func removeAlone(in folder: StateFolder) throws -> Bool {
        var found = false
        // First of all what makes every copy of the rest worthless.
        for name in [IndexAnchor.file, IndexFile.name, IndexJournal.name] {
            found = try found || FileStatus(of: folder.file(name), following: false) != nil
            try folder.remove(name)
        }
        return found
    }

    /// Adds rows, which outlive this process from now on.
    func add(_ new: [Secret]) throws {
        guard !new.isEmpty else { return }
        rows.add(new)
        isUnsettled = true
        let lock = try Self.lock(folder)
        defer { withExtendedLifetime(lock) {} }
        guard try IndexAnchor(in: folder)?.isSame(as: anchor) == true else { return }
        try IndexJournal(folder: folder, anchor: anchor).add(new)
    }

    /// Writes the index anew with all rows that are beside it, if there are enough of them; without
    /// those of ciphertexts that are not among `present`, if that is told.
    ///
    /// What another process wrote meanwhile is kept; where it cleared the index, nothing is written.
    func settle(present: Set<MessageID>? = nil) throws {
        let stale = present.map { present in rows.ids.contains { !present.contains($0) } } ?? false
        guard isUnsettled || stale else { return }
        let lock = try Self.lock(folder)
        defer { withExtendedLifetime(lock) {} }
        guard let (now, file) = try? Self.lookAlone(in: folder), now.isSame(as: anchor),
            file.keyMessage == keyMessage, var all = file.rows(keys.body)
        else { return }
        all.add(try IndexJournal(folder: folder, anchor: anchor).rows(keys.journal).rows)
        all.add(missingFrom: rows)
        let (body, tags) = all.content(
            keeping: { present?.contains($0) ?? true }, sessionKeys: anchor.keepsSessionKeys)
        let next = IndexFile(
            generation: file.generation + 1, keyMessage: keyMessage, tags: tags, body: body,
            key: keys.body)
        anchor.generation = next.generation
        try folder.write(next.content(anchor), to: IndexFile.name)
        try anchor.save(in: folder)
        try folder.remove(IndexJournal.name)
        rows = all
        isUnsettled = false
    }
}
