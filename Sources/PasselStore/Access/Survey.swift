import PasselCore
import PasselPosix

/// What the entries at and below a place say of their readers, and what this machine knows of these.
struct Survey {
    let store: Store
    /// What this machine has acknowledged; what there is, where it has not seen the store before.
    let pins: Pins
    let scan: EntryScan
    var known: KnownPeople

    /// With `steps`: as it would be once they are done.
    init(
        _ store: Store, at name: Path, after steps: [FileChange] = [],
        _ keysAhead: KeysAhead? = nil
    ) throws {
        self.store = store
        store.finishInterrupted()
        var scan = try EntryScan(store, at: name)
        scan.apply(steps)
        self.scan = scan
        pins = try store.knownPins()
        known = KnownPeople(store, pins, keysAhead)
    }

    /// Of all of the store, as a look at its files found it.
    init(_ store: Store, _ look: FileLook, _ keysAhead: KeysAhead?) throws {
        self.store = store
        store.finishInterrupted()
        scan = try EntryScan(store, look)
        pins = try store.knownPins(listsIn: look.lists)
        known = KnownPeople(store, pins, keysAhead)
    }

    /// The ids that the entries name, each once, hidden ones left out.
    var ids: Set<KeyID> {
        var seen: Set<[KeyID]> = []
        var found: Set<KeyID> = []
        for entry in scan.entries {
            guard case .message(let ids, _) = entry.content, seen.insert(ids).inserted else {
                continue
            }
            found.formUnion(ids)
        }
        found.remove(.hidden)
        return found
    }

    /// Who should be able to read, by the folder whose list holds; of every folder that was seen.
    ///
    /// Asks gpg about bare lists only, once for all of them.
    mutating func wantedReaders() throws -> [Path: WantedReaders] {
        var wanted: [Path: WantedReaders] = [:]
        var names: [Path: [Recipient]] = [:]
        for place in scan.places {
            guard let folder = pins.governing(place.team), wanted[folder] == nil else { continue }
            var readers = WantedReaders(folder: folder)
            if let roster = pins.roster?.roster.folders[folder] {
                readers.people = Set(roster.keys)
                readers.until = roster.compactMapValues(\.until)
                if !readers.people.allSatisfy({ !known.ids(of: $0).isEmpty }) {
                    try known.askTeam()
                }
            } else if let pinned = pins.readers[folder] {
                readers.people = Set(pinned.keys)
            } else {
                let file = store.root / folder / ".gpg-id"
                names[folder] = try RecipientList(pins.lists[folder] ?? [], path: file).recipients
            }
            wanted[folder] = readers
        }
        let bare = wanted.filter { pins.roster?.roster.folders[$0.key] == nil }
        let meanings = try known.meaning(
            of: Set(names.values.joined()), besides: Set(bare.values.flatMap(\.people)))
        for (folder, names) in names {
            wanted[folder]?.people = Set(names.flatMap { meanings[$0] ?? [] })
            wanted[folder]?.unresolved = names.filter { meanings[$0]?.isEmpty ?? true }
        }
        return wanted
    }
}

extension Store {
    /// Brings a change of recipients that was killed in the middle to its end, for who only reads:
    /// what it left half done is no drift.
    func finishInterrupted() {
        guard storedPins?.isChanging == true else { return }
        // A store that cannot be written to is told of as it is.
        _ = try? exclusively { try pins() }
    }

    /// What this machine has acknowledged, for who only reads.
    ///
    /// A store that is seen for the first time is acknowledged if it has a roster, as by every
    /// other command; of a bare store it is enough to know what there is.
    ///
    /// - Parameter folders: those with a list, where somebody has looked.
    func knownPins(listsIn folders: [Path]? = nil) throws -> Pins {
        if let stored = storedPins {
            if let known = try stored.load(settling: false) { return known }
            if FileStatus.isFile(root / Roster.file),
                let first = try exclusively({ try self.pins() })
            {
                return first
            }
        }
        var pins = Pins()
        pins.lists = try folders.map { try lists(in: $0) } ?? lists()
        return pins
    }
}
