import PasselCore

/// Where the entries of one commit are now.
///
/// Almost all are under the same name: only the others are kept.
struct Whereabouts {
    /// The names of an entry now, each with what has to be true for that; none where it was removed.
    typealias Places = [[UInt8]: Set<OffboardingList.Guess>]

    private var moved: [[UInt8]: Places] = [:]

    /// Where the entry of this name is.
    func places(of name: [UInt8]) -> Places { moved[name] ?? [name: []] }

    /// Makes them those of the parent from which a commit made these changes.
    mutating func rewind(_ changes: [EntryHistory.Change], _ moves: EntryMoves) {
        var before: [[UInt8]: Places] = [:]
        for change in changes where change.new == nil { before[change.name] = [:] }
        for (source, destinations) in moves.destinations {
            // What was copied is still where it was, too.
            var places = before[source] ?? self.places(of: source)
            for destination in destinations {
                for (name, guesses) in self.places(of: destination.name) {
                    places.add(name, guesses.union(destination.guess.map { [$0] } ?? []))
                }
            }
            before[source] = places
        }
        // Of what was not there yet nothing needs to be known; later it will be.
        for change in changes where change.old == nil { moved[change.name] = nil }
        for (name, places) in before {
            moved[name] = places == [name: []] ? nil : places
        }
    }

    /// Adds where the entries are by another way, such as another branch.
    mutating func formUnion(_ other: Whereabouts) {
        for name in Set(moved.keys).union(other.moved.keys) {
            var places = self.places(of: name)
            for (place, guesses) in other.places(of: name) { places.add(place, guesses) }
            moved[name] = places
        }
    }
}

extension Whereabouts.Places {
    /// Adds a place; of two ways to it the more certain one counts.
    mutating func add(_ name: [UInt8], _ guesses: Set<OffboardingList.Guess>) {
        if let known = self[name] {
            let isBetter =
                guesses.count != known.count
                ? guesses.count < known.count
                : guesses.sorted().lexicographicallyPrecedes(known.sorted())
            if !isBetter { return }
        }
        self[name] = guesses
    }
}

extension EntryHistory {
    /// Hands every commit to `body`, the newest first, with where its entries are now; returns what
    /// was moved here from other repositories.
    func follow(
        _ body: (Commit, Whereabouts) throws -> Void
    ) rethrows -> [(old: [UInt8], new: [UInt8])] {
        var known = KnownMoves()
        var fromElsewhere: [(old: [UInt8], new: [UInt8])] = []
        var stated: [Int: EntryMoves] = [:]
        for (number, commit) in commits.enumerated() where commit.parents.count == 1 {
            let moves = EntryMoves(commit, against: 0, known: known)
            fromElsewhere += moves.fromElsewhere
            known.add(moves)
            stated[number] = moves
        }
        var pending: [Int: Whereabouts] = [:]
        for number in commits.indices.reversed() {
            let commit = commits[number]
            var here = pending.removeValue(forKey: number) ?? Whereabouts()
            if number == head { here.formUnion(Whereabouts()) }
            try body(commit, here)
            for (index, parent) in commit.parents.enumerated() {
                var before = here
                if index == commit.parents.count - 1 { here = Whereabouts() }
                before.rewind(
                    commit.changes[index],
                    stated[number] ?? EntryMoves(commit, against: index, known: known))
                if let other = pending.removeValue(forKey: parent) { before.formUnion(other) }
                pending[parent] = before
            }
        }
        return fromElsewhere
    }
}
