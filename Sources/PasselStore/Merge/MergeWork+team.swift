import PasselCore
import PasselGit

extension MergeWork {
    /// Rosters, the lists that follow from them, lists without a roster, and public keys.
    func mergeTeam(
        _ both: [[UInt8]: MergeSides.Three], _ taken: inout [[UInt8]: MergeSides.Three]
    ) throws {
        let isDiverged = try mergeRoster(both, &taken)
        let roster = try roster(under: sides.name(Roster.file))
        try mergeLists(both, &taken, roster, isDiverged: isDiverged)
        try mergeKeys(both, &taken, roster, isDiverged: isDiverged)
    }

    /// The roster that a merged store will have.
    private func roster(under name: [UInt8]) throws -> Roster? {
        guard let leaf = try standing(name), leaf.isFile else { return nil }
        // What is no roster says nothing about anybody.
        return try? Roster(repository.content(of: leaf.id, limit: 4 << 20))
    }

    /// What stands under a name that need not have been changed by anybody.
    private func standing(_ name: [UInt8]) throws -> GitLeaf? {
        if decided[name] != nil || sides.changed[name] != nil { return leafNow(name) }
        return try repository.leaf(at: name, in: merge.ours)
    }

    /// Both rosters; true when neither follows from the other.
    ///
    /// Ours stays, for nobody can sign here: theirs is kept beside it, until a signer makes one of
    /// both.
    private func mergeRoster(
        _ both: [[UInt8]: MergeSides.Three], _ taken: inout [[UInt8]: MergeSides.Three]
    ) throws -> Bool {
        let (name, signature) = (sides.name(Roster.file), sides.name(TeamFiles.signature))
        guard let three = both[name], three.ours != three.theirs else {
            // A signature goes with what it signs.
            if let signed = both[signature] {
                decided[signature] = content(taken[name] == nil ? signed.ours : signed.theirs)
            }
            return false
        }
        guard let ours = three.ours, let theirs = three.theirs, ours.isFile, theirs.isFile else {
            // Without a roster there would be nobody who could say who reads the store.
            let side: MergeSide = three.ours?.isFile == true ? .ours : .theirs
            take(side, name, signature)
            return false
        }
        if let follower = try follower(ours, theirs) {
            take(follower, name, signature)
            if follower == .theirs { taken[name] = three }
            return false
        }
        take(.ours, name, signature)
        let kept = try keep(.leaf(theirs), id: theirs.id, of: name)
        if let signed = try repository.leaf(at: signature, in: merge.theirs) {
            decided[kept + Array(".sig".utf8)] = .leaf(signed)
        }
        tell(
            name,
            .keptBoth(
                kept: shown(kept), reason: "both sides changed the team; a signer has to merge it"))
        return true
    }

    private func take(_ side: MergeSide, _ name: [UInt8], _ signature: [UInt8]) {
        decided[name] = content(sides.changed[name]?.leaf(side))
        if let signed = sides.changed[signature] { decided[signature] = content(signed.leaf(side)) }
    }

    /// The side whose roster was made from the other's, over any number of steps: two who made the
    /// same change made the same roster, and one of them may have gone on.
    private func follower(_ ours: GitLeaf, _ theirs: GitLeaf) throws -> MergeSide? {
        let (mine, other) = try (
            repository.content(of: ours.id, limit: 4 << 20),
            repository.content(of: theirs.id, limit: 4 << 20)
        )
        // What is no roster follows nothing.
        guard let left = try? Roster(mine), let right = try? Roster(other) else { return nil }
        if try isMade(left, from: right.digest, merge.ours) { return .ours }
        if try isMade(right, from: left.digest, merge.theirs) { return .theirs }
        return nil
    }

    /// Whether `old` is one of those that a roster was made from, as far as the history of its
    /// commit tells.
    private func isMade(_ roster: Roster, from old: Digest, _ commit: GitID) throws -> Bool {
        if roster.parents.contains(old) { return true }
        var known: [Digest: Roster] = [:]
        for revision in try repository.revisions(of: sides.name(Roster.file), from: commit) {
            guard let leaf = revision.leaf, leaf.isFile else { continue }
            // What is no roster cannot be part of a chain.
            let found = try? Roster(repository.content(of: leaf.id, limit: 4 << 20))
            if let found { known[found.digest] = found }
        }
        var seen: Set<Digest> = []
        var queue = [roster]
        while let next = queue.popLast() {
            for parent in next.parents where seen.insert(parent).inserted {
                if parent == old { return true }
                if let found = known[parent] { queue.append(found) }
            }
        }
        return false
    }

    // MARK: - Lists

