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

    /// The steps from `old` to the roster with this content, which lies in the store.
    ///
    /// Those in between are found in the store's history.
    ///
    /// - Throws: a `Problem` that says where the chain breaks.
    func steps(from old: Pins.AcceptedRoster, to content: [UInt8]) throws -> [Step] {
        try steps(
            from: old,
            to: Pins.AcceptedRoster(content: content, signature: try files.signature()))
    }

    /// As above, wherever the last one is.
    func steps(
        from old: Pins.AcceptedRoster, to last: Pins.AcceptedRoster
    ) throws -> [Step] {
        guard last.roster.generation > old.roster.generation else {
            throw Problem(
                "roster \(last.roster.generation) is not newer than roster \(old.roster.generation), which this machine has acknowledged",
                hints: ["put the newer one back: passel recipients review --refuse"])
        }
        let isNext = last.roster.parents == [old.roster.digest]
        var walk = RosterWalk(from: old, known: isNext ? [:] : try history())
        guard walk.leads(to: last) else {
            guard walk.missing.isEmpty else {
                throw Problem(
                    "roster \(last.roster.generation) does not follow the acknowledged one, and the one before it is not in the history",
                    hints: ["get all of the history: passel git fetch --unshallow"])
            }
            throw Problem(
                "roster \(last.roster.generation) follows another roster than the acknowledged one",
                hints: ["see who changed it: passel git log -- \(Roster.file)"])
        }
        try check(walk)
        return walk.steps(to: last)
    }

    /// Demands that each roster on the way rightly follows every one that it was made from and that
    /// the way leads over: whom one of two took out cannot sign for both.
    private func check(_ walk: RosterWalk) throws {
        guard let stored = store.storedPins else { return }
        let keyring = stored.folder.file(Path(Scratch.prefix + Random.name(length: 16)))
        defer { Scratch.remove(keyring) }
        try store.cipher.makeKeyring(
            try keys(of: walk.passed.map(\.roster) + [walk.start.roster]), at: keyring)
        for after in walk.passed {
            let signers = try store.cipher.signers(
                of: after.content, signature: after.signature, in: keyring)
            for before in walk.parents(of: after)
            where !after.roster.follows(before.roster, signedBy: signers) {
                throw Problem(
                    signers.isEmpty
                        ? "roster \(after.roster.generation) has no good signature"
                        : "roster \(after.roster.generation) is signed by somebody who may not change it",
                    hints: ["see who changed it: passel git log -- \(Roster.file)"])
            }
        }
    }

    /// Whether a roster is signed by one of its own signers, as far as the store has their keys.
    func isSelfSigned(_ accepted: Pins.AcceptedRoster) throws -> Bool {
        guard let stored = store.storedPins else { return true }
        let keyring = stored.folder.file(Path(Scratch.prefix + Random.name(length: 16)))
        defer { Scratch.remove(keyring) }
        try store.cipher.makeKeyring(try keys(of: [accepted.roster]), at: keyring)
        let signers = try store.cipher.signers(
            of: accepted.content, signature: accepted.signature, in: keyring)
        let own = Set(accepted.roster.folders.keys.flatMap { accepted.roster.signers(of: $0) })
        return !signers.isDisjoint(with: own)
    }

    /// The newest roster from which both were made, and whether it is known that there is none.
    func commonRoster(
        of left: Pins.AcceptedRoster, and right: Pins.AcceptedRoster
    ) throws -> Pins.AcceptedRoster? {
        let known = try history()
        var ancestors: Set<Digest> = [left.roster.digest]
        var queue = [left.roster]
        while let next = queue.popLast() {
            for parent in next.parents where ancestors.insert(parent).inserted {
                if let found = known[parent] { queue.append(found.roster) }
            }
        }
        var seen: Set<Digest> = []
        queue = [right.roster]
        while !queue.isEmpty {
            let next = queue.removeFirst()
            for parent in next.parents where seen.insert(parent).inserted {
                if ancestors.contains(parent) {
                    guard let found = known[parent] else { throw Self.notInHistory }
                    return found
                }
                guard let found = known[parent] else { throw Self.notInHistory }
                queue.append(found.roster)
            }
        }
        return nil
    }

    private static let notInHistory = Problem(
        "the roster before the two is not in the history",
        hints: ["get all of the history: passel git fetch --unshallow"])

    /// Whether `old` is one of those that a roster was made from, over any number of steps.
    func isMade(_ roster: Roster, from old: Digest) throws -> Bool {
        if roster.parents.contains(old) { return true }
        let known = try history()
        var seen: Set<Digest> = []
        var queue = [roster]
        while let next = queue.popLast() {
            for parent in next.parents where seen.insert(parent).inserted {
                if parent == old { return true }
                if let found = known[parent] { queue.append(found.roster) }
            }
        }
        return false
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
