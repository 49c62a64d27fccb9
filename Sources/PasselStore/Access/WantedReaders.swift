import PasselCore

/// Who should be able to read the entries that one list holds for.
struct WantedReaders {
    /// The folder with the list.
    let folder: Path
    /// The people.
    var people: Set<Fingerprint> = []
    /// Names in a bare list for which there is no key here.
    var unresolved: [Recipient] = []
    /// The last day of those who have one.
    var until: [Fingerprint: Day] = [:]

    /// What differs between the packets of an entry and whom it should be for.
    struct Verdict {
        var missing: [NamedKey] = []
        var extra: [Addressee] = []
        var hidden = 0
        var oldSubkeys: [OldSubkey] = []
    }

    /// Compares the ids that a message names with these people.
    ///
    /// A packet for any part of somebody's key counts as that person, several as one. A hidden packet,
    /// or one of a key that nobody here has, may be for anybody who cannot be told: then nobody is
    /// called missing or too many for certain.
    func verdict(_ ids: [KeyID], _ known: KnownPeople, at now: Int64) -> Verdict {
        var verdict = Verdict()
        verdict.hidden = ids.count { $0 == .hidden }
        let named = ids.filter { $0 != .hidden }
        var accounted: Set<KeyID> = []
        for person in people.sorted() {
            let theirs = known.ids(of: person)
            let mine = named.filter(theirs.contains)
            accounted.formUnion(mine)
            if mine.isEmpty {
                verdict.missing.append(known.named(person))
            } else if let old = old(mine, of: person, known, now) {
                verdict.oldSubkeys.append(old)
            }
        }
        for id in named where !accounted.contains(id) {
            let stranger = known.addressee(id)
            if !verdict.extra.contains(stranger) { verdict.extra.append(stranger) }
        }
        let unknown = verdict.extra.count { $0.isUnknown }
        let unaccounted = unresolved.map { NamedKey(name: Text($0.bytes), fingerprint: nil) }
        if unknown == 0 { verdict.missing += unaccounted }
        if unknown <= unaccounted.count { verdict.extra.removeAll(where: \.isUnknown) }
        if verdict.missing.count <= verdict.hidden { verdict.missing = [] }
        return verdict
    }

    /// The subkey by which alone somebody can read, if it is not to be used any more.
    private func old(
        _ ids: [KeyID], of person: Fingerprint, _ known: KnownPeople, _ now: Int64
    ) -> OldSubkey? {
        let parts = ids.compactMap { known.part($0, of: person) }
        guard let first = parts.first, !parts.contains(where: { $0.isUsable(at: now) }) else {
            return nil
        }
        return OldSubkey(
            owner: known.named(person), id: first.keyID,
            isRevoked: parts.allSatisfy(\.isRevoked))
    }
}

extension Addressee {
    var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
}
