import PasselCore
import PasselPosix

extension Store {
    /// The plaintext encrypted to `audience`, and to nobody else: what came out is read back before
    /// it may be written.
    func encrypt(_ plaintext: Secret, to audience: Audience) throws -> [UInt8] {
        try leftOut.refuseUnknown(among: settings.skipped)
        let ciphertext: [UInt8]
        do {
            ciphertext = try audience.encrypt(plaintext, with: cipher)
        } catch var problem as Problem {
            problem.hints += unusable(audience)
            throw problem
        }
        if let pins = try pins(), let found = try check(ciphertext, for: audience, pins: pins) {
            try acknowledge(found, of: audience)
        }
        return ciphertext
    }

    /// As above, several plaintexts, each to its audience, on two threads.
    func encrypt(_ items: [(plaintext: Secret, audience: Audience)]) throws -> [[UInt8]] {
        // What a list finds the first time is acknowledged by the first message to it.
        var known: Set<Audience> = []
        var result = [[UInt8]?](repeating: nil, count: items.count)
        var rest: [(index: Int, text: Secret, audience: Audience)] = []
        for (index, item) in items.enumerated() {
            if known.insert(item.audience).inserted {
                result[index] = try encrypt(item.plaintext, to: item.audience)
            } else {
                rest.append((index, item.plaintext, item.audience))
            }
        }
        let cipher = cipher
        let counter = rest.count > 8 ? observer.progress?(rest.count) : nil
        defer { counter?.end() }
        let made = Parallel.map(rest, width: 2) { item in
            defer { counter?.advance(by: 1) }
            return Result<[UInt8], any Error> { try item.audience.encrypt(item.text, with: cipher) }
        }
        let pins = try pins()
        for (item, message) in zip(rest, made) {
            let ciphertext = try message.get()
            if let pins, let found = try check(ciphertext, for: item.audience, pins: pins) {
                try acknowledge(found, of: item.audience)
            }
            result[item.index] = ciphertext
        }
        return result.compactMap(\.self)
    }

    /// Who of a bare list cannot be encrypted to, and what can be done; gpg does not say why.
    private func unusable(_ audience: Audience) -> [Text] {
        guard case .listed(let names, _) = audience else { return [] }
        let now = settings.now()
        return names.flatMap { name -> [Text] in
            // What gpg refuses to list has no state that could be told.
            let keys = (try? cipher.keys([name], in: .own)) ?? []
            guard let key = keys.first, !keys.contains(where: { $0.state(at: now).isUsable }) else {
                return []
            }
            let state = key.state(at: now)
            let day = state.end.map { " since \(Day(second: $0).spelling)" as Text } ?? ""
            return [
                "the key of \(key.name) is \(state.word)\(day); take it out of the list: passel init …",
                "or leave it out for now: add --skip \(key.fingerprint.hex)",
            ]
        }
    }

    /// Refuses a message that names anybody else than its audience, or not all of it.
    ///
    /// A bare list says only what gpg shall look for. Whom it found the first time is acknowledged;
    /// later it must be the same people, with whatever newer subkeys they have. Returns what is to
    /// be acknowledged of them, if that is new.
    func check(
        _ ciphertext: [UInt8], for audience: Audience, pins: Pins
    ) throws -> [Fingerprint: Pins.Reader]? {
        let named = try EncryptedMessage(ciphertext).recipients
        switch audience {
        case .given: return nil
        case .pinned(let keys, let folder, _):
            let readers = (pins.readers[folder] ?? [:]).filter { keys.contains($0.key) }
            guard readers.count == keys.count, Self.names(named, exactly: readers) else {
                throw Problem(
                    "gpg encrypted to others than the recipients of \(shown(folder)); nothing was written",
                    hints: ["look for a program in gpg's place: command -v gpg"])
            }
            return nil
        case .listed(let names, let folder):
            return try checkListed(named, for: names, folder, pins)
        }
    }

