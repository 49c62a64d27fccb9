import PasselCore
import PasselPosix

/// Who may commit to a store, and their keys: the acknowledged team, or, where there is no roster,
/// those for whom the entries are.
struct Writers: Sendable {
    private let cipher: any Cipher
    private let now: Int64
    /// The roster that was acknowledged, if there is one.
    let roster: Roster?
    /// Everybody's keys in one file; nothing where nobody can be verified.
    let keyring: Path?
    /// What stands for these keys in the list of what was verified.
    let digest: Digest
    private let keys: [PublicKey]
    private let writing: Set<Fingerprint>

    init(_ store: Store) throws {
        cipher = store.cipher
        now = store.settings.now()
        let stored = store.storedPins
        let pins = try stored?.load(settling: false)
        roster = pins?.roster?.roster
        if let roster, let pins {
            keyring = try store.keyring(of: pins.keys)
            let sorted = pins.keys.sorted { $0.key < $1.key }
            digest = Digest(of: Array(sorted.flatMap { $0.value.bytes }) + roster.content)
            writing = Set(
                roster.folders.values.flatMap { $0.filter { $0.value.role != .machine }.keys })
        } else if let stored {
            let readers = try Self.readers(store, pins)
            let files = try readers.map { try store.cipher.export($0, from: .own) }
            digest = Digest(of: Array(files.joined()))
            writing = Set(readers)
            let file = stored.folder.file(Path("writers-\(digest.hex.prefix(16))".utf8))
            if !files.isEmpty, try FileStatus(of: file) == nil {
                try stored.folder.make()
                for old in try Files.names(in: stored.folder.path)
                where old.bytes.starts(with: "writers-".utf8) {
                    try stored.folder.remove(Path(old.bytes))
                }
                try store.cipher.makeKeyring(files, at: file)
            }
            keyring = files.isEmpty ? nil : file
        } else {
            (keyring, digest, writing) = (nil, Digest(of: []), [])
        }
        keys = try keyring.map { try store.cipher.keys([], in: .file($0)) } ?? []
    }

    /// Those that a commit itself names, which is all there is when a store is seen for the first
    /// time: people compare the fingerprints before they trust them.
    ///
    /// Nothing is remembered of what they vouch for.
    ///
    /// - Throws: a `Problem` when the roster is none, or none of its signers signed it.
    init(_ store: Store, namedBy team: OfferedTeam) throws {
        cipher = store.cipher
        now = store.settings.now()
        roster = try team.roster.map { try Roster($0.content) }
        var files: [[UInt8]]
        if let roster {
            files = try roster.keys.map { fingerprint, key in
                guard
                    let file = team.keys.first(where: { Digest(of: $0) == key.digest }),
                    try store.cipher.keys(inFile: file).map(\.fingerprint) == [fingerprint]
                else {
                    throw Problem(
                        "the key of \(Text(key.name)) is not the one that the roster names")
                }
                return file
            }
            writing = Set(
                roster.folders.values.flatMap { $0.filter { $0.value.role != .machine }.keys })
        } else {
            var readers: Set<Fingerprint> = []
            for (folder, content) in team.lists {
                let list = try RecipientList(content, path: folder / ".gpg-id")
                guard !list.recipients.isEmpty else { continue }
                readers.formUnion(
                    try store.cipher.keys(list.recipients, in: .own).map(\.fingerprint))
            }
            writing = readers
            files = try readers.sorted().map { try store.cipher.export($0, from: .own) }
        }
        digest = Digest(of: Array(files.joined()))
        guard !files.isEmpty, let folder = store.storedPins?.folder else {
            (keyring, keys) = (nil, [])
            return
        }
        try folder.make()
        let file = folder.file("offered-keys")
        try store.cipher.makeKeyring(files, at: file)
        keyring = file
        keys = try store.cipher.keys([], in: .file(file))
        if let roster, let offered = team.roster {
            let signers = try store.cipher.signers(
                of: offered.content, signature: offered.signature, in: file)
            let own = Set(roster.folders.keys.flatMap { roster.signers(of: $0) })
            guard !signers.isDisjoint(with: own) else {
                throw Problem("\(Roster.file) is not signed by any of its signers")
            }
        }
    }

    /// For whom the entries of a store without a roster are, by the lists that were acknowledged.
    private static func readers(_ store: Store, _ pins: Pins?) throws -> [Fingerprint] {
        var found = Set(pins?.readers.values.flatMap(\.keys) ?? [])
        let lists = try pins?.lists ?? store.lists()
        for (folder, content) in lists where pins?.readers[folder] == nil {
            let list = try RecipientList(content, path: folder / ".gpg-id")
            guard !list.recipients.isEmpty else { continue }
            found.formUnion(try store.cipher.keys(list.recipients, in: .own).map(\.fingerprint))
        }
        return found.sorted()
    }

    /// What a signature over these bytes is worth.
    func trust(_ commit: CommitObject) throws -> CommitTrust {
        switch commit.signature {
        case nil: return .unsigned
        case .foreign: return .foreign
        case .damaged: return .bad
        case .openPGP(let signature):
            guard let found = DetachedSignatures(signature) else { return .bad }
            guard let keyring else { return .unknownKey }
            let signers = try cipher.signers(
                of: commit.payload, signature: signature, in: keyring)
            if let signer = signers.sorted().first(where: writing.contains) {
                return .good(signer)
            }
            if let signer = signers.sorted().first { return .notInTeam(signer) }
            return try reason(found)
        }
    }

    /// Why none of the signatures is a good one of the team.
    private func reason(_ signatures: DetachedSignatures) throws -> CommitTrust {
        let issuers = Set(signatures.signatures.compactMap(\.issuer))
        for key in keys {
            let parts = ([key.primary] + key.subkeys).filter { issuers.contains($0.keyID) }
            guard !parts.isEmpty else { continue }
            return (parts + [key.primary]).allSatisfy { $0.isUsable(at: now) } ? .bad : .expired
        }
        // A key that left the team, or never was in it, has a name if the user knows it.
        let named = issuers.sorted().map { Recipient($0.hex.utf8) }
        guard !named.isEmpty, let key = try cipher.keys(named, in: .own).first else {
            return .unknownKey
        }
        return .notInTeam(key.fingerprint)
    }

    /// Whether somebody who signed may change what is under a name.
    ///
    /// Lists, keys, requests and the roster are judged by themselves. Without a roster everybody
    /// who reads may write.
    func mayWrite(_ signer: Fingerprint, _ name: [UInt8]) -> Bool {
        guard let roster, FilePolicy.kind(of: name) == .entry else { return true }
        let parts = name.split(separator: .slash).dropLast()
        let folder = parts.isEmpty ? Roster.top : Path(Array(parts.joined(separator: [.slash])))
        guard let place = roster.governing(folder) else { return true }
        if let membership = roster.folders[place]?[signer], membership.role != .machine {
            return true
        }
        return roster.signers(of: place).contains(signer)
    }
}

/// The writers of a store, worked out when they are first needed and once: gpg is asked three times
/// for it, for nothing where nobody signs.
final class WritersOnDemand {
    private let store: Store
    private lazy var found = Result { try Writers(store) }

    init(_ store: Store) { self.store = store }

    func get() throws -> Writers { try found.get() }
}
