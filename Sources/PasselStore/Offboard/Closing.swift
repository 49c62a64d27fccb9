import PasselCore
import PasselGit
import PasselPosix

/// Finds out which entries of a list have secrets that those who left never knew.
///
/// Secrets are compared in locked memory, a few entries at a time, and nothing of them is kept.
struct Closing {
    private let store: Store
    private let histories: [EntryHistory]
    private let present: PresentEntries
    private var verdicts: Verdicts

    /// How many entries' secrets are in memory at the same time.
    private static let atOnce = 32

    init(_ store: Store, _ histories: [EntryHistory], _ present: PresentEntries) throws {
        self.store = store
        self.histories = histories
        self.present = present
        verdicts = try Verdicts(store.storedPins?.folder)
    }

    /// Remembers what was found out.
    func save() throws { try verdicts.save() }

    /// What came of comparing.
    private typealias Outcomes = [[UInt8]: OffboardingStatus.Reason?]

    mutating func status(
        of list: OffboardingList, recorded: OffboardingList, leaver: Leaver,
        progress: (Int, Int) -> Void
    ) throws -> OffboardingStatus {
        let names = Set(list.items.map(\.name))
        let done = names.filter { name in
            // What they could read later was not known to whoever said so.
            list.done[name] != nil
                && list.contents(of: name).isSubset(of: recorded.contents(of: name))
        }
        let items = list.items.filter { !done.contains($0.name) }
        let outcomes = try compare(items, in: list, leaver, progress)
        let guesses = try verify(Set(items.flatMap(\.place.guesses)))
        let byName = Dictionary(grouping: list.items, by: \.name)
        let rows = byName.sorted { $0.key.precedes($1.key) }.map { name, items in
            let reasons = items.compactMap { item -> OffboardingStatus.Reason? in
                guard let place = item.place.name else { return .gone }
                let doubts = item.place.guesses.map { guesses[$0] ?? nil }
                if doubts.contains(false) { return .gone }
                if doubts.contains(nil) { return .unknown }
                return outcomes[place] ?? .gone
            }
            let state: OffboardingStatus.State =
                if done.contains(name), let day = list.done[name] {
                    .done(day)
                } else if let worst = reasons.max() {
                    .open(worst)
                } else {
                    .closed
                }
            return OffboardingStatus.Item(
                name: Text(name),
                places: Set(items.compactMap(\.place.name)).sorted { $0.precedes($1) }.map {
                    Text($0)
                }, isCertain: items.contains(where: \.isCertain), state: state)
        }
        return OffboardingStatus(list: list, items: rows)
    }

    /// An entry of now, and every version of what it was that they could read.
    private struct Group {
        let name: [UInt8]
        let entry: PresentEntries.Entry
        var known: Set<OffboardingList.Content> = []
        /// The newest under each of its names.
        var newest: Set<OffboardingList.Content> = []

        var digest: Digest { Verdicts.digest(name, entry.content, known) }
    }

    /// Why each entry is not settled; nothing where it is.
    private mutating func compare(
        _ items: [OffboardingList.Item], in list: OffboardingList, _ leaver: Leaver,
        _ progress: (Int, Int) -> Void
    ) throws -> Outcomes {
        let wanted = Set(items.compactMap(\.place.name))
        var groups: [[UInt8]: Group] = [:]
        // What is said to be done counts as known all the same.
        for item in list.items {
            guard let name = item.place.name, wanted.contains(name),
                let entry = present.entries[name], let newest = item.contents.first
            else { continue }
            var group = groups[name] ?? Group(name: name, entry: entry)
            group.known.formUnion(item.contents)
            group.newest.insert(newest)
            groups[name] = group
        }
        var outcomes: Outcomes = [:]
        var open: [Group] = []
        for (name, group) in groups {
            switch try present.canRead(group.entry, leaver) {
            case .yes: outcomes[name] = .readable
            case .unknown: outcomes[name] = .unknown
            case .no where group.known.contains(group.entry.content):
                outcomes[name] = .unchanged
            case .no:
                if let changed = verdicts[group.digest] {
                    outcomes[name] = .some(changed ? nil : .unchanged)
                } else {
                    open.append(group)
                }
            }
        }
        open.sort { $0.name.precedes($1.name) }
        var first = 0
        while first < open.count {
            let some = open[first..<min(first + Self.atOnce, open.count)]
            outcomes.merge(try decrypt(Array(some))) { _, new in new }
            first += some.count
            progress(first, open.count)
        }
        return outcomes
    }

