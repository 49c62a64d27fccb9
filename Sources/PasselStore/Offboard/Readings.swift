import PasselCore
import PasselGit

/// Everything that somebody could ever read: in any commit that leads to a reference, under any
/// name, and in the store as it is.
struct Readings {
    private let leaver: Leaver
    private let present: PresentEntries
    /// New names by old ones, of entries that moved from one repository to another.
    private var crossings: [[UInt8]: [[UInt8]]] = [:]
    private var found: [Found] = []

    /// A version that they could read.
    private struct Found {
        let name: [UInt8]
        let content: OffboardingList.Content
        let isCertain: Bool
        let places: Whereabouts.Places
    }

    init(
        of leaver: Leaver, _ histories: [EntryHistory], _ present: PresentEntries
    ) throws {
        self.leaver = leaver
        self.present = present
        try look(into: present)
        var readers: [GitID: MessageReaders] = [:]
        for history in histories { try look(into: history, &readers) }
    }

    private mutating func look(into present: PresentEntries) throws {
        for (name, entry) in present.entries.sorted(by: { $0.key.precedes($1.key) }) {
            let answer = try present.canRead(entry, leaver)
            guard answer != .no else { continue }
            found.append(
                Found(
                    name: name, content: entry.content, isCertain: answer == .yes,
                    places: [name: []]))
        }
    }

    private mutating func look(
        into history: EntryHistory, _ readers: inout [GitID: MessageReaders]
    ) throws {
        var found: [Found] = []
        let moved = try history.follow { commit, whereabouts in
            for change in commit.own {
                guard let id = change.new, let content = OffboardingList.Content(id) else {
                    continue
                }
                let known =
                    try readers[id] ?? MessageReaders(history.repository.content(of: id))
                readers[id] = known
                let answer = try leaver.canRead(known) {
                    try history.list(for: change.name, at: commit.id)
                }
                guard answer != .no else { continue }
                found.append(
                    Found(
                        name: change.name, content: content, isCertain: answer == .yes,
                        places: whereabouts.places(of: change.name)))
            }
        }
        self.found += found
        for (old, new) in moved { crossings[old, default: []].append(new) }
    }

    /// The list's items: for each name, and each place that an entry of this name is in now, the
    /// versions, newest first.
    var items: [OffboardingList.Item] {
        var order: [Key] = []
        var contents: [Key: [OffboardingList.Content]] = [:]
        let certain = Set(found.filter(\.isCertain).map { Version($0) })
        for version in found where version.isCertain || !certain.contains(Version(version)) {
            for place in places(of: version) {
                let key = Key(name: version.name, place: place, isCertain: version.isCertain)
                if contents[key] == nil { order.append(key) }
                if contents[key]?.contains(version.content) != true {
                    contents[key, default: []].append(version.content)
                }
            }
        }
        return order.map {
            OffboardingList.Item(
                $0.name, $0.place, isCertain: $0.isCertain, contents: contents[$0] ?? [])
        }
    }

    private struct Key: Hashable {
        let name: [UInt8]
        let place: OffboardingList.Place
        let isCertain: Bool
    }

    private struct Version: Hashable {
        let name: [UInt8]
        let content: OffboardingList.Content

        init(_ found: Found) { (name, content) = (found.name, found.content) }
    }

    /// Where a version's entry is now: where it was moved to, in the same repository or in another.
    private func places(of version: Found) -> [OffboardingList.Place] {
        let moved = version.places.filter { present.entries[$0.key] != nil }
        if !moved.isEmpty {
            return moved.map { OffboardingList.Place($0.key, guesses: $0.value) }
        }
        var seen = Set(version.places.keys)
        var next = Array(seen)
        var elsewhere: [OffboardingList.Place] = []
        while let name = next.popLast() {
            for new in crossings[name] ?? [] where seen.insert(new).inserted {
                if present.entries[new] != nil { elsewhere.append(OffboardingList.Place(new)) }
                next.append(new)
            }
        }
        return elsewhere.isEmpty ? [OffboardingList.Place(nil)] : elsewhere
    }
}
