public import PasselCore
import PasselPosix

/// A roster that is being changed: what it is to say, on what it is based, and the keys it names.
public struct TeamDraft {
    /// What the new roster is to say; generation and chain follow when it is signed.
    public var roster: Roster
    /// The key file of everybody in it.
    public var files: [Fingerprint: [UInt8]]
    /// What was acknowledged when the draft was begun.
    let base: Pins
    /// The other roster that this one takes in, made by a signer at the same time as `old`.
    var merging: Roster?

    /// The roster before; nothing when the store gets its first.
    public var old: Roster? { base.roster?.roster }

    /// What somebody is in `folder` once this is done, inherited or own.
    public func membership(of key: Fingerprint, in folder: Path) -> Roster.Membership? {
        roster.governing(folder).flatMap { roster.folders[$0]?[key] }
    }

    /// The member that a user's word means.
    ///
    /// - Throws: a `Problem` when nobody or more than one is meant.
    public func member(_ name: Recipient) throws -> Fingerprint {
        let found = roster.keys.filter { key, named in
            if let given = Fingerprint(name.bytes) { return given == key }
            let digits =
                name.bytes.starts(with: "0x".utf8) ? name.bytes.dropFirst(2) : name.bytes[...]
            if digits.count == 16, let id = KeyID(hex: digits) { return id == key.keyID }
            let wanted = name.bytes.map(\.asciiLowercased)
            return !wanted.isEmpty && named.name.map(\.asciiLowercased).includes(wanted)
        }.keys.sorted()
        guard let first = found.first else {
            throw Problem(
                "no key of the team is called \(Text(name.bytes))",
                hints: ["see who is in it: passel recipients"])
        }
        guard found.count == 1 else {
            let names = found.map { "\($0.hex) \(self.name(of: $0))" as Text }
            throw Problem(
                "\(Text(name.bytes)) means more than one: \(names.joined(separator: ", "))",
                hints: ["name one by its whole fingerprint: \(first.hex)"])
        }
        return first
    }

    /// What somebody in the roster is called.
    public func name(of key: Fingerprint) -> Text {
        roster.keys[key].map { Text($0.name) } ?? Text(key.hex.utf8)
    }

    /// Adds somebody to a folder, or gives them another role there.
    ///
    /// A folder without readers of its own gets those it inherited.
    public mutating func add(
        _ person: Person, as membership: Roster.Membership, to folder: Path
    ) {
        own(folder)
        roster.folders[folder]?[person.fingerprint] = membership
        know(person)
    }

    /// Takes somebody out of a folder.
    public mutating func remove(_ key: Fingerprint, from folder: Path) {
        own(folder)
        roster.folders[folder]?[key] = nil
    }

    /// Takes somebody out of every folder.
    public mutating func removeEverywhere(_ key: Fingerprint) {
        for folder in roster.folders.keys { roster.folders[folder]?[key] = nil }
    }

    /// Makes these people a folder's readers, who keep the roles that they have there.
    public mutating func set(_ people: [Person], as membership: Roster.Membership?, in folder: Path)
    {
        var readers: Roster.Readers = [:]
        for person in people {
            readers[person.fingerprint] =
                membership ?? self.membership(of: person.fingerprint, in: folder)
                ?? Roster.Membership(.member)
            know(person)
        }
        roster.folders[folder] = readers
    }

    /// Lets a folder inherit its readers.
    public mutating func inherit(_ folder: Path) { roster.folders[folder] = nil }

    private mutating func own(_ folder: Path) {
        guard roster.folders[folder] == nil else { return }
        roster.folders[folder] = roster.governing(folder).flatMap { roster.folders[$0] } ?? [:]
    }

    private mutating func know(_ person: Person) {
        roster.keys[person.fingerprint] = Roster.Key(
            digest: Digest(of: person.file), name: person.name.bytes)
        files[person.fingerprint] = person.file
    }

    /// Folders whose readers are others than before.
    public var changedFolders: [Path] {
        let before = old?.folders ?? [:]
        return Set(before.keys).union(roster.folders.keys)
            .filter { before[$0] != roster.folders[$0] }.sorted { $0.bytes.precedes($1.bytes) }
    }
}

extension Store {
    /// A draft of the next roster, based on what this machine has acknowledged.
    ///
    /// A store without a roster gets its first: everybody in its lists is a member, the user a
    /// signer.
    ///
    /// - Throws: a `Problem` when anything differs from what was acknowledged, or when somebody in a
    ///   bare list cannot be told.
    public func draft() throws -> TeamDraft { try exclusively { try draftAlone() } }

    /// As above, for who holds the store's lock.
    func draftAlone() throws -> TeamDraft {
        guard let stored = storedPins, let pins = try pins() else {
            throw Problem(
                "there is nowhere to remember whom you have acknowledged",
                hints: ["set a folder for it: export XDG_STATE_HOME=~/.local/state"])
        }
        try refuseUnacknowledged(pins)
        guard let roster = pins.roster?.roster else { return try firstDraft(pins) }
        var draft = TeamDraft(roster: roster, files: [:], base: pins)
        let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
        for (key, digest) in pins.keys { draft.files[key] = try keyring.file(digest) }
        return draft
    }

    /// Refuses to go on from lists or a roster that nobody here has looked at.
    func refuseUnacknowledged(_ pins: Pins) throws {
        let roster = try Files.readIfPresent(root / Roster.file)
        guard roster == pins.roster?.content, try lists() == pins.lists else {
            throw Problem(
                "the recipients are not those that this machine has acknowledged",
                hints: ["see what changed, and accept or refuse it: passel recipients review"])
        }
    }

    private func firstDraft(_ pins: Pins) throws -> TeamDraft {
        guard pins.lists[Roster.top] != nil else { throw NotInitialised() }
        let own = Set(try cipher.secretKeys().map(\.fingerprint))
        var draft = TeamDraft(roster: Roster(), files: [:], base: pins)
        for (folder, content) in pins.lists.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            let list = try RecipientList(content, path: folder / ".gpg-id")
            let people = try list.recipients.map { try person($0) }
            draft.set(people, as: nil, in: folder)
            for person in people where own.contains(person.fingerprint) {
                draft.add(person, as: Roster.Membership(.signer), to: folder)
            }
        }
        guard !draft.roster.signers(of: Roster.top).isEmpty else {
            throw Problem(
                "none of your keys is among the recipients of the store, so you cannot sign for it",
                hints: ["let one of them do it; see who: passel recipients"])
        }
        return draft
    }
}