    /// Compares the secrets themselves: the newest version first, for most are still the same.
    private mutating func decrypt(_ groups: [Group]) throws -> Outcomes {
        var outcomes: Outcomes = [:]
        var secrets = Secrets(store, histories)
        try secrets.open(groups.map(\.entry.file), groups.map(\.newest))
        var rest: [Group] = []
        for group in groups {
            guard let now = secrets[group.entry.file] else {
                outcomes[group.name] = .unknown
                continue
            }
            let newest = group.newest.map { secrets[$0] }
            if newest.contains(now) {
                outcomes[group.name] = .unchanged
            } else if newest.contains(nil) {
                outcomes[group.name] = .unknown
            } else {
                rest.append(group)
            }
        }
        try secrets.open([], rest.map { $0.known.subtracting($0.newest) })
        for group in rest {
            // Older versions that the user cannot read must be left to those who can.
            let now = secrets[group.entry.file]
            let isKnown = group.known.contains { secrets[$0] == now }
            outcomes[group.name] = .some(isKnown ? .unchanged : nil)
        }
        for group in groups {
            switch outcomes[group.name] {
            case .some(nil): verdicts[group.digest] = true
            case .some(.unchanged): verdicts[group.digest] = false
            default: break
            }
        }
        return outcomes
    }

    /// Whether each guess is right; nothing where that cannot be told.
    private mutating func verify(
        _ guesses: Set<OffboardingList.Guess>
    ) throws -> [OffboardingList.Guess: Bool?] {
        var result: [OffboardingList.Guess: Bool?] = [:]
        for guess in guesses {
            let digest = Verdicts.digest([], guess.old, [guess.new])
            if let changed = verdicts[digest] {
                result[guess] = !changed
                continue
            }
            var secrets = Secrets(store, histories)
            try secrets.open([], [[guess.old, guess.new]])
            guard let old = secrets[guess.old], let new = secrets[guess.new] else {
                result[guess] = .some(nil)
                continue
            }
            verdicts[digest] = old != new
            result[guess] = old == new
        }
        return result
    }
}

/// The secrets of some entries and of versions of them, as far as the user can read them.
private struct Secrets {
    private let store: Store
    private let histories: [EntryHistory]
    private var present: [Path: Secret] = [:]
    private var versions: [OffboardingList.Content: Secret] = [:]

    init(_ store: Store, _ histories: [EntryHistory]) {
        self.store = store
        self.histories = histories
    }

    subscript(_ file: Path) -> Secret? { present[file] }
    subscript(_ version: OffboardingList.Content) -> Secret? { versions[version] }

    /// Decrypts files and versions; what the user cannot read stays away.
    mutating func open(_ files: [Path], _ wanted: [Set<OffboardingList.Content>]) throws {
        let versions = Set(wanted.joined()).subtracting(self.versions.keys).sorted()
        let contents = try files.map { try Files.read($0) } + versions.map(content)
        let cipher = store.cipher
        let secrets = Parallel.map(contents, width: 2) { content -> Secret? in
            guard let content else { return nil }
            // Why it cannot be read makes no difference here.
            return try? cipher.decrypt(content, name: "an earlier version").essence
        }
        for (file, secret) in zip(files, secrets) { present[file] = secret }
        for (version, secret) in zip(versions, secrets.dropFirst(files.count)) {
            self.versions[version] = secret
        }
    }

    /// What a version holds; nothing where no repository has it.
    private func content(of version: OffboardingList.Content) -> [UInt8]? {
        guard let id = version.id else { return nil }
        for history in histories {
            // One that is not here may be in the next.
            if let found = try? history.repository.content(of: id) { return found }
        }
        return nil
    }
}
