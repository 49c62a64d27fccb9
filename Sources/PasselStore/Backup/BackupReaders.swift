import PasselCore
import PasselPosix

/// Whom a backup is for, found with the same care as the readers of an entry.
struct BackupReaders {
    /// Whom gpg is told to encrypt to.
    let stream: StreamReaders
    /// The ids that the message must name, sorted, and no others.
    let ids: [KeyID]
    /// The keys, for people.
    let keys: [NamedKey]
    /// The public keys by which the backup, and what is in it, is made sense of elsewhere.
    let files: [Fingerprint: [UInt8]]

    /// The keys that the user named, or those of the store: its signers, or whom the list at its top
    /// names.
    ///
    /// For who holds the store's lock. `workshop` is a folder of this run's own.
    ///
    /// - Throws: `NotInitialised`; a `Problem` for recipients that nobody acknowledged, that cannot
    ///   be encrypted to, or that are not told apart.
    static func find(_ order: BackupOrder, in store: Store, workshop: Path) throws -> BackupReaders
    {
        let pins = try store.pins()
        var files: [Fingerprint: [UInt8]] = [:]
        if let stored = store.storedPins, let pins {
            let keyring = PrivateKeyring(folder: stored.folder, cipher: store.cipher)
            for (fingerprint, digest) in pins.keys { files[fingerprint] = try keyring.file(digest) }
        }
        var known = KnownPeople(store, pins ?? Pins())
        guard order.recipients.isEmpty else {
            return try named(order.recipients, store, workshop, pins, &known, files)
        }
        let audience: Audience
        do {
            audience = try store.audience(of: store.root)
        } catch is NotInitialised where order.passphrase != nil {
            return try exactly([], store, workshop, known, files)
        }
        switch audience {
        case .given(let names), .listed(let names, _):
            // Encrypting nothing makes sure of whom gpg means by these names.
            let ids = try EncryptedMessage(store.encrypt(Secret(plain: ""), to: audience))
                .recipients
            var keys: [NamedKey] = []
            for key in try store.cipher.keys(names, in: .own)
            where !key.readerIDs.isDisjoint(with: ids) {
                known.learn(key)
                keys.append(known.named(key.fingerprint))
                files[key.fingerprint] = try store.cipher.export(key.fingerprint, from: .own)
            }
            return BackupReaders(
                stream: .named(names), ids: ids.sorted(), keys: keys, files: files)
        case .pinned(_, let folder, let keyring):
            let signers = (pins?.roster?.roster.signers(of: Roster.top) ?? []).sorted()
            let chosen = Audience.pinned(signers, folder: folder, keyring: keyring)
            let ids = try EncryptedMessage(store.encrypt(Secret(plain: ""), to: chosen)).recipients
            return BackupReaders(
                stream: .exactly(signers, keyring: keyring), ids: ids.sorted(),
                keys: signers.map(known.named), files: files)
        }
    }

    /// Keys that the user named: those of the team and the user's own by any name that means one,
    /// others by their whole fingerprint only.
    private static func named(
        _ names: [Recipient], _ store: Store, _ workshop: Path, _ pins: Pins?,
        _ known: inout KnownPeople, _ files: [Fingerprint: [UInt8]]
    ) throws -> BackupReaders {
        let own = Set(try store.cipher.secretKeys().map(\.fingerprint))
        var chosen: [Fingerprint] = []
        var files = files
        for name in names {
            var found: [Fingerprint: PublicKey] = [:]
            for key in try store.cipher.keys([name], in: .own) { found[key.fingerprint] = key }
            var team: Set<Fingerprint> = []
            for (fingerprint, file) in files {
                for key in try store.cipher.keys(inFile: file) where key.matches(name) {
                    found[fingerprint] = found[fingerprint] ?? key
                    if pins?.keys[fingerprint] != nil { team.insert(fingerprint) }
                }
            }
            guard let key = found.values.first else {
                throw Problem(
                    "there is no key for \(Text(name.bytes)), neither in the team nor in your keyring",
                    hints: ["import it: gpg --import FILE"])
            }
            guard found.count == 1 else {
                throw Problem(
                    "\(Text(name.bytes)) means more than one key: \(found.keys.sorted().map { Text($0.bytes) }.joined(separator: ", "))",
                    hints: ["name one by its whole fingerprint"])
            }
            let fingerprint = key.fingerprint
            guard
                team.contains(fingerprint) || own.contains(fingerprint)
                    || Fingerprint(name.bytes) == fingerprint
            else {
                throw Problem(
                    "\(Text(name.bytes)) is neither in the team nor a key of yours: anybody could have called a key so",
                    hints: [
                        "compare the fingerprint with its owner, and name the key by it: --to \(fingerprint.hex)"
                    ])
            }
            if let failure = KeyCheck(
                Person(key: key, file: []), at: store.settings.now()
            ).failure {
                throw failure
            }
            if files[fingerprint] == nil {
                files[fingerprint] = try store.cipher.export(fingerprint, from: .own)
            }
            known.learn(key)
            if !chosen.contains(fingerprint) { chosen.append(fingerprint) }
        }
        return try exactly(chosen.sorted(), store, workshop, known, files)
    }

    private static func exactly(
        _ chosen: [Fingerprint], _ store: Store, _ workshop: Path, _ known: KnownPeople,
        _ files: [Fingerprint: [UInt8]]
    ) throws -> BackupReaders {
        let keyring = workshop / "recipients"
        try store.cipher.makeKeyring(chosen.compactMap { files[$0] }, at: keyring)
        let ids =
            chosen.isEmpty
            ? []
            : try EncryptedMessage(
                store.cipher.encrypt(Secret(plain: ""), to: chosen, in: keyring)
            ).recipients.sorted()
        return BackupReaders(
            stream: .exactly(chosen, keyring: keyring), ids: ids,
            keys: chosen.map(known.named), files: files)
    }
}
