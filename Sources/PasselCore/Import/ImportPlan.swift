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
        var taken: [[UInt8]: Step] = [:]
        let stored = Dictionary(
            names.map { (ImportedName.folded($0), $0) }, uniquingKeysWith: { first, _ in first })
        let exact = Set(names)
        for item in items {
            let own = folder / ImportedName.path(of: item.place)
            try EntryName.refuseUnstorable(own)
            let account = item.account.map { own / ImportedName.part($0) }
            var candidates = [own] + (account.map { [$0] } ?? [])
            let base = candidates.last ?? own
            var number = 1
            var conflict: Path?
            var step: Step?
            while step == nil {
                let name: Path
                if candidates.isEmpty {
                    number += 1
                    name = ImportedName.numbered(base, number)
                } else {
                    name = candidates.removeFirst()
                }
                let key = ImportedName.folded(name)
                if let before = taken[key] {
                    guard before.content == item.content else { continue }
                    step = Step(
                        name: before.name, content: item.content, outcome: .same, wanted: nil)
                    continue
                }
                guard let known = exact.contains(name) ? name : stored[key] else {
                    step = Step(
                        name: name, content: item.content,
                        outcome: conflict == nil ? .new : .renamed,
                        wanted: conflict)
                    continue
                }
                if known == name, try content(name) == item.content {
                    step = Step(name: name, content: item.content, outcome: .same, wanted: nil)
                    continue
                }
                conflict = conflict ?? known
                switch policy {
                case .skip:
                    step = Step(
                        name: name, content: item.content, outcome: .skipped, wanted: known)
                case .replace where known == name:
                    step = Step(
                        name: name, content: item.content, outcome: .replaced, wanted: nil)
                case .replace, .rename: continue
                }
            }
            guard let step else { continue }
            if step.outcome != .same || taken[ImportedName.folded(step.name)] == nil {
                taken[ImportedName.folded(step.name)] = step
            }
            steps.append(step)
        }
    }
}
