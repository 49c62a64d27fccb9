public import PasselCore
import PasselPosix

extension Store {
    /// What is not as it should be with who can read the entries at and below `name`, as typed;
    /// empty for all of the store.
    ///
    /// Nothing is decrypted. gpg is asked only about bare lists, and about keys that nothing here
    /// accounts for.
    ///
    /// - Throws: `NotInitialised` when there is no store, or no list in it; a `Problem` when nothing
    ///   has that name.
    public func drift(below name: Path = "") throws -> Drift {
        try drift(below: name, after: [])
    }

    /// The same as it would be once the steps are done.
    ///
    /// What they leave empty is to be encrypted as it should be, and lists are taken as they are.
    func drift(
        below name: Path = "", after steps: [FileChange], _ keysAhead: KeysAhead? = nil
    ) throws -> Drift {
        try drift(try Survey(self, at: name, after: steps, keysAhead))
    }

    /// The same of all of the store, whose files were looked at.
    func drift(_ look: FileLook, _ keysAhead: KeysAhead?) throws -> Drift {
        try drift(try Survey(self, look, keysAhead))
    }

    private func drift(_ survey: Survey) throws -> Drift {
        var survey = survey
        guard !survey.pins.lists.isEmpty else { throw NotInitialised() }
        var judge = DriftJudge(wanted: try survey.wantedReaders(), survey: survey)
        try judge.askWhereNeeded()
        return try judge.drift()
    }
}

/// Judges a survey.
private struct DriftJudge {
    let wanted: [Path: WantedReaders]
    var survey: Survey

    /// An entry's packets under one list: thousands of entries have the same few.
    private struct Case: Hashable {
        let folder: Path
        let ids: [KeyID]
    }

    private var store: Store { survey.store }
    private var now: Int64 { store.settings.now() }

    /// Asks gpg where what is pinned does not explain the packets: for people with several
    /// subkeys, of which some may be old, and for strangers.
    mutating func askWhereNeeded() throws {
        let ids = survey.ids
        let people = Set(wanted.values.flatMap(\.people))
        if people.contains(where: {
            survey.known.keys[$0] == nil && survey.known.ids(of: $0).count > 1
        }) {
            try survey.known.askTeam()
        }
        try survey.known.askOwners(of: ids)
        try survey.known.askNames(of: people)
    }

    func drift() throws -> Drift {
        var drift = Drift()
        drift.checked = survey.scan.entries.count
        let folders = survey.scan.places.map { survey.pins.governing($0.team) }
        var verdicts: [Case: WantedReaders.Verdict] = [:]
        var (last, verdict): (Case?, WantedReaders.Verdict) = (nil, WantedReaders.Verdict())
        for entry in survey.scan.entries {
            let folder = folders[entry.place]
            guard let folder, let readers = wanted[folder] else {
                drift.entries.append(described(entry, folder: nil))
                continue
            }
            guard case .message(let ids, let usesAEAD) = entry.content else {
                drift.entries.append(described(entry, folder: folder))
                continue
            }
            let key = Case(folder: folder, ids: ids)
            // Mostly it is as with the entry before.
            if key != last {
                verdict = verdicts[key] ?? self.verdict(ids, readers)
                verdicts[key] = verdict
                last = key
            }
            guard usesAEAD || !verdict.isEmpty else { continue }
            var found = described(entry, folder: folder)
            found.missing = verdict.missing
            found.extra = verdict.extra
            found.hidden = verdict.hidden
            found.oldSubkeys = verdict.oldSubkeys
            drift.entries.append(found)
        }
        drift.entries.sort { $0.name.bytes.precedes($1.name.bytes) }
        drift.people = people()
        drift.unacknowledged = try unacknowledged()
        drift.unlisted = survey.scan.failures
        return drift
    }

    private func described(_ entry: EntryScan.Entry, folder: Path?) -> Drift.Entry {
        var found = Drift.Entry(
            name: survey.scan.name(entry), folder: folder, file: survey.scan.file(entry))
        switch entry.content {
        case .message(_, let usesAEAD): found.usesAEAD = usesAEAD
        case .flawed(let why): found.flaw = why
        }
        return found
    }

    /// Packets without names are as they should be where the user asked gpg for them.
    private func verdict(_ ids: [KeyID], _ readers: WantedReaders) -> WantedReaders.Verdict {
        var verdict = readers.verdict(ids, survey.known, at: now)
        let wanted = readers.people.count + readers.unresolved.count
        if store.settings.hidesRecipients, ids.count == wanted { verdict.hidden = 0 }
        return verdict
    }

