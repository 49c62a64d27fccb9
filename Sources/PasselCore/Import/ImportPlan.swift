/// What importing comes to: which entry each item becomes.
public struct ImportPlan: Sendable {
    /// What is done where an entry of another content has the name already.
    public enum Policy: String, Sendable, CaseIterable {
        /// The entry stays as it is, and the item is not imported.
        case skip
        /// The item gets a name of its own.
        case rename
        /// The entry is replaced; what it held stays in history.
        case replace
    }

    /// What becomes of an item.
    public enum Outcome: String, Sendable {
        /// It is a new entry.
        case new
        /// It is a new entry under another name, for its own is taken.
        case renamed
        /// It takes the place of an entry.
        case replaced
        /// The store has it already.
        case same
        /// Another entry has its name, and it is not imported.
        case skipped
    }

    /// An item and its entry.
    public struct Step: Sendable {
        /// The entry.
        public let name: Path
        /// What it will hold.
        public let content: Secret
        /// What becomes of it.
        public let outcome: Outcome
        /// The entry whose name it would have had, where that is not its own.
        public let wanted: Path?

        /// Whether an entry is written.
        public var isWritten: Bool { outcome != .same && outcome != .skipped }
    }

    /// In the order of the items.
    public private(set) var steps: [Step] = []

    /// The names that items would have in an empty store.
    public static func names(of items: [ImportedItem], in folder: Path) -> [Path] {
        items.map { folder / ImportedName.path(of: $0.place) }
    }

    /// Finds an entry for each item.
    ///
    /// Items of one name and content are one. Of several with one name the first has it; others get
    /// their account behind it, or a number. Names that differ only in the case of letters are one
    /// name: some file systems cannot hold both.
    ///
    /// - Parameters:
    ///   - names: those of all entries of the store.
    ///   - content: what an entry holds; nothing when it cannot be read here.
    /// - Throws: what `content` throws; a `Problem` for a name that nothing may have.
    public init(
        _ items: [ImportedItem], into folder: Path, _ policy: Policy, names: [Path],
        content: (Path) throws -> Secret?
    ) throws {
        var places = Places(names)
        for item in items {
            let own = folder / ImportedName.path(of: item.place)
            try EntryName.refuseUnstorable(own)
            let step = try places.step(for: item, called: own, policy, content)
            places.take(step)
            steps.append(step)
        }
    }

    /// The names that are taken, by what a file system without letter case sees of them.
    private struct Places {
        private let stored: [[UInt8]: [Path]]
        private var taken: [[UInt8]: Step] = [:]

        init(_ names: [Path]) { stored = Dictionary(grouping: names, by: ImportedName.folded) }

        mutating func take(_ step: Step) {
            let key = ImportedName.folded(step.name)
            if step.outcome != .same || taken[key] == nil { taken[key] = step }
        }

        /// The first of the item's names under which something can be done about it.
        func step(
            for item: ImportedItem, called own: Path, _ policy: Policy,
            _ content: (Path) throws -> Secret?
        ) throws -> Step {
            var conflict: Path?
            func step(_ name: Path, _ outcome: Outcome, wanted: Path? = nil) -> Step {
                Step(name: name, content: item.content, outcome: outcome, wanted: wanted)
            }
            for name in Self.names(of: item, called: own) {
                let key = ImportedName.folded(name)
                if let before = taken[key] {
                    if before.content == item.content { return step(before.name, .same) }
                    continue
                }
                guard let there = stored[key]?.first else {
                    return step(name, conflict == nil ? .new : .renamed, wanted: conflict)
                }
                let isThere = stored[key]?.contains(name) ?? false
                if isThere, try content(name) == item.content { return step(name, .same) }
                if policy == .skip { return step(name, .skipped, wanted: isThere ? name : there) }
                if policy == .replace, isThere { return step(name, .replaced) }
                conflict = conflict ?? (isThere ? name : there)
            }
            preconditionFailure("the names of an item never end")
        }

        /// What an item may be called: its own name, that with its account below it, and numbers
        /// behind the last of these.
        private static func names(
            of item: ImportedItem, called own: Path
        ) -> some Sequence<Path> {
            let account = item.account.map { own / ImportedName.part($0) }
            return sequence(state: 0) { number -> Path? in
                number += 1
                if number == 1 { return own }
                if number == 2, let account { return account }
                // Without an account the second name is the first that has a number.
                return ImportedName.numbered(account ?? own, account == nil ? number : number - 1)
            }
        }
    }
}
