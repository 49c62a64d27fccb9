import PasselCore

/// The ways from a roster back to an older one, over those that each was made from.
struct RosterWalk {
    /// Where all ways end.
    let start: Pins.AcceptedRoster
    private let known: [Digest: Pins.AcceptedRoster]
    private var reached: [Digest: Bool] = [:]
    /// The rosters on any way, each after those it was made from.
    private(set) var passed: [Pins.AcceptedRoster] = []
    /// What rosters were made from that nobody has.
    private(set) var missing: Set<Digest> = []

    init(from start: Pins.AcceptedRoster, known: [Digest: Pins.AcceptedRoster]) {
        self.start = start
        self.known = known
    }

    /// Whether one of the ways leads from the start to this roster.
    ///
    /// Rosters that are not of a later generation than the start are not on the way.
    mutating func leads(to last: Pins.AcceptedRoster) -> Bool {
        let digest = last.roster.digest
        if digest == start.roster.digest { return true }
        if let found = reached[digest] { return found }
        // A roster cannot be made from itself: digests rule out circles.
        reached[digest] = false
        var isReached = false
        for parent in last.roster.parents {
            if parent == start.roster.digest {
                isReached = true
            } else if let before = known[parent] {
                guard before.roster.generation > start.roster.generation else { continue }
                isReached = leads(to: before) || isReached
            } else {
                missing.insert(parent)
            }
        }
        reached[digest] = isReached
        if isReached { passed.append(last) }
        return isReached
    }

    /// The rosters on the way that one of them was made from.
    func parents(of roster: Pins.AcceptedRoster) -> [Pins.AcceptedRoster] {
        roster.roster.parents.compactMap { parent in
            if parent == start.roster.digest { return start }
            return reached[parent] == true ? known[parent] : nil
        }
    }

    /// One of the ways to a roster, step by step from the start.
    func steps(to last: Pins.AcceptedRoster) -> [RosterChain.Step] {
        var steps: [RosterChain.Step] = []
        var current = last
        while current.roster.digest != start.roster.digest,
            let before = parents(of: current).first
        {
            steps.insert((before, current), at: 0)
            current = before
        }
        return steps
    }
}
