import PasselCore
import PasselGit
import PasselPosix

/// The rosters between the one that was acknowledged and the one in the store, each of which must
/// rightly follow the one before it.
struct RosterChain {
    let store: Store
    private let files: TeamFiles

    init(store: Store) {
        self.store = store
        files = TeamFiles(store: store)
    }

    typealias Step = (before: Pins.AcceptedRoster, after: Pins.AcceptedRoster)

    /// The steps from `old` to the roster with this content.
    ///
    /// Those in between are found in the store's history.
    ///
    /// - Throws: a `Problem` that says where the chain breaks.
    func steps(from old: Pins.AcceptedRoster, to content: [UInt8]) throws -> [Step] {
        let last = try Pins.AcceptedRoster(content: content, signature: try files.signature())
        guard last.roster.generation > old.roster.generation else {
            throw Problem(
                "roster \(last.roster.generation) is not newer than roster \(old.roster.generation), which this machine has acknowledged",
                hints: ["put the newer one back: passel recipients review --refuse"])
        }
        var chain = [last]
        var earlier: [Digest: Pins.AcceptedRoster]?
        while let first = chain.first, first.roster.previous != old.roster.digest {
            let known = try earlier ?? history()
            earlier = known
            guard let previous = first.roster.previous, let found = known[previous] else {
                throw Problem(
                    "roster \(first.roster.generation) does not follow the acknowledged one, and the one before it is not in the history",
                    hints: ["get all of the history: passel git fetch --unshallow"])
            }
            guard found.roster.generation > old.roster.generation else {
                throw Problem(
                    "roster \(first.roster.generation) follows another roster than the acknowledged one",
                    hints: ["see who changed it: passel git log -- \(Roster.file)"])
            }
            chain.insert(found, at: 0)
        }
        return try checked(chain, from: old)
    }

    private func checked(
        _ chain: [Pins.AcceptedRoster], from old: Pins.AcceptedRoster
    ) throws -> [Step] {
        guard let stored = store.storedPins else { return [] }
        let keyring = stored.folder.file(Path(Scratch.prefix + Random.name(length: 16)))
        defer { Scratch.remove(keyring) }
        try store.cipher.makeKeyring(
            try keys(of: chain.map(\.roster) + [old.roster]), at: keyring)
        var steps: [Step] = []
        var before = old
        for after in chain {
            let signers = try store.cipher.signers(
                of: after.content, signature: after.signature, in: keyring)
            guard after.roster.follows(before.roster, signedBy: signers) else {
                throw Problem(
                    signers.isEmpty
                        ? "roster \(after.roster.generation) has no good signature"
                        : "roster \(after.roster.generation) is signed by somebody who may not change it",
                    hints: ["see who changed it: passel git log -- \(Roster.file)"])
            }
            steps.append((before, after))
            before = after
        }
        return steps
    }

    /// Key files of everybody in these rosters: what was acknowledged, and what the store has.
    ///
    /// Any version of a key does: a signature is judged by the fingerprint of the primary key.
    private func keys(of rosters: [Roster]) throws -> [[UInt8]] {
        let wanted = Set(rosters.flatMap(\.keys.keys))
        var found: [Fingerprint: [[UInt8]]] = [:]
        if let stored = store.storedPins, let pins = try stored.load(settling: false) {
            let keyring = PrivateKeyring(folder: stored.folder, cipher: store.cipher)
            for (key, digest) in pins.keys { found[key] = [try keyring.file(digest)] }
        }
        for file in try files.contents() {
            let keys = try store.cipher.keys(inFile: file)
            guard keys.count == 1, let key = keys.first?.fingerprint, wanted.contains(key),
                found[key]?.contains(file) != true
            else { continue }
            found[key, default: []].append(file)
        }
        return try found.values.map { versions in
            versions.count == 1 ? versions[0] : try store.cipher.merged(versions)
        }
    }

    /// Every roster that the history has, by its digest.
    private func history() throws -> [Digest: Pins.AcceptedRoster] {
        guard let repository = try store.repository(around: store.root),
            let name = repository.name(of: store.root / Roster.file),
            let signature = repository.name(of: store.root / TeamFiles.signature)
        else { return [:] }
        var found: [Digest: Pins.AcceptedRoster] = [:]
        for revision in try repository.revisions(of: name) {
            guard let roster = revision.leaf, roster.isFile,
                let signed = try repository.leaf(at: signature, in: revision.commit.id),
                signed.isFile
            else { continue }
            let content = try repository.content(of: roster.id)
            // What is no roster cannot be part of a chain.
            guard
                let roster = try? Pins.AcceptedRoster(
                    content: content, signature: try repository.content(of: signed.id))
            else { continue }
            found[Digest(of: content)] = roster
        }
        return found
    }
}
