import PasselCore

/// Whom key ids belong to, as far as this machine knows: from the pins without asking gpg, from
/// keyrings as gpg tells.
struct KnownPeople {
    private let store: Store
    private let pins: Pins
    private let keysAhead: KeysAhead?
    private var owners: [KeyID: Fingerprint] = [:]
    private var keyIDs: [Fingerprint: Set<KeyID>] = [:]
    private var names: [Fingerprint: Text] = [:]
    /// The keys that gpg told about.
    private(set) var keys: [Fingerprint: PublicKey] = [:]

    /// Those whom this machine has acknowledged.
    init(_ store: Store, _ pins: Pins, _ keysAhead: KeysAhead? = nil) {
        self.store = store
        self.pins = pins
        self.keysAhead = keysAhead
        for readers in pins.readers.values {
            for (fingerprint, reader) in readers { add(reader.keyIDs, of: fingerprint) }
        }
        for (fingerprint, key) in pins.roster?.roster.keys ?? [:] {
            names[fingerprint] = Text(key.name)
        }
    }

    /// Learns what gpg says of a key; names and owners that are known stay.
    mutating func learn(_ key: PublicKey) {
        let fingerprint = key.fingerprint
        if keys[fingerprint] == nil { keys[fingerprint] = key }
        if let userID = key.userIDs.first { name(fingerprint, Text(userID)) }
        add(key.readerIDs, of: fingerprint)
    }

    /// Learns a name; one that is known stays.
    mutating func name(_ fingerprint: Fingerprint, _ name: Text) {
        if names[fingerprint] == nil { names[fingerprint] = name }
    }

    private mutating func add(_ ids: Set<KeyID>, of fingerprint: Fingerprint) {
        keyIDs[fingerprint, default: []].formUnion(ids)
        for id in ids where owners[id] == nil { owners[id] = fingerprint }
    }

    /// Whose key has this id.
    func owner(of id: KeyID) -> Fingerprint? { owners[id] }

    /// The ids of somebody's parts that encrypt, whatever their age.
    func ids(of fingerprint: Fingerprint) -> Set<KeyID> { keyIDs[fingerprint] ?? [] }

    /// Somebody by name; by fingerprint alone where no name is known.
    func named(_ fingerprint: Fingerprint) -> NamedKey {
        NamedKey(name: names[fingerprint] ?? Text(fingerprint.bytes), fingerprint: fingerprint)
    }

    /// Whom a packet is for.
    func addressee(_ id: KeyID) -> Addressee {
        if id == .hidden { return .hidden }
        return owners[id].map { .key(named($0)) } ?? .unknown(id)
    }

    /// The part of a key that has this id, where gpg told about the key.
    func part(_ id: KeyID, of fingerprint: Fingerprint) -> PublicKey.Part? {
        keys[fingerprint].flatMap { key in
            ([key.primary] + key.subkeys).first { $0.keyID == id && $0.canEncrypt }
        }
    }

    // MARK: Asking gpg

    /// Learns about the keys of the team, as far as this machine has acknowledged them.
    mutating func askTeam() throws {
        guard !pins.keys.isEmpty, let keyring = try store.keyring(of: pins.keys) else { return }
        for key in try store.cipher.keys([], in: .file(keyring)) { learn(key) }
    }

    /// Learns whose these ids are and what they are called, as far as this machine can tell.
    mutating func askOwners(of ids: Set<KeyID>) throws {
        if ids.contains(where: { owners[$0] == nil }) {
            try askTeam()
            try ask(about: ids)
        }
        try askNames(of: Set(ids.compactMap { owners[$0] }))
    }

    /// Learns the names of those who have none yet.
    mutating func askNames(of people: Set<Fingerprint>) throws {
        let nameless = people.filter { names[$0] == nil }.sorted()
        guard !nameless.isEmpty else { return }
        for key in try store.cipher.keys(nameless.map(\.recipient), in: .own) { learn(key) }
    }

    /// Learns whose these ids are, as far as the user's own keyring tells.
    private mutating func ask(about ids: Set<KeyID>) throws {
        let unknown = ids.filter { owners[$0] == nil }.sorted()
        guard !unknown.isEmpty else { return }
        let names = unknown.map { Recipient("0x\($0.hex)".utf8) }
        for key in try store.cipher.keys(names, in: .own) { learn(key) }
    }

    /// What gpg is asked for these people and names.
    static func asked(
        _ names: Set<Recipient>, besides people: Set<Fingerprint>
    ) -> [Recipient] {
        people.sorted().map(\.recipient) + names.sorted { $0.bytes.precedes($1.bytes) }
    }

    /// Whom the names in bare lists mean, and whom the fingerprints; asks gpg once for all of them.
    ///
    /// Nobody where no key here has the name.
    mutating func meaning(
        of names: Set<Recipient>, besides people: Set<Fingerprint> = []
    ) throws -> [Recipient: Set<Fingerprint>] {
        guard !names.isEmpty || !people.isEmpty else { return [:] }
        let asked = Self.asked(names, besides: people)
        let found = try keysAhead?.keys(asked) ?? store.cipher.keys(asked, in: .own)
        for key in found { learn(key) }
        var meanings: [Recipient: Set<Fingerprint>] = [:]
        for name in names { meanings[name] = try meaning(of: name, among: found) }
        return meanings
    }

    /// What gpg would really do is tried out only for a name that no key bears, such as that of a
    /// group, or several.
    private mutating func meaning(
        of name: Recipient, among found: [PublicKey]
    ) throws -> Set<Fingerprint> {
        // With an exclamation mark gpg takes this very part of a key.
        let digits = name.bytes.last == UInt8(ascii: "!") ? name.bytes.dropLast() : name.bytes[...]
        if let fingerprint = Fingerprint(digits) {
            return Set(found.filter { $0.has(fingerprint) }.map(\.fingerprint))
        }
        let matching = found.filter { $0.matches(name) }
        if let only = matching.first, matching.count == 1 { return [only.fingerprint] }
        // A name that cannot be encrypted to is told by who it means, if anybody.
        let ids = (try? store.cipher.readers(of: [name]))?.filter { $0 != .hidden } ?? []
        guard !ids.isEmpty else { return Set(matching.map(\.fingerprint)) }
        try ask(about: Set(ids))
        return Set(ids.compactMap { owners[$0] })
    }
}

extension PublicKey {
    /// Whether this is the fingerprint of the key or of one of its subkeys.
    fileprivate func has(_ fingerprint: Fingerprint) -> Bool {
        ([primary] + subkeys).contains { $0.fingerprint == fingerprint }
    }
}
