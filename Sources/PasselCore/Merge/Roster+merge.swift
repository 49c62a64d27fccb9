extension Roster {
    /// The roster after both sides changed it, still to be signed: removals win, what both added
    /// unites.
    ///
    /// Whoever was given two roles has the lower one, and of two last days the earlier. A folder
    /// whose own readers one side gave up has none; nor has one in which the removals of both leave
    /// nobody. Both then have the readers of the folder above.
    public static func merging(base: Roster?, ours: Roster, theirs: Roster) -> Roster {
        var merged = Roster()
        merged.generation = max(ours.generation, theirs.generation) + 1
        merged.previous = ours.digest
        merged.merged = theirs.digest
        for folder in Set(ours.folders.keys).union(theirs.folders.keys) {
            let readers = readers(
                base?.folders[folder], ours.folders[folder], theirs.folders[folder])
            if let readers, !readers.isEmpty { merged.folders[folder] = readers }
        }
        let readers = Set(merged.folders.values.flatMap(\.keys))
        for fingerprint in Set(ours.keys.keys).union(theirs.keys.keys) {
            let old = base?.keys[fingerprint]
            let (mine, other) = (ours.keys[fingerprint], theirs.keys[fingerprint])
            let isRemoved = old != nil && (mine == nil || other == nil)
            guard !isRemoved || readers.contains(fingerprint) else { continue }
            // Of two new files, ours: it lies in the store.
            merged.keys[fingerprint] = mine == old ? other ?? mine : mine ?? other
        }
        return merged
    }

    private static func readers(_ old: Readers?, _ ours: Readers?, _ theirs: Readers?) -> Readers? {
        guard let ours, let theirs else {
            // Given up by one side, or set up by one side.
            return old == nil ? ours ?? theirs : nil
        }
        var result: Readers = [:]
        for reader in Set(ours.keys).union(theirs.keys) {
            let before = old?[reader]
            switch (ours[reader], theirs[reader]) {
            case (let mine?, let other?): result[reader] = membership(before, mine, other)
            case (let only?, nil), (nil, let only?):
                if before == nil { result[reader] = only }
            case (nil, nil): break
            }
        }
        return result
    }

    private static func membership(
        _ old: Membership?, _ mine: Membership, _ other: Membership
    ) -> Membership {
        if mine == other || other == old { return mine }
        if mine == old { return other }
        let order: [Role] = [.machine, .member, .signer]
        let role = order.first { $0 == mine.role || $0 == other.role } ?? .machine
        // A day is of a machine only; without one, it is for ever.
        let days = [mine, other].filter { $0.role == role }.compactMap(\.until)
        return Membership(role, until: days.min())
    }
}
