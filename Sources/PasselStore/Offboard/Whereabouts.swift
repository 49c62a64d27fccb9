import PasselCore

/// Where the entries of one commit are now.
///
/// Almost all are under the same name: only the others are kept. An entry that is removed, and made
/// again under its name, is the same: what it was used for goes by its name.
struct Whereabouts {
    /// The names of an entry now, whether it is there or was removed, each with what has to be true
    /// for that.
    typealias Places = [[UInt8]: Set<OffboardingList.Guess>]

    private var moved: [[UInt8]: Places] = [:]

    /// Where the entry of this name is.
    func places(of name: [UInt8]) -> Places { moved[name] ?? [name: []] }

    /// Makes them those of the parent from which a commit made these changes.
    mutating func rewind(_ changes: [EntryHistory.Change], _ moves: EntryMoves) {
        guard !moves.destinations.isEmpty else { return }
        let gone = Set(changes.filter { $0.new == nil }.map(\.name))
        var before: [[UInt8]: Places] = [:]
        for (source, destinations) in moves.destinations {
            // What was copied is still where it was, too.
            var places = gone.contains(source) ? [:] : self.places(of: source)
            for destination in destinations {
                for (name, guesses) in self.places(of: destination.name) {
                    places.add(name, guesses.union(destination.guess.map { [$0] } ?? []))
                }
            }
            before[source] = places
        }
        for (name, places) in before { moved[name] = places == [name: []] ? nil : places }
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
    ///
    /// What the work tree's commit was made from is followed to there; what only other references
    /// have keeps the names that it has there.
    func follow(
        _ body: (Commit, Whereabouts) throws -> Void
    ) rethrows -> [(old: [UInt8], new: [UInt8])] {
        var known = KnownMoves()
        var fromElsewhere: [(old: [UInt8], new: [UInt8])] = []
        var stated: [Int: EntryMoves] = [:]
        for (number, commit) in commits.enumerated() where commit.parents.count == 1 {
            let moves = EntryMoves(commit)
            fromElsewhere += moves.fromElsewhere
            known.add(moves, by: number)
            stated[number] = moves
        }
        let isBehind = head.map { ancestors(of: $0) } ?? []
        var pending: [Int: Whereabouts] = [:]
        for number in commits.indices.reversed() {
            let commit = commits[number]
            var here = pending.removeValue(forKey: number) ?? Whereabouts()
            try body(commit, here)
            for (index, parent) in commit.parents.enumerated() {
                var before = here
                if index == commit.parents.count - 1 { here = Whereabouts() }
                if isBehind.contains(parent), !isBehind.contains(number) { continue }
                let moves = stated[number] ?? broughtTogether(number, index, known)
                before.rewind(commit.changes[index], moves)
                if let other = pending.removeValue(forKey: parent) { before.formUnion(other) }
                pending[parent] = before
            }
        }
        return fromElsewhere
    }

    /// The moves between a merge and one of its parents: by the commits that it adds to that.
    private func broughtTogether(_ number: Int, _ index: Int, _ known: KnownMoves) -> EntryMoves {
        let commit = commits[number]
        let candidates = Set(commit.changes[index].map(\.name).flatMap(known.commits))
        guard !candidates.isEmpty else { return EntryMoves(commit, against: index) { _ in nil } }
        let added = ancestors(of: number).subtracting(ancestors(of: commit.parents[index]))
        let names = Set(commit.changes[index].filter { $0.new != nil }.map(\.name))
        return EntryMoves(commit, against: index) {
            known.destinations(of: $0, among: names, by: added)
        }
    }

    /// A commit and all that it was made from.
    private func ancestors(of number: Int) -> Set<Int> {
        var found: Set = [number]
        var next = [number]
        while let commit = next.popLast() {
            for parent in commits[commit].parents where found.insert(parent).inserted {
                next.append(parent)
            }
        }
        return found
    }
}
