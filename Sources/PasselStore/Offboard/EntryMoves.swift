import PasselCore
import PasselGit

/// Which entries of a commit are which of its parent's, under other names.
///
/// The subject that pass writes decides; where there is none, the same version under a new name;
/// where one entry vanished and one appeared, that they are the same is a guess.
struct EntryMoves {
    /// Where an entry went.
    struct Destination: Equatable {
        let name: [UInt8]
        /// What has to be true for it.
        var guess: OffboardingList.Guess?
    }

    /// The new names of each entry that was moved or copied.
    private(set) var destinations: [[UInt8]: [Destination]] = [:]
    /// Old and new names that the subject states, of which the old is none of this repository's.
    private(set) var fromElsewhere: [(old: [UInt8], new: [UInt8])] = []

    /// The moves between a commit and one of its parents.
    ///
    /// Of a merge the subject says nothing; `known` are the moves that it may bring together.
    init(_ commit: EntryHistory.Commit, against parent: Int, known: KnownMoves) {
        let changes = commit.changes[parent]
        let gone = changes.filter { $0.new == nil }
        let made = changes.filter { $0.new != nil }
        let isMerge = commit.parents.count > 1
        if !isMerge, let subject = SubjectNames(commit.subject) { follow(subject, gone, made) }
        followVersions(gone, made)
        if isMerge {
            let names = Set(made.map(\.name))
            for change in gone where destinations[change.name] == nil {
                destinations[change.name] = known.destinations(of: change.name, among: names)
            }
        } else {
            guess(gone, made)
        }
    }

    private mutating func follow(
        _ subject: SubjectNames, _ gone: [EntryHistory.Change], _ made: [EntryHistory.Change]
    ) {
        let vanished = Set(gone.map(\.name))
        for change in made {
            let sources = subject.sources(of: change.name)
            switch subject.verb {
            case .copy:
                for source in sources where source != change.name { add(source, change.name) }
            case .move:
                let here = sources.filter { vanished.contains($0) }
                for source in here { add(source, change.name) }
                if here.isEmpty, change.old == nil {
                    fromElsewhere += sources.map { ($0, change.name) }
                }
            }
        }
    }

    private mutating func followVersions(
        _ gone: [EntryHistory.Change], _ made: [EntryHistory.Change]
    ) {
        var places: [GitID: [[UInt8]]] = [:]
        for change in made { change.new.map { places[$0, default: []].append(change.name) } }
        for change in gone where destinations[change.name] == nil {
            for name in change.old.flatMap({ places[$0] }) ?? [] { add(change.name, name) }
        }
    }

    private mutating func guess(_ gone: [EntryHistory.Change], _ made: [EntryHistory.Change]) {
        let appeared = made.filter { $0.old == nil }
        guard gone.count == 1, appeared.count == 1, let old = gone.first, let new = appeared.first,
            destinations[old.name] == nil, let before = old.old, let after = new.new,
            let guess = OffboardingList.Guess(before, after)
        else { return }
        destinations[old.name] = [Destination(name: new.name, guess: guess)]
    }

    private mutating func add(_ source: [UInt8], _ name: [UInt8]) {
        let destination = Destination(name: name)
        guard destinations[source]?.contains(destination) != true else { return }
        destinations[source, default: []].append(destination)
    }
}

/// All moves that commits state, by which merges are understood: one side moved an entry that the
/// other changed.
struct KnownMoves {
    private var moves: [[UInt8]: [EntryMoves.Destination]] = [:]

    mutating func add(_ found: EntryMoves) {
        for (source, destinations) in found.destinations {
            for destination in destinations
            where moves[source]?.contains(destination) != true {
                moves[source, default: []].append(destination)
            }
        }
    }

    /// Those of `names` that an entry came to by these moves, however many; nothing where it came
    /// to none.
    ///
    /// A way on which more than one move is a guess is not followed.
    func destinations(
        of source: [UInt8], among names: Set<[UInt8]>
    ) -> [EntryMoves.Destination]? {
        var seen: Set = [source]
        var next: [EntryMoves.Destination] = [EntryMoves.Destination(name: source)]
        var found: [EntryMoves.Destination] = []
        while let place = next.popLast() {
            for move in moves[place.name] ?? [] {
                guard place.guess == nil || move.guess == nil, seen.insert(move.name).inserted
                else { continue }
                let destination = EntryMoves.Destination(
                    name: move.name, guess: place.guess ?? move.guess)
                if names.contains(move.name) { found.append(destination) }
                next.append(destination)
            }
        }
        return found.isEmpty ? nil : found
    }
}

extension OffboardingList.Guess {
    init?(_ old: GitID, _ new: GitID) {
        guard let old = OffboardingList.Content(old), let new = OffboardingList.Content(new) else {
            return nil
        }
        self.init(old: old, new: new)
    }
}

extension OffboardingList.Content {
    /// A version that git knows.
    init?(_ id: GitID) { self.init(Array(id.hex.utf8)) }

    /// The version's git id, if git knows it.
    var id: GitID? { hex.utf8.count == 40 ? GitID(hex: hex.utf8) : nil }
}
