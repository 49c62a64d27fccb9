public import PasselCore
import PasselPosix

/// The people of a store, folder by folder, as its lists and its roster say now.
public struct TeamListing: Sendable {
    /// Somebody in a folder.
    public struct Person: Sendable {
        /// Who.
        public let key: NamedKey
        /// In which role; of bare lists everybody is a member.
        public let role: Role
        /// The last day of a machine that has one.
        public let until: Day?
        /// What can be said of the key today.
        public let standing: Standing
        /// The second in which the key expires or expired; nothing for never, or if it is not known.
        public let expires: Int64?
    }

    /// A folder and its people.
    public struct Folder: Sendable {
        /// The folder below the store; `.` is its top.
        public let path: Path
        /// The folder whose list holds for it: itself, or one above it.
        public let source: Path
        /// Whether this machine has acknowledged that list as it is.
        public let isPinned: Bool
        /// The people, sorted by name.
        public let people: [Person]

        /// Whether it has a list of its own.
        public var isOwn: Bool { path == source }
    }

    /// The folders with people of their own, sorted by path; first the one that was asked for, with
    /// those whom it inherits.
    public let folders: [Folder]
    /// The roster's generation; nothing for a store without one.
    public let generation: Int?
}

extension Store {
    /// Who belongs to the folders at and below `name`, as typed.
    ///
    /// - Throws: `NotInitialised` when there is no store, or no list in it; a `Problem` when there is
    ///   no such folder, or a list cannot be read.
    public func teamListing(below name: Path = "") throws -> TeamListing {
        guard let status = try FileStatus(of: root), status.kind == .folder else {
            throw NotInitialised()
        }
        let folder = path(name)
        guard FileStatus.isFolder(folder) else {
            throw Problem(
                "\(name) is not a folder of the store", hints: ["see which there are: passel ls"])
        }
        var reader = try TeamReader(self)
        return try reader.listing(below: teamFolder(folder))
    }
}

/// Reads the lists and the roster that lie in the store.
private struct TeamReader {
    private let store: Store
    private let pins: Pins
    private let lists: [Path: [UInt8]]
    private let roster: Roster?
    private var known: KnownPeople

    init(_ store: Store) throws {
        self.store = store
        pins = try store.knownPins()
        lists = try store.lists()
        roster = try Self.roster(store, pins)
        known = KnownPeople(store, pins)
        // Whoever is new in a roster that was not acknowledged yet has a name in it only.
        for (fingerprint, key) in roster?.keys ?? [:] {
            known.name(fingerprint, Text(key.name))
        }
    }

    /// The roster in the store; the acknowledged one where that is none at all.
    private static func roster(_ store: Store, _ pins: Pins) throws -> Roster? {
        // Without a memory of what was acknowledged only the lists count.
        guard store.storedPins != nil else { return nil }
        guard let content = try Files.readIfPresent(store.root / Roster.file, limit: 8 << 20) else {
            return pins.roster?.roster
        }
        if content == pins.roster?.content { return pins.roster?.roster }
        do {
            return try Roster(content)
        } catch let problem as Problem {
            store.observer.warned(problem)
            return pins.roster?.roster
        }
    }

    mutating func listing(below top: Path) throws -> TeamListing {
        let all = Set(lists.keys).union(roster?.folders.keys ?? [:].keys)
        guard !all.isEmpty else { throw NotInitialised() }
        func governing(_ folder: Path) -> Path? {
            var current = folder
            while !all.contains(current) {
                guard current != Roster.top, !current.isAbsolute else { return nil }
                current = current.parent
            }
            return current
        }
        guard let source = governing(top) else {
            throw Problem(
                "no list of recipients holds for \(store.shown(top))",
                hints: ["name someone: passel init --path \(top) KEY"])
        }
        let inner = all.filter { $0 != top && (top == Roster.top || $0.isWithin(top)) }
            .sorted { $0.bytes.precedes($1.bytes) }
        let places = [(top, source)] + inner.map { ($0, $0) }
        var lines: [Path: [Line]] = [:]
        for (_, source) in places { lines[source] = try self.lines(of: source) }
        let meanings = try meanings(of: Set(lines.values.joined().map(\.name)))
        let folders = places.map { path, source in
            TeamListing.Folder(
                path: path, source: source, isPinned: isPinned(source),
                people: (lines[source] ?? []).flatMap { people($0, meanings[$0.name] ?? []) }
                    .sorted { $0.key.name.bytes.precedes($1.key.name.bytes) })
        }
        return TeamListing(folders: folders, generation: roster?.generation)
    }

    /// Somebody as a list or the roster names them.
    private struct Line {
        let name: Recipient
        var membership: Roster.Membership?
        let isPinned: Bool
    }

    private func isPinned(_ folder: Path) -> Bool {
        lists[folder] == pins.lists[folder]
            && roster?.folders[folder] == pins.roster?.roster.folders[folder]
    }

    private func lines(of folder: Path) throws -> [Line] {
        func names(_ content: [UInt8]?) throws -> [Recipient] {
            try content.map { try RecipientList($0, path: folder / ".gpg-id").recipients } ?? []
        }
        let readers = roster?.folders[folder] ?? [:]
        let pinned = pins.roster?.roster.folders[folder] ?? [:]
        var lines = readers.sorted { $0.key < $1.key }.map { key, membership in
            Line(
                name: key.recipient, membership: membership, isPinned: pinned[key] == membership)
        }
        let acknowledged = Set(try names(pins.lists[folder]))
        for name in try names(lists[folder]) {
            guard Fingerprint(name.bytes).flatMap({ readers[$0] }) == nil else { continue }
            lines.append(Line(name: name, isPinned: acknowledged.contains(name)))
        }
        return lines
    }

    /// Whom the lines mean: asks gpg about the team as acknowledged, and about whom only lists name.
    private mutating func meanings(
        of names: Set<Recipient>
    ) throws -> [Recipient: Set<Fingerprint>] {
        try known.askTeam()
        var meanings: [Recipient: Set<Fingerprint>] = [:]
        for name in names {
            if let fingerprint = Fingerprint(name.bytes), known.keys[fingerprint] != nil {
                meanings[name] = [fingerprint]
            }
        }
        let others = try known.meaning(of: names.filter { meanings[$0] == nil })
        return meanings.merging(others) { team, _ in team }
    }

    /// The people of one line: more than one for a group, one without a key for an unknown name.
    private func people(_ line: Line, _ keys: Set<Fingerprint>) -> [TeamListing.Person] {
        let fingerprints = keys.sorted().map(Optional.some)
        let unknown = [Fingerprint(line.name.bytes)]
        return (fingerprints.isEmpty ? unknown : fingerprints).map { fingerprint in
            let state = fingerprint.flatMap { known.keys[$0] }?.state(at: now)
            return TeamListing.Person(
                key: fingerprint.map(known.named)
                    ?? NamedKey(name: Text(line.name.bytes), fingerprint: nil),
                role: line.membership?.role ?? .member, until: line.membership?.until,
                standing: standing(line, state), expires: state?.end)
        }
    }

    private func standing(_ line: Line, _ state: KeyState?) -> Standing {
        guard line.isPinned else { return .notPinned }
        if let until = line.membership?.until, Day(second: now) > until { return .ended(until) }
        return state.map(Standing.init) ?? .unknownKey
    }

    private var now: Int64 { store.settings.now() }
}
