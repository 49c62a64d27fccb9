public import PasselCore

/// What of a list is still to be done.
public struct OffboardingStatus: Sendable {
    /// An entry by the name under which they could read it.
    public struct Item: Sendable, Equatable {
        /// The name at the time.
        public let name: Text
        /// Its names now; none when it is gone.
        public let places: [Text]
        /// Whether they were named as a reader; otherwise the readers are hidden.
        public let isCertain: Bool
        /// Whether it is settled, and why or why not.
        public let state: State
    }

    /// Whether an entry is settled.
    public enum State: Sendable, Equatable {
        /// Its secret is none that they knew.
        case closed
        /// Somebody said so on this day.
        case done(Day)
        /// It is not, because of this.
        case open(Reason)
    }

    /// Why an entry is not settled; the worst last.
    public enum Reason: String, Sendable, Comparable, CaseIterable {
        /// It was removed from the store, but its secret may still be in use.
        case gone
        /// What was there before, or is there now, cannot be read by the user, or hides its
        /// readers.
        case unknown
        /// Its secret is one that they knew.
        case unchanged
        /// It is encrypted to them.
        case readable

        /// The worse one is greater.
        public static func < (left: Reason, right: Reason) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The list, with what was found since it was written.
    public let list: OffboardingList
    /// Its entries, sorted by name.
    public let items: [Item]

    /// How many are not settled.
    public var openCount: Int {
        items.count { if case .open = $0.state { true } else { false } }
    }
}

extension Store {
    /// How far the lists of those who left are worked off; of one person where a name is given.
    ///
    /// Everything is looked for anew: entries that were renamed since are followed, and what became
    /// readable to them since is on the list, too. Decrypts what was not compared before, and tells
    /// `progress` how many of how many entries are done.
    ///
    /// - Throws: a `Problem` when the name means nobody who left.
    public func offboardingStatus(
        of name: Recipient? = nil, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [OffboardingStatus] {
        let lists = try offboardingLists(of: name)
        let histories = try histories()
        let present = try PresentEntries(self, histories)
        var closing = try Closing(self, histories, present)
        let statuses = try updated(lists, histories, present).map { list, recorded, leaver in
            try closing.status(of: list, recorded: recorded, leaver: leaver, progress: progress)
        }
        try closing.save()
        return statuses
    }

    /// Declares entries to be settled, in one commit: those that had one of these names, and those
    /// that have it now.
    ///
    /// - Throws: a `Problem` when there is no such entry on the list, or on any where no person is
    ///   given.
    public func settleOffboarding(_ entries: [Text], of name: Recipient? = nil) throws {
        let lists = try offboardingLists(of: name)
        let histories = try histories()
        let present = try PresentEntries(self, histories)
        let today = Day(second: settings.now())
        var settled: [OffboardingList] = []
        var missing = entries
        for (list, _, _) in try updated(lists, histories, present) {
            var list = list
            for entry in entries {
                let items = list.items.filter {
                    $0.name == entry.bytes || $0.place.name == entry.bytes
                }
                guard !items.isEmpty else { continue }
                for item in items { list.done[item.name] = today }
                missing.removeAll { $0 == entry }
                settled.removeAll { $0.person == list.person }
                settled.append(list)
            }
        }
        if let unknown = missing.first {
            throw Problem(
                "\(unknown) is on no list of what somebody who left could read",
                hints: ["see what is: passel offboard --status"])
        }
        try put(settled, subject: CommitSubject.settle(entries.joined(separator: ", ")))
    }

    private func offboardingLists(of name: Recipient?) throws -> [OffboardingList] {
        let lists = try offboardingLists()
        guard let name else { return lists }
        let found = lists.filter { $0.isOf(name) }
        guard !found.isEmpty else {
            throw Problem(
                "nobody who left is called \(Text(name.bytes))",
                hints: ["see who left: passel offboard --status"])
        }
        return found
    }

    /// The lists with what was found since they were written, as they were, and whose they are.
    private func updated(
        _ lists: [OffboardingList], _ histories: [EntryHistory], _ present: PresentEntries
    ) throws -> [(list: OffboardingList, recorded: OffboardingList, leaver: Leaver)] {
        let travelling = try travellingKeys(histories, of: Set(lists.map(\.person)))
        return try lists.map { recorded in
            guard let leaver = try leaver(recorded.person, travelling, lists) else {
                throw Problem(
                    "\(recorded.file) names no key",
                    hints: ["see who changed it: passel git log -- \(recorded.file)"])
            }
            var list = recorded
            let items = try Readings(of: leaver, histories, present).items
            list.update(with: items, keyIDs: leaver.keyIDs)
            return (list, recorded, leaver)
        }
    }
}
