import PasselCore
import PasselPosix

/// What can be told of the index, and added to it, without opening it.
struct IndexNotes {
    private let folder: StateFolder
    private let anchor: IndexAnchor
    /// Whether a row without a session key is one that lacks something.
    let wantsSessionKeys: Bool

    /// The notes of a folder's index; nothing where there is none.
    ///
    /// - Parameter policy: what the user says of it, if anything.
    init?(_ folder: StateFolder, _ policy: IndexPolicy?) throws {
        guard let anchor = try IndexAnchor(in: folder) else { return nil }
        self.folder = folder
        self.anchor = anchor
        wantsSessionKeys = anchor.keepsSessionKeys && policy != .metadata
    }

    /// The rows that there are, by their tags; none where they cannot be read, for whoever opens the
    /// index says what is wrong with it.
    private var tags: [MessageTag] {
        let main = (try? IndexFile.uncheckedTags(in: folder)) ?? []
        let beside = (try? IndexJournal(folder: folder, anchor: anchor).uncheckedTags()) ?? []
        return (main + beside).map(MessageTag.init)
    }

    /// How many of these ciphertexts are known, and of how many the session key.
    func known(_ ids: [MessageID]) -> (rows: Int, sessionKeys: Int) {
        let tags = tags
        let known = Set(tags.map(\.bare))
        let withKeys = Set(tags.filter(\.hasSessionKey).map(\.bare))
        return (ids.count { known.contains($0.tag) }, ids.count { withKeys.contains($0.tag) })
    }

    /// Whether these ciphertexts are those of tokens, as far as they are known.
    func tokens(_ ids: [MessageID]) -> [Bool?] {
        let known = Dictionary(
            tags.map { ($0.bare, $0.isToken) }, uniquingKeysWith: { $0 || $1 })
        return ids.map { known[$0.tag] }
    }

    /// How many rows there are of ciphertexts that are not among these.
    func stale(_ ids: [MessageID]) -> Int {
        Set(tags.map(\.bare)).subtracting(ids.map(\.tag)).count
    }

    /// Whether a row for this ciphertext would tell something new.
    func isWanted(_ id: MessageID, sessionKey: Bool) -> Bool {
        !tags.contains {
            $0.bare == id.tag && ($0.hasSessionKey || !(sessionKey && wantsSessionKeys))
        }
    }

    /// The row of what an entry says.
    func row(_ id: MessageID, _ plaintext: Secret, _ sessionKey: SessionKey?) -> Secret {
        IndexRow.encode(
            id, EntryText(plaintext), sessionKey: wantsSessionKeys ? sessionKey : nil,
            hashKey: anchor.hashKey)
    }

    /// Adds rows, unless another process is at the index.
    ///
    /// Nothing is lost where they cannot be added: they are found again when the entries are read.
    func add(_ rows: [Secret]) {
        guard !rows.isEmpty, let lock = FileLock.ifFree(folder.path) else { return }
        defer { withExtendedLifetime(lock) {} }
        try? IndexJournal(folder: folder, anchor: anchor).add(rows)
    }
}

extension Store {
    /// The plaintext of an entry's file, which the index learns of if there is one.
    ///
    /// The index is not opened for it: that would take longer than decrypting one entry.
    func decryptNoting(_ content: [UInt8], name: Text) throws -> Secret {
        if let index = indexes.current, index.rows.has(MessageID(of: content), sessionKey: true) {
            return try MessageReader(cipher, index).decrypt(content, name: name)
        }
        guard let notes = indexNotes() else {
            return try cipher.decrypt(content, name: name)
        }
        let id = MessageID(of: content)
        guard notes.isWanted(id, sessionKey: true) else {
            return try cipher.decrypt(content, name: name)
        }
        guard notes.wantsSessionKeys else {
            let plaintext = try cipher.decrypt(content, name: name)
            notes.add([notes.row(id, plaintext, nil)])
            return plaintext
        }
        let message = try cipher.openMessage(content, name: name)
        if message.sessionKey != nil || notes.isWanted(id, sessionKey: false) {
            notes.add([notes.row(id, message.plaintext, message.sessionKey)])
        }
        return message.plaintext
    }

    /// Lets the index, if there is one, learn of an entry that was just encrypted.
    func note(_ plaintext: Secret, as ciphertext: [UInt8]) {
        learn([(ciphertext, OpenedMessage(plaintext: plaintext, sessionKey: nil))])
    }

    /// Lets the index, if there is one, learn of messages that were decrypted or encrypted.
    func learn(_ messages: [(ciphertext: [UInt8], message: OpenedMessage)]) {
        guard !messages.isEmpty, let notes = indexNotes() else { return }
        let rows = messages.compactMap { ciphertext, message -> Secret? in
            let id = MessageID(of: ciphertext)
            guard notes.isWanted(id, sessionKey: message.sessionKey != nil) else { return nil }
            return notes.row(id, message.plaintext, message.sessionKey)
        }
        if let index = indexes.current {
            // What it does not learn now it learns when the entries are read.
            try? index.add(rows)
        } else {
            notes.add(rows)
        }
    }

    /// The notes of the index; nothing where there is none, or it cannot be read.
    func indexNotes() -> IndexNotes? {
        // Whoever needs the index is told what is wrong with it.
        guard let folder = try? indexFolder() else { return nil }
        return try? IndexNotes(folder, settings.configuration.index)
    }
}
