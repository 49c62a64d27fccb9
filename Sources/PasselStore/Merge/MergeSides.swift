import PasselCore
import PasselGit

/// The names that either side changed, with what the three commits have under them.
struct MergeSides {
    /// What the three have under one name.
    struct Three {
        var base: GitLeaf?
        var ours: GitLeaf?
        var theirs: GitLeaf?

        /// What one side has.
        func leaf(_ side: MergeSide) -> GitLeaf? { side == .ours ? ours : theirs }

        func isChanged(by side: MergeSide) -> Bool { leaf(side) != base }
    }

    /// By names below the work tree.
    let changed: [[UInt8]: Three]
    /// The store's place below the work tree, with a slash at its end; empty at its top.
    let prefix: [UInt8]

    init(of merge: StoreMerge, base: GitID?) throws {
        var changed: [[UInt8]: Three] = [:]
        let repository = merge.repository
        for (side, commit) in [(MergeSide.ours, merge.ours), (.theirs, merge.theirs)] {
            for change in try Self.changes(from: base, to: commit, in: repository) {
                // What one side did not change it has as the base has it.
                var three =
                    changed[change.name]
                    ?? Three(base: change.old, ours: change.old, theirs: change.old)
                if side == .ours { three.ours = change.new } else { three.theirs = change.new }
                changed[change.name] = three
            }
        }
        self.changed = changed
        prefix = merge.store.prefix(in: repository)
    }

    private struct Change {
        let name: [UInt8]
        let old: GitLeaf?
        let new: GitLeaf?
    }

    private static func changes(
        from base: GitID?, to commit: GitID, in repository: GitRepository
    ) throws -> [Change] {
        guard let base else {
            return try repository.leaves(in: commit).map {
                Change(name: $0.name, old: nil, new: $0.leaf)
            }
        }
        return try repository.changes(from: base, to: commit).map {
            Change(name: $0.name, old: $0.old, new: $0.new)
        }
    }

    /// The path below the store that a name stands for; nothing outside of it.
    func path(_ name: [UInt8]) -> Path? {
        name.starts(with: prefix) ? Path(name.dropFirst(prefix.count)) : nil
    }

    /// The name of a path below the store.
    func name(_ path: Path) -> [UInt8] { prefix + path.bytes }

    /// What a name is in a store.
    func kind(_ name: [UInt8]) -> NameKind {
        guard let path = path(name) else { return .outside }
        let parts = path.components
        let last = parts.last ?? []
        if parts.first == Array(".passel".utf8) {
            if path == Roster.file { return .roster }
            if path == TeamFiles.signature { return .rosterSignature }
            if path.isWithin(OffboardingList.folder) { return .offboarding }
            if path.isWithin(RequestFile.folder) { return .request }
            if path.isWithin(EventName.folder) { return .event }
            return .file
        }
        if parts.first == Array(".public-keys".utf8) {
            return parts.count == 2 && Fingerprint(last)?.bytes == last ? .key : .file
        }
        if last == Array(".gpg-id".utf8) { return .list }
        if last == Array(".gpg-id.sig".utf8) { return .listSignature }
        let isReserved = parts.contains(where: EntryName.isReserved)
        return last.ends(with: EntryName.suffix) && last.count > EntryName.suffix.utf8.count
            && !isReserved ? .entry : .file
    }
}

/// What a name is, by which rule it is merged.
enum NameKind {
    case entry, list, listSignature, roster, rosterSignature, key, request, offboarding, event,
        file
    /// Not in the store, but in the same repository.
    case outside

    /// As what it is told.
    var subject: MergeOutcome.Subject? {
        switch self {
        case .entry: .entry
        case .list: .list
        case .roster: .roster
        case .key: .key
        case .request, .offboarding, .file, .outside: .file
        case .listSignature, .rosterSignature, .event: nil
        }
    }
}

extension Store {
    /// The store's place below the work tree of its repository, with a slash at its end; empty at
    /// its top.
    func prefix(in repository: GitRepository) -> [UInt8] {
        Array((repository.name(of: root / "x") ?? Array("x".utf8)).dropLast())
    }
}
