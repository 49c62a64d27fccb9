import PasselCore
import PasselPosix

/// Two rosters that signers made at the same time: neither follows the other, and a signer has to
/// make one of both.
struct Divergence: Equatable {
    /// The roster that this machine has acknowledged.
    let ours: Pins.AcceptedRoster
    /// The other one, as it is signed.
    let theirs: Pins.AcceptedRoster
    /// The one before both, if there was one.
    let base: Roster?
    /// Whether the other one stands in the store and ours does not.
    let isTheirsInPlace: Bool

    /// What both mean, still to be completed and signed.
    var merged: Roster { Roster.merging(base: base, ours: ours.roster, theirs: theirs.roster) }

    /// Whose signature both would accept under this roster.
    func signers(of roster: Roster) -> [Fingerprint] {
        Set(ours.roster.keys.keys).union(theirs.roster.keys.keys).sorted().filter { key in
            [ours.roster, theirs.roster].allSatisfy { roster.follows($0, signedBy: [key]) }
        }
    }
}

extension Store {
    /// A roster that was made at the same time as the acknowledged one, in its place or kept beside
    /// it by a merge; nothing where there is none.
    ///
    /// - Throws: a `Problem` when it did not come about rightly.
    func divergence(from pins: Pins) throws -> Divergence? {
        guard let ours = pins.roster else { return nil }
        let chain = RosterChain(store: self)
        for (name, theirs) in try keptRosters() {
            guard theirs.content != ours.content,
                try !chain.isMade(ours.roster, from: theirs.roster.digest)
            else { continue }
            // One that follows ours needs no merging.
            if theirs.roster.generation > ours.roster.generation,
                try chain.isMade(theirs.roster, from: ours.roster.digest)
            {
                continue
            }
            let base = try chain.commonRoster(of: ours, and: theirs)
            if let base {
                _ = try chain.steps(from: base, to: theirs)
            } else if try !chain.isSelfSigned(theirs) {
                throw Problem("\(name) is not signed by any of its signers")
            }
            return Divergence(
                ours: ours, theirs: theirs, base: base?.roster,
                isTheirsInPlace: name == Roster.file)
        }
        return nil
    }

    /// The roster in the store and those that merges kept beside it, with their signatures.
    private func keptRosters() throws -> [(name: Path, roster: Pins.AcceptedRoster)] {
        var found: [(Path, Pins.AcceptedRoster)] = []
        for name in try [Roster.file] + keptNames(beside: Roster.file) {
            let limit = 4 << 20
            guard let content = try Files.readIfPresent(root / name, limit: limit) else { continue }
            let signature = try Files.readIfPresent(root / name.appending(".sig"), limit: limit)
            // What is no roster is told where it stands in the place of one.
            guard
                let roster = try? Pins.AcceptedRoster(
                    content: content, signature: signature ?? [])
            else { continue }
            found.append((name, roster))
        }
        return found
    }

    /// The copies that merges kept of a file of the store, without their signatures.
    func keptNames(beside name: Path) throws -> [Path] {
        let folder = root / name.parent
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder).map { name.parent / $0.bytes }
            .filter { ConflictName.parse($0)?.original == name && FileStatus.isFile(root / $0) }
            .sorted { $0.bytes.precedes($1.bytes) }
    }

    // MARK: What would come of it

    /// The roster of both and the keys in it; with `isRefused` what ours says, which takes theirs
    /// in without a change.
    func draft(of divergence: Divergence, _ pins: Pins, isRefused: Bool) throws -> TeamDraft {
        guard let stored = storedPins else { throw Problem("the store has no roster") }
        let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
        var draft = TeamDraft(
            roster: isRefused ? divergence.ours.roster : divergence.merged, files: [:], base: pins)
        draft.merging = divergence.theirs.roster
        for (key, named) in draft.roster.keys {
            let own = try pins.keys[key].map { try keyring.file($0) }
            var other: [UInt8]?
            if let digest = divergence.theirs.roster.keys[key]?.digest {
                other = try TeamFiles(store: self).keyFile(key, digest)
            }
            let old = divergence.base?.keys[key]?.digest
            if let own, let other, own != other, Digest(of: own) != old, Digest(of: other) != old {
                // Both brought a newer version of it.
                let file = try cipher.merged([own, other])
                draft.files[key] = file
                draft.roster.keys[key]?.digest = Digest(of: file)
            } else if let file = [own, other].compactMap(\.self).first(where: {
                Digest(of: $0) == named.digest
            }) {
                draft.files[key] = file
            } else {
                throw Problem(
                    "the key of \(Text(named.name)) in the store is not the one that the roster names",
                    hints: ["see who changed it: passel git log -- \(TeamFiles.keys)"])
            }
        }
        return draft
    }

    /// Merges the two rosters, or lets ours stand, in one commit with everything that follows.
    ///
    /// - Throws: a `Problem` that nobody of ours may sign it; one of status 3 when entries are left
    ///   that we cannot read.
    func settle(_ divergence: Divergence, _ pins: Pins, isRefused: Bool) throws {
        let draft = try draft(of: divergence, pins, isRefused: isRefused)
        var change = TeamChange(
            draft,
            subject: isRefused
                ? "Refuse the changed recipients."
                : "Merge two changes of the recipients.")
        change.partial = true
        change.steps = try leftovers(of: divergence, draft)
        let outcome = try performAlone(change)
        guard outcome.failed.isEmpty else {
            let names = outcome.failed.map(\.name).joined(separator: ", ")
            throw Problem(
                "the recipients are merged, but you cannot read these to encrypt them anew: \(names)",
                hints: ["let somebody who can read them do it: passel recipients heal"], status: 3)
        }
    }

    /// What the other roster brought and neither the merged one nor ours has, and the copies that
    /// were kept.
    private func leftovers(
        of divergence: Divergence, _ draft: TeamDraft
    ) throws -> [FileChange] {
        var steps: [FileChange] = []
        func remove(_ name: Path) throws {
            guard try FileStatus(of: root / name, following: false) != nil else { return }
            steps.append(.remove(root / name))
        }
        for name in try keptNames(beside: Roster.file)
        where try Files.readIfPresent(root / name, limit: 4 << 20) == divergence.theirs.content {
            try remove(name)
            try remove(name.appending(".sig"))
        }
        let roster = draft.roster
        let keys = Set(divergence.ours.roster.keys.keys).union(divergence.theirs.roster.keys.keys)
        for key in keys.sorted() {
            for name in try keptNames(beside: TeamFiles.keyFile(key)) { try remove(name) }
            if roster.keys[key] == nil, draft.old?.keys[key] == nil {
                try remove(TeamFiles.keyFile(key))
            }
        }
        for folder in try lists().keys.sorted(by: { $0.bytes.precedes($1.bytes) })
        where roster.folders[folder] == nil && draft.base.lists[folder] == nil {
            let file: Path = folder == Roster.top ? ".gpg-id" : folder / ".gpg-id"
            try remove(file)
            try remove(file.appending(".sig"))
        }
        return steps
    }
}
