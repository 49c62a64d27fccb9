import PasselCore

extension Store {
    /// The plaintext encrypted to `audience`, and to nobody else: what came out is read back before
    /// it may be written.
    func encrypt(_ plaintext: Secret, to audience: Audience) throws -> [UInt8] {
        let ciphertext = try audience.encrypt(plaintext, with: cipher)
        try check(ciphertext, for: audience, pins: pins())
        return ciphertext
    }

    /// Refuses a message that names anybody else than its audience, or not all of it.
    ///
    /// A bare list says only what gpg shall look for. Whom it found the first time is acknowledged;
    /// later it must be the same people, with whatever newer subkeys they have.
    func check(_ ciphertext: [UInt8], for audience: Audience, pins: Pins?) throws {
        guard let pins else { return }
        let named = try EncryptedMessage(ciphertext).recipients
        switch audience {
        case .given: return
        case .pinned(let keys, let folder, _):
            let readers = (pins.readers[folder] ?? [:]).filter { keys.contains($0.key) }
            guard readers.count == keys.count, Self.names(named, exactly: readers) else {
                throw Problem(
                    "gpg encrypted to others than the recipients of \(shown(folder)); nothing was written",
                    hints: ["look for a program in gpg's place: command -v gpg"])
            }
        case .listed(_, let folder):
            try checkListed(named, folder, pins)
        }
    }

    private func checkListed(_ named: [KeyID], _ folder: Path, _ pins: Pins) throws {
        guard !folder.isAbsolute else { return }
        let skipped = (pins.readers[folder] ?? [:]).filter {
            isSkipped($0.key, Text($0.key.hex.utf8))
        }
        let known = pins.readers[folder].map { all in
            all.filter { skipped[$0.key] == nil }
        }
        if settings.hidesRecipients, named.contains(.hidden) {
            guard let known, named.count != known.count else { return }
            throw needsReview(of: folder, "to \(named.count) instead of \(known.count) keys")
        }
        if let known, Self.names(named, exactly: known) { return }
        let found = try owners(of: named)
        guard let known else {
            // Those that are left out this time were not found: the next write acknowledges all.
            if settings.skipped.isEmpty { try acknowledge(found, in: folder) }
            return
        }
        let strangers = found.filter { known[$0.fingerprint] == nil }
        guard strangers.isEmpty else {
            let who = strangers.map { "\($0.name) (\($0.fingerprint.grouped))" as Text }
            throw needsReview(of: folder, "also to \(who.joined(separator: ", "))")
        }
        let missing = known.keys.filter { key in !found.contains { $0.fingerprint == key } }
        guard missing.isEmpty else {
            let who = missing.sorted().map(\.grouped)
            throw needsReview(of: folder, "not to \(who.joined(separator: ", "))")
        }
        // The same people with newer subkeys.
        try acknowledge(found, in: folder, keeping: skipped)
    }

    /// Whether the ids are those of all these readers, one for each, and of nobody else.
    private static func names(
        _ ids: [KeyID], exactly readers: [Fingerprint: Pins.Reader]
    ) -> Bool {
        guard ids.count == readers.count else { return false }
        return readers.values.allSatisfy { reader in
            ids.count { reader.keyIDs.contains($0) } == 1
        }
    }

    /// The keys of the user's keyring that these ids belong to.
    ///
    /// - Throws: a `Problem` when an id is hidden, of no key, or of more than one.
    private func owners(of ids: [KeyID]) throws -> [PublicKey] {
        guard !ids.contains(.hidden) else {
            throw Problem(
                "gpg hides the recipients, so that nobody can check them; nothing was written",
                hints: ["if that is meant: export PASSWORD_STORE_GPG_OPTS=--throw-keyids"])
        }
        let keys = try cipher.keys(ids.map { Recipient("0x\($0.hex)".utf8) }, in: .own)
        var found: [PublicKey] = []
        for id in ids {
            let owners = keys.filter { $0.readerIDs.contains(id) }
            guard let owner = owners.first, Set(owners.map(\.fingerprint)).count == 1 else {
                throw Problem(
                    owners.isEmpty
                        ? "gpg encrypted to the key \(id.hex), which is not in the keyring"
                        : "more than one key has the id \(id.hex); nothing was written",
                    hints: ["see which: gpg --list-keys 0x\(id.hex)"])
            }
            found.append(owner)
        }
        return found
    }

    private func acknowledge(
        _ keys: [PublicKey], in folder: Path, keeping kept: [Fingerprint: Pins.Reader] = [:]
    ) throws {
        guard let stored = storedPins, var pins = try pins() else { return }
        pins.readers[folder] = Pins.readers(keys, at: settings.now()).merging(kept) { new, _ in new
        }
        try stored.save(pins)
    }

    private func needsReview(of folder: Path, _ what: Text) -> Problem {
        Problem(
            "gpg would encrypt \(shown(folder)) \(what), and this machine has not acknowledged that; nothing was written",
            hints: ["see what changed, and accept or refuse it: passel recipients review"])
    }
}

extension Pins {
    /// What is to be remembered of these keys.
    static func readers(_ keys: [PublicKey], at now: Int64) -> [Fingerprint: Reader] {
        Dictionary(
            keys.map { key in
                let state = key.state(at: now)
                let end = state.isUsable ? state.end : state.end ?? Reader.unusable
                return (key.fingerprint, Reader(end: end, keyIDs: key.readerIDs))
            },
            uniquingKeysWith: { first, _ in first })
    }
}
