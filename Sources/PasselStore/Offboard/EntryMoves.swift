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

    /// The moves between a commit and its only parent.
    init(_ commit: EntryHistory.Commit) {
        let changes = commit.changes[0]
        let gone = changes.filter { $0.new == nil }
        let made = changes.filter { $0.new != nil }
        if let subject = SubjectNames(commit.subject) { follow(subject, gone, made) }
        followVersions(gone, made)
        guess(gone, made)
    }

    /// The moves between a merge and one of its parents, of which the subject says nothing; `known`
    /// tells where an entry was moved by commits that the parent lacks.
    init(
        _ commit: EntryHistory.Commit, against parent: Int, known: ([UInt8]) -> [Destination]?
    ) {
        let changes = commit.changes[parent]
        followVersions(changes.filter { $0.new == nil }, changes.filter { $0.new != nil })
        // What one side moved may be there anew under its old name, too.
        for change in changes where change.old != nil && destinations[change.name] == nil {
            destinations[change.name] = known(change.name)
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
    private struct Move {
        let destination: EntryMoves.Destination
        let commit: Int
    }

    private var moves: [[UInt8]: [Move]] = [:]

    /// Adds the moves of the commit with this number.
    mutating func add(_ found: EntryMoves, by commit: Int) {
        for (source, destinations) in found.destinations {
            moves[source, default: []] += destinations.map { Move(destination: $0, commit: commit) }
        }
    }

    /// The numbers of the commits that moved what had this name.
    func commits(of source: [UInt8]) -> [Int] { (moves[source] ?? []).map(\.commit) }

    /// Those of `names` that an entry came to by moves of these commits, however many; nothing
    /// where it came to none.
    ///
    /// A way on which more than one move is a guess is not followed.
    func destinations(
        of source: [UInt8], among names: Set<[UInt8]>, by commits: Set<Int>
    ) -> [EntryMoves.Destination]? {
        var seen: Set = [source]
        var next: [EntryMoves.Destination] = [EntryMoves.Destination(name: source)]
        var found: [EntryMoves.Destination] = []
        while let place = next.popLast() {
            for move in moves[place.name] ?? [] where commits.contains(move.commit) {
                let (name, guess) = (move.destination.name, move.destination.guess)
                guard place.guess == nil || guess == nil, seen.insert(name).inserted else {
                    continue
                }
                let destination = EntryMoves.Destination(name: name, guess: place.guess ?? guess)
                if names.contains(name) { found.append(destination) }
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
