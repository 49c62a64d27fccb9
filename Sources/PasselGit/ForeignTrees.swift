public import PasselCore

/// The folders of commits that nobody has vouched for, compared with those of a commit that is known.
///
/// Each folder is checked before it is used; equal ones are told by their ids and not read.
public struct ForeignTrees {
    /// Something that cannot be used.
    public struct Flaw: Sendable {
        /// The rule that it breaks.
        public let rule: GateRule
        /// Its name below the top; empty for the top itself.
        public let name: [UInt8]
        /// Why, in words.
        public let text: Text
    }

    /// What a walk hands over.
    public enum Finding: Sendable {
        /// A file, link or submodule that came, changed or went.
        case leaf(GitLeafChange)
        /// A name or a folder that cannot be used; nothing below it is looked at.
        case flaw(Flaw)

        /// The name that it is about.
        public var name: [UInt8] {
            switch self {
            case .leaf(let change): change.name
            case .flaw(let flaw): flaw.name
            }
        }

        /// The name, if what is under it changed.
        public var changedName: [UInt8]? {
            if case .leaf(let change) = self { change.name } else { nil }
        }
    }

    private let objects: ForeignObjects
    private var sound: Set<GitID> = []
    private var countLeft: Int
    private var depth = 0

    /// The most bytes of a folder: 100,000 names of 100 bytes and what belongs to them.
    public static let folderLimit = 16 << 20
    /// The most names of one folder, and where two commits differ.
    public static let nameLimit = 100_000

    /// Folders of `objects`, where so many names may differ, all walks together.
    public init(_ objects: ForeignObjects, nameLimit: Int = Self.nameLimit) {
        self.objects = objects
        countLeft = nameLimit
    }

    /// Hands over what `new` has differently from `old`, sorted as git sorts, as far as it is sound.
    ///
    /// - Throws: what `body` throws; `GitProblem` when `old` is damaged.
    public mutating func walk(
        _ new: GitID, against old: GitID?, _ body: (Finding) throws -> Void
    ) throws {
        depth = 0
        try compare(old, new, below: [], body)
    }

    /// What a folder has otherwise than all of `others`; everything in it if there are none.
    ///
    /// - Throws: as `walk`.
    public mutating func findings(in tree: GitID, unlike others: [GitID]) throws -> [Finding] {
        var found: [Finding] = []
        try walk(tree, against: others.first) { found.append($0) }
        for other in others.dropFirst() where !found.isEmpty {
            var names: Set<[UInt8]> = []
            try walk(tree, against: other) { names.insert($0.name) }
            found.removeAll { !names.contains($0.name) }
        }
        return found
    }

    private mutating func compare(
        _ old: GitID?, _ new: GitID?, below folder: [UInt8], _ body: (Finding) throws -> Void
    ) throws {
        guard old != new else { return }
        guard depth <= NamePolicy.depthLimit else {
            return try body(
                flaw(.depth, folder, "more than \(NamePolicy.depthLimit) folders are in each other")
            )
        }
        depth += 1
        defer { depth -= 1 }
        var right = TreeItems([])
        if let new {
            switch read(new, folder) {
            case .success(let bytes): right = TreeItems(bytes)
            case .failure(let broken): return try body(.flaw(broken.flaw))
            }
        }
        var left = TreeItems([])
        if let old {
            do throws(ForeignObjects.Flaw) {
                left = TreeItems(try objects.folder(old, limit: .max))
            } catch {
                throw GitProblem("read the folder \(old.hex)", error.description.description)
            }
        }
        left.skipItems(commonWith: &right)
        var (before, after) = (try left.next(), try right.next())
        while before != nil || after != nil {
            let gone = before.flatMap { after?.precedes($0) ?? false ? nil : $0 }
            let made = after.flatMap { before?.precedes($0) ?? false ? nil : $0 }
            guard try compare(gone, made, below: folder, body) else { return }
            if gone != nil, made != nil { left.skipItems(commonWith: &right) }
            if gone != nil { before = try left.next() }
            if made != nil { after = try right.next() }
        }
    }

    /// False when enough was seen.
    private mutating func compare(
        _ gone: TreeItems.Item?, _ made: TreeItems.Item?, below folder: [UInt8],
        _ body: (Finding) throws -> Void
    ) throws -> Bool {
        guard countLeft > 0 else {
            if countLeft == 0 {
                try body(flaw(.count, folder, "there are too many new names"))
                countLeft = -1
            }
            return false
        }
        countLeft -= 1
        guard let part = (made ?? gone)?.name else { return true }
        let name = folder + part
        if let made, made.id != gone?.id || made.mode != gone?.mode,
            let flaw = Self.flaw(part, name, isKnown: gone != nil)
        {
            // What is under such a name does not matter any more.
            try body(.flaw(Flaw(rule: flaw.rule, name: name, text: flaw.text)))
            return true
        }
        if gone?.leaf != made?.leaf {
            try body(.leaf(GitLeafChange(name: name, old: gone?.leaf, new: made?.leaf)))
        }
        try compare(gone?.folder, made?.folder, below: name + [.slash], body)
        return true
    }

    /// What is wrong with a name, as a part of its folder and as a whole.
    ///
    /// One that is merely odd, and that is known, stays usable.
    private static func flaw(
        _ part: ArraySlice<UInt8>, _ name: [UInt8], isKnown: Bool
    ) -> (rule: GateRule, text: Text)? {
        if let flaw = NamePolicy.flaw(ofPart: part) {
            guard !isKnown || flaw.rule != .name else { return nil }
            return (flaw.rule, "the name is not allowed: \(flaw.text)")
        }
        guard name.count > NamePolicy.nameLimit, !isKnown else { return nil }
        return (.name, "the name is longer than \(NamePolicy.nameLimit) bytes")
    }

    private struct Broken: Error { let flaw: Flaw }

    private mutating func read(_ id: GitID, _ folder: [UInt8]) -> Result<[UInt8], Broken> {
        do throws(ForeignObjects.Flaw) {
            let bytes = try objects.folder(id, limit: Self.folderLimit)
            guard !sound.contains(id) else { return .success(bytes) }
            do throws(TreeObject.Flaw) {
                let summary = try TreeObject.check(bytes, nameLimit: Self.nameLimit)
                guard !summary.isRepository else {
                    return .failure(
                        broken(.repository, folder, "git would take it for a repository"))
                }
            } catch {
                return .failure(broken(Self.rule(error), folder, error.description))
            }
            if sound.count < Self.nameLimit { sound.insert(id) }
            return .success(bytes)
        } catch {
            if case .tooLarge = error {
                return .failure(broken(.count, folder, "the folder has too many names"))
            }
            return .failure(broken(.object, folder, error.description))
        }
    }

    private static func rule(_ flaw: TreeObject.Flaw) -> GateRule {
        switch flaw {
        case .damaged, .unsorted, .twice: .object
        case .mode: .mode
        case .tooMany: .count
        }
    }

    private func broken(_ rule: GateRule, _ folder: [UInt8], _ text: Text) -> Broken {
        Broken(flaw: Flaw(rule: rule, name: Array(folder.dropLast()), text: text))
    }

    private func flaw(_ rule: GateRule, _ folder: [UInt8], _ text: Text) -> Finding {
        .flaw(broken(rule, folder, text).flaw)
    }
}