    private func checkListed(
        _ named: [KeyID], for names: [Recipient], _ folder: Path, _ pins: Pins
    ) throws -> [Fingerprint: Pins.Reader]? {
        guard !folder.isAbsolute else { return nil }
        let skipped = (pins.readers[folder] ?? [:]).filter { leftOut.has($0.key) }
        let known = pins.readers[folder].map { all in
            all.filter { skipped[$0.key] == nil }
        }
        var named = named
        if settings.hidesRecipients, named.contains(.hidden) {
            // Who is hidden shows where gpg finds the same people without hiding them.
            let found = try cipher.readers(of: names)
            let expected = found.contains(.hidden) ? known?.count ?? named.count : found.count
            guard named.count == expected else {
                throw needsReview(of: folder, "to \(named.count) instead of \(expected) keys")
            }
            guard !found.contains(.hidden) else { return nil }
            named = found
        }
        if let known, Self.names(named, exactly: known) {
            let now = try prolonged(known)
            return now == known ? nil : now.merging(skipped) { new, _ in new }
        }
        let found = try owners(of: named)
        try refuseImpostors(of: names, among: found, for: named, folder)
        let readers = Pins.readers(found, at: settings.now())
        // Those that are left out this time were not found: the next write acknowledges all.
        guard let known else {
            try refuseAmbiguous(names)
            return settings.skipped.isEmpty ? readers : nil
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
        return readers.merging(skipped) { new, _ in new }
    }

    /// The same readers, with the ends that their keys have now where these were near.
    private func prolonged(
        _ readers: [Fingerprint: Pins.Reader]
    ) throws -> [Fingerprint: Pins.Reader] {
        let now = settings.now()
        let ending = readers.filter { $0.value.isEnding(now) }.keys.sorted()
        guard !ending.isEmpty else { return readers }
        let keys = try cipher.keys(ending.map(\.recipient), in: .own)
        return Pins.readers(keys.filter { ending.contains($0.fingerprint) }, at: now)
            .merging(readers) { new, _ in new }
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

    /// Remembers whom gpg found for a bare list.
    func acknowledge(_ found: [Fingerprint: Pins.Reader], of audience: Audience) throws {
        guard case .listed(_, let folder) = audience, let stored = storedPins,
            var pins = try pins()
        else { return }
        pins.readers[folder] = found
        try stored.save(pins)
    }

    /// Refuses owners of which none is the key whose whole fingerprint a list names.
    ///
    /// gpg finds by a fingerprint also a key that carries that key as a subkey, and takes a newer
    /// subkey of it. A subkey's fingerprint means that very subkey.
    private func refuseImpostors(
        of names: [Recipient], among owners: [PublicKey], for ids: [KeyID], _ folder: Path
    ) throws {
        for name in names {
            let isForced = name.bytes.last == UInt8(ascii: "!")
            guard let wanted = Fingerprint(isForced ? name.bytes.dropLast() : name.bytes[...])
            else {
                continue
            }
            let isThere = owners.contains { owner in
                owner.fingerprint == wanted
                    || ids.contains(wanted.keyID)
                        && owner.subkeys.contains { $0.fingerprint == wanted }
            }
            guard !isThere else { continue }
            throw Problem(
                "gpg encrypted \(shown(folder)) to another key than \(wanted.grouped); nothing was written",
                hints: ["see what gpg finds: gpg --list-keys \(wanted.hex)"])
        }
    }

    /// Refuses a name that several keys have which can be used: which of them gpg takes may be
    /// anybody's doing who made a key in that name.
    private func refuseAmbiguous(_ names: [Recipient]) throws {
        let now = settings.now()
        for name in names where Fingerprint(name.bytes) == nil {
            let keys = try cipher.keys([name], in: .own).filter { $0.state(at: now).isUsable }
            guard keys.count > 1 else { continue }
            let found = keys.map { "\($0.fingerprint.hex) \($0.name)" as Text }
            throw Problem(
                "\(Text(name.bytes)) means more than one key: \(found.joined(separator: ", "))",
                hints: ["name them by whole fingerprints: passel init \(keys[0].fingerprint.hex)"])
        }
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