    private func mergeLists(
        _ both: [[UInt8]: MergeSides.Three], _ taken: inout [[UInt8]: MergeSides.Three],
        _ roster: Roster?, isDiverged: Bool
    ) throws {
        if isDiverged {
            // All of them follow from our roster.
            for (name, three) in sides.changed
            where [.list, .listSignature].contains(sides.kind(name)) {
                decided[name] = content(three.ours)
                taken[name] = nil
            }
            return
        }
        for (name, three) in both.sorted(by: { $0.key.precedes($1.key) })
        where sides.kind(name) == .list {
            if let roster {
                try derive(name, three, from: roster)
            } else {
                try mergeList(name, three)
            }
        }
        for (name, three) in both where sides.kind(name) == .listSignature {
            let list = Array(name.dropLast(".sig".utf8.count))
            let now = try standing(list)
            let sides: [MergeSide] = [.ours, .theirs]
            let signer = try sides.first {
                try now == repository.leaf(at: list, in: $0 == .ours ? merge.ours : merge.theirs)
            }
            decided[name] = content(now == nil ? nil : signer.flatMap { three.leaf($0) })
        }
    }

    /// A list as the roster says it; what the sides wrote by hand is not taken over.
    private func derive(_ name: [UInt8], _ three: MergeSides.Three, from roster: Roster) throws {
        let folder = sides.path(name)?.parent ?? Roster.top
        guard let list = roster.list(of: folder) else {
            decided[name] = .nothing
            if three.ours != nil || three.theirs != nil { tell(name, .overruled) }
            return
        }
        let id = GitID(ofFile: list)
        decided[name] = three.ours?.id == id ? content(three.ours) : .made(list)
        let isSaidByBoth = [three.ours, three.theirs].allSatisfy { $0?.id == id }
        // Fingerprints in place of the names that a list without a roster had say the same.
        if !isSaidByBoth,
            try !says(three.ours, roster, folder) || !says(three.theirs, roster, folder)
        {
            tell(name, .overruled)
        }
    }

    /// Whether a list names nobody but those of the roster, or is one that the common commit had.
    private func says(_ leaf: GitLeaf?, _ roster: Roster, _ folder: Path) throws -> Bool {
        guard let leaf, leaf.isFile else { return false }
        let content = try repository.content(of: leaf.id, limit: 1 << 20)
        let list = try RecipientList(content, path: folder / ".gpg-id")
        let members = roster.folders[folder] ?? [:]
        let named = list.recipients.map { Fingerprint($0.bytes) }
        return named.allSatisfy { $0.map { members[$0] != nil } ?? false }
            && named.count == members.count
    }

    /// The set of both, of which nobody is in whom one side took out.
    private func mergeList(_ name: [UInt8], _ three: MergeSides.Three) throws {
        func bytes(_ leaf: GitLeaf?) throws -> [UInt8]? {
            guard let leaf, leaf.isFile else { return nil }
            return try repository.content(of: leaf.id, limit: 1 << 20)
        }
        let (ours, theirs) = (try bytes(three.ours), try bytes(three.theirs))
        let merged = ListMerge.merging(base: try bytes(three.base), ours: ours, theirs: theirs)
        guard let merged else {
            decided[name] = .nothing
            return tell(name, .removed)
        }
        if merged == ours {
            decided[name] = content(three.ours)
        } else if merged == theirs {
            decided[name] = content(three.theirs)
            tell(name, .changed)
        } else {
            decided[name] = .made(merged)
            let signature = name + Array(".sig".utf8)
            if try repository.leaf(at: signature, in: merge.ours) != nil {
                // Nobody signed what came of it.
                decided[signature] = .nothing
                tell(name, .unsigned)
            } else {
                tell(name, .merged)
            }
        }
    }

    // MARK: - Keys

    private func mergeKeys(
        _ both: [[UInt8]: MergeSides.Three], _ taken: inout [[UInt8]: MergeSides.Three],
        _ roster: Roster?, isDiverged: Bool
    ) throws {
        if isDiverged {
            // Our roster names our files; theirs, by whom their roster may be signed, stay for
            // whoever merges the two.
            for (name, three) in sides.changed
            where sides.kind(name) == .key && three.ours != three.theirs
                && (three.ours ?? three.base) != nil
            {
                decided[name] = content(three.ours)
                taken[name] = nil
                if let theirs = three.theirs {
                    _ = try keep(.leaf(theirs), id: theirs.id, of: name)
                }
            }
            return
        }
        for (name, three) in both where sides.kind(name) == .key && three.ours != three.theirs {
            guard let ours = three.ours, let theirs = three.theirs else {
                let isNamed = Fingerprint(Path(name).name).map { roster?.keys[$0] != nil } ?? false
                decided[name] =
                    isNamed || roster == nil ? content(three.ours ?? three.theirs) : .nothing
                continue
            }
            let files = try [ours, theirs].map { try repository.content(of: $0.id, limit: 1 << 20) }
            let named = Fingerprint(Path(name).name).flatMap { roster?.keys[$0]?.digest }
            if let index = files.firstIndex(where: { Digest(of: $0) == named }) {
                decided[name] = content(index == 0 ? ours : theirs)
            } else if predicting {
                decided[name] = .made([])
            } else if let merged = try? store.cipher.merged(files) {
                decided[name] = .made(merged)
            } else {
                // One of the two is no key.
                let kept = try keep(.leaf(theirs), id: theirs.id, of: name)
                decided[name] = content(ours)
                tell(name, .keptBoth(kept: shown(kept), reason: "it is no key"))
                continue
            }
            tell(name, .merged)
        }
    }
}
