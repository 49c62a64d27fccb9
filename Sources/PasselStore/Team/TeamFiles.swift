import PasselCore
import PasselPosix

/// What the store itself says of its team: the roster, its signature and the key files.
///
/// Nothing here is trusted because it is there.
struct TeamFiles {
    let store: Store

    /// Where the roster's signature lies below the store's top.
    static let signature: Path = ".passel/roster.sig"
    /// The folder of the key files.
    static let keys: Path = ".public-keys"

    /// The file of somebody's key.
    static func keyFile(_ key: Fingerprint) -> Path { keys / Path(key.hex.utf8) }

    /// The largest key file that is looked at.
    private static let keyLimit = 1 << 20

    /// The roster's signature; empty when there is none.
    func signature() throws -> [UInt8] {
        try Files.readIfPresent(store.root / Self.signature, limit: Self.keyLimit) ?? []
    }

    /// The key file with this digest: under the key's name if possible, else wherever it lies.
    func keyFile(_ key: Fingerprint, _ digest: Digest) throws -> [UInt8]? {
        let named = try named(key)
        if let named, Digest(of: named) == digest { return named }
        return try contents().first { Digest(of: $0) == digest }
    }

    /// What lies under the name of somebody's key; nothing when it is too large for a key.
    private func named(_ key: Fingerprint) throws -> [UInt8]? {
        let path = store.root / Self.keyFile(key)
        guard let status = try FileStatus(of: path, following: false), status.kind == .file,
            status.size <= Self.keyLimit
        else { return nil }
        return try Files.read(path, limit: Self.keyLimit)
    }

    /// The newest file of somebody's key, recognised by what is in it.
    func keyFile(_ key: Fingerprint) throws -> [UInt8]? {
        if let named = try named(key),
            try store.cipher.keys(inFile: named).contains(where: { $0.fingerprint == key })
        {
            return named
        }
        return try contents().first {
            try store.cipher.keys(inFile: $0).contains { $0.fingerprint == key }
        }
    }

    /// The content of every key file, in the order of their names.
    func contents() throws -> [[UInt8]] {
        let folder = store.root / Self.keys
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder).sorted { $0.bytes.precedes($1.bytes) }.compactMap {
            // A link or folder among them is none of ours, nor is what no key can be as large as.
            guard $0.kind == .file,
                let status = try FileStatus(of: folder / $0.bytes, following: false),
                status.size <= Self.keyLimit
            else { return nil }
            return try Files.read(folder / $0.bytes, limit: Self.keyLimit)
        }
    }

    /// A roster that one of its own signers signed, with all the keys it names; the pins get them.
    ///
    /// - Throws: a `Problem` that says what is missing.
    func trusted(_ content: [UInt8], _ pins: inout Pins) throws -> Pins.AcceptedRoster {
        let accepted = try Pins.AcceptedRoster(content: content, signature: try signature())
        try adoptKeys(of: accepted.roster, &pins)
        let signers = try self.signers(of: accepted, pins.keys)
        let own = Set(accepted.roster.folders.keys.flatMap { accepted.roster.signers(of: $0) })
        guard !signers.isDisjoint(with: own) else {
            throw Problem(
                "\(Roster.file) is not signed by any of its signers",
                hints: ["see who changed it: passel git log -- \(Roster.file)"])
        }
        return accepted
    }

    /// Keeps the key files that a roster names where only this machine can change them.
    func adoptKeys(of roster: Roster, _ pins: inout Pins) throws {
        guard let stored = store.storedPins else { return }
        let keyring = PrivateKeyring(folder: stored.folder, cipher: store.cipher)
        pins.keys = [:]
        for (fingerprint, key) in roster.keys {
            guard let file = try keyFile(fingerprint, key.digest) else {
                throw Problem(
                    "the key of \(Text(key.name)) in the store is not the one that the roster names",
                    hints: ["see who changed it: passel git log -- \(Self.keys)"])
            }
            guard try store.cipher.keys(inFile: file).map(\.fingerprint) == [fingerprint] else {
                throw Problem(
                    "the key file of \(Text(key.name)) holds another key",
                    hints: ["see who changed it: passel git log -- \(Self.keys)"])
            }
            try keyring.keep(file)
            pins.keys[fingerprint] = key.digest
        }
    }

    /// Whose good signatures the roster carries.
    func signers(
        of roster: Pins.AcceptedRoster, _ keys: [Fingerprint: Digest]
    ) throws -> Set<Fingerprint> {
        guard let keyring = try store.keyring(of: keys) else { return [] }
        return try store.cipher.signers(
            of: roster.content, signature: roster.signature, in: keyring)
    }
}

extension Store {
    /// The private keyring of these keys; nothing where this machine keeps no state.
    func keyring(of keys: [Fingerprint: Digest]) throws -> Path? {
        try storedPins.map {
            try PrivateKeyring(folder: $0.folder, cipher: cipher).path(of: keys)
        }
    }
}
