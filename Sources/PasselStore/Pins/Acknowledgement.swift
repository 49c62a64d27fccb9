public import PasselCore
import PasselPosix

extension Store {
    /// Where this machine remembers what it acknowledged of the store; nothing where it cannot.
    var storedPins: StoredPins? {
        settings.stateFolder.map {
            StoredPins(folder: StateFolder($0, store: root), root: root)
        }
    }

    /// What was acknowledged, for who holds the store's lock.
    ///
    /// What is seen for the first time is acknowledged thereby: the content of every list, and a
    /// roster that one of its own signers signed.
    func pins() throws -> Pins? {
        guard let stored = storedPins else { return nil }
        if let known = try stored.load(settling: true) { return known }
        let first = try firstSight()
        try stored.save(first)
        return first
    }

    /// Everything as it is now.
    private func firstSight() throws -> Pins {
        var pins = Pins()
        pins.lists = try lists()
        if let content = try Files.readIfPresent(root / Roster.file) {
            let first = try TeamFiles(store: self).trusted(content, &pins)
            pins.roster = first
            // What lies beside a signed roster and does not follow from it is for a review.
            pins.lists = Dictionary(
                first.roster.folders.keys.compactMap { folder in
                    first.roster.list(of: folder).map { (folder, $0) }
                }, uniquingKeysWith: { first, _ in first })
            try describe(first.roster, &pins)
            observer.warned(
                Problem(
                    "seen for the first time: the team of this store, \(pins.keys.count) keys",
                    hints: ["compare the fingerprints with what the others have: passel recipients"]
                ))
        }
        return pins
    }

    /// The acknowledged pins, once it is sure that the list which holds for `folder` and the roster
    /// are as they say.
    ///
    /// - Parameters:
    ///   - content: the bytes of the list that was found to hold.
    ///   - place: the folder that it lies in.
    ///   - folder: the folder of the entry.
    ///   - pending: folders whose lists are about to change, by our own doing.
    func acknowledged(
        _ content: [UInt8], in place: Path, for folder: Path, pending: [Path: Audience?]
    ) throws -> Pins? {
        guard let pins = try pins() else { return nil }
        let found = teamFolder(place)
        guard !found.isAbsolute else { return pins }
        let roster = try Files.readIfPresent(root / Roster.file)
        guard roster == pins.roster?.content else {
            throw needsReview(
                roster == nil
                    ? "the roster of the team is gone"
                    : "the roster of the team is not the one that this machine has acknowledged")
        }
        var coming = pins
        for (place, audience) in pending {
            coming.lists[teamFolder(place)] = audience == nil ? nil : []
        }
        // A folder behind a link that leads out is judged where it is written to.
        let inside = teamFolder(folder)
        guard inside.isAbsolute || coming.governing(inside) == found,
            content == pins.lists[found]
        else {
            throw needsReview(
                "the recipients of \(shown(found)) are not those that this machine has acknowledged"
            )
        }
        return pins
    }

    /// Refuses a folder in which lists were added, changed or removed by other hands.
    func refuseUnacknowledged(below folder: Path) throws {
        let place = teamFolder(folder)
        guard !place.isAbsolute, FileStatus.isFolder(folder), let pins = try pins() else { return }
        let now = try lists(below: folder)
        let known = pins.lists.filter { place == Roster.top || $0.key.isWithin(place) }
        for changed in Set(now.keys).union(known.keys).sorted(by: { $0.bytes.precedes($1.bytes) })
        where now[changed] != known[changed] {
            throw needsReview(
                "the recipients of \(shown(changed)) are not those that this machine has acknowledged"
            )
        }
    }

    /// A folder of the team in words.
    public func shown(_ folder: Path) -> Text {
        folder == Roster.top ? "the store" : Text(folder.bytes)
    }

    private func needsReview(_ what: Text) -> Problem {
        Problem(
            "\(what); nothing was written",
            hints: ["see what changed, and accept or refuse it: passel recipients review"])
    }
}

extension Pins {
    /// The pins after these steps of a change, if they change any list.
    func after(_ steps: [FileChange], in store: Store) -> Pins? {
        var pins = self
        for step in steps {
            switch step {
            case .write(let path, let content, _) where path.isList:
                pins.setList(store.teamFolder(path.parent), content)
            case .remove(let path) where path.isList:
                pins.setList(store.teamFolder(path.parent), nil)
            case .move(let from, let to):
                let (old, new) = (store.teamFolder(from), store.teamFolder(to))
                if from.isList {
                    pins.setList(old.parent, nil)
                    pins.setList(new.parent, lists[old.parent])
                    pins.readers[new.parent] = readers[old.parent]
                }
                for (folder, list) in lists where folder.isWithin(old) && old != Roster.top {
                    let rest = folder.relative(to: old) ?? ""
                    let place = rest.isEmpty ? new : new / rest
                    pins.setList(folder, nil)
                    pins.setList(place, list)
                    pins.readers[place] = readers[folder]
                }
            default: break
            }
        }
        return pins == self ? nil : pins
    }
}

extension Path {
    /// Whether it names a list of recipients.
    var isList: Bool { name.elementsEqual(".gpg-id".utf8) }
}