    // MARK: People

    private func people() -> [Drift.Person] {
        var found: [NamedKey: [Standing: [Path]]] = [:]
        for (folder, readers) in wanted {
            for person in readers.people {
                let standing = standing(of: person, readers)
                guard !standing.isGood else { continue }
                found[survey.known.named(person), default: [:]][standing, default: []]
                    .append(folder)
            }
            for name in readers.unresolved {
                let key = NamedKey(name: Text(name.bytes), fingerprint: nil)
                found[key, default: [:]][.unknownKey, default: []].append(folder)
            }
        }
        return found.flatMap { key, standings in
            standings.map { standing, folders in
                Drift.Person(
                    key: key, folders: folders.sorted { $0.bytes.precedes($1.bytes) },
                    standing: standing)
            }
        }.sorted { one, other in
            (one.key.fingerprint?.hex ?? "", one.key.name.description)
                < (other.key.fingerprint?.hex ?? "", other.key.name.description)
        }
    }

    private func standing(of person: Fingerprint, _ readers: WantedReaders) -> Standing {
        if let until = readers.until[person], Day(second: now) > until { return .ended(until) }
        if let key = survey.known.keys[person] { return Standing(key.state(at: now)) }
        guard let pinned = survey.pins.readers[readers.folder]?[person] else {
            return survey.known.ids(of: person).isEmpty ? .unknownKey : .ok(until: nil)
        }
        return Standing(pinned, at: now)
    }

    // MARK: Lists

    /// What differs from the pins in the folders that were seen, and in those above them.
    private func unacknowledged() throws -> [Drift.Unacknowledged] {
        var folders = survey.scan.lists
        if let scope = survey.scan.scope {
            folders.formUnion(
                survey.pins.lists.keys.filter { scope == Roster.top || $0.isWithin(scope) })
        }
        for place in survey.scan.places {
            var current = place.team
            while folders.insert(current).inserted, current != Roster.top {
                current = current.parent
            }
        }
        // Thousands of folders have none, which the scan saw.
        let scanned = Set(
            survey.scan.places.lazy.filter { $0.isInside && $0.isListed }.map(\.team))
        return try store.unacknowledged(
            among: folders.filter {
                !scanned.contains($0) || survey.scan.lists.contains($0)
                    || survey.pins.lists[$0] != nil
            }, survey.pins)
    }
}

extension Store {
    /// What the roster and the lists of these folders have that the pins have not.
    func unacknowledged(
        among folders: some Sequence<Path>, _ pins: Pins
    ) throws -> [Drift.Unacknowledged] {
        var found: [Drift.Unacknowledged] = []
        if storedPins != nil,
            try Files.readIfPresent(root / Roster.file, limit: 8 << 20) != pins.roster?.content
        {
            found.append(
                Drift.Unacknowledged(
                    folder: nil,
                    what: "the roster of the team is not the one that this machine has acknowledged"
                ))
        }
        for folder in folders.sorted(by: { $0.bytes.precedes($1.bytes) }) {
            let file = (folder == Roster.top ? root : root / folder) / ".gpg-id"
            let content = try Files.readIfPresent(file, limit: 1 << 20)
            guard content != pins.lists[folder] else { continue }
            let change: Text =
                switch (pins.lists[folder], content) {
                case (nil, _): "has recipients of its own now"
                case (_, nil): "lost the recipients of its own"
                default: "has other recipients"
                }
            found.append(
                Drift.Unacknowledged(
                    folder: folder,
                    what: "\(shown(folder)) \(change), which this machine has not acknowledged"))
        }
        return found
    }
}

extension WantedReaders.Verdict {
    /// Whether there is nothing to tell.
    var isEmpty: Bool {
        missing.isEmpty && extra.isEmpty && hidden == 0 && oldSubkeys.isEmpty
    }
}

extension Standing {
    /// The standing of a reader as far as the pins tell.
    init(_ reader: Pins.Reader, at now: Int64) {
        switch reader.end {
        case nil: self = .ok(until: nil)
        // What could never be used has no day on which that ended.
        case Pins.Reader.unusable: self = .unusable
        case .some(let end) where end <= now: self = .expired(end)
        case .some(let end):
            self = end - now <= KeyState.warningSeconds ? .expiring(end) : .ok(until: end)
        }
    }
}
