public import PasselCore
public import PasselGit
import PasselPosix

/// What one commit did to the store.
public struct LogEntry: Sendable {
    /// What happened to an entry.
    public enum Kind: Sendable, Equatable {
        /// It was not there before.
        case added
        /// It has another content: another secret, or the same for other recipients.
        case changed
        /// It is not there any more.
        case removed
        /// It was called so before.
        case renamed(from: Path)
        /// It was made from this one.
        case copied(from: Path)
    }

    /// One entry of those that the commit changed.
    public struct Change: Sendable {
        /// Its name, afterwards.
        public let name: Path
        /// What happened to it.
        public let kind: Kind
    }

    /// The commit.
    public let commit: HistoryCommit
    /// The entries that it changed itself; of a merge those that no side has like this.
    public let changes: [Change]
    /// The folders whose recipients it changed; `.` is the store's top.
    public let recipients: [Path]
    /// Other files that it changed: below the store's top, as git names them.
    public let others: [Path]
}

extension Store {
    /// What the commits of the branch did to the entry or folder of this name, or to the whole store
    /// for the empty one; newest first.
    ///
    /// An entry is followed to the names that it had before.
    ///
    /// - Throws: a `Problem` where there is no history, or nothing of that name in it.
    public func log(of name: Path = "") throws -> [LogEntry] {
        let history = try KeptHistory(around: path(name), in: self)
        var commits: [(commit: HistoryCommit, changes: [GitLeafChange])] = []
        try history.repository.walkHistory(refs: .head) { commits.append(($0, $1)) }
        var wanted = LogFilter(name)
        let entries = commits.reversed().compactMap { commit, changes in
            wanted.kept(history.logEntry(commit, changes))
        }
        guard !entries.isEmpty || name.isEmpty else {
            throw Problem(
                "\(name) is not in the store, and never was",
                hints: ["passel find \(Text(name.name))"])
        }
        return entries
    }
}

extension Store {
    /// What the signatures in a log of `name` are worth.
    public func trust(in log: [LogEntry], of name: Path) throws -> [GitID: CommitTrust] {
        let history = try KeptHistory(around: path(name), in: self)
        return try trust(of: log.map(\.commit.id), in: history.repository)
    }
}

/// What of a log is about one entry or folder, under whatever names it had.
private struct LogFilter {
    private var names: Set<Path>

    init(_ name: Path) { names = [name] }

    /// The part of an entry of the log that is wanted; the commits must come newest first.
    mutating func kept(_ entry: LogEntry) -> LogEntry? {
        if names.contains("") { return entry }
        let changes = entry.changes.filter { covers($0.name) || isSource($0) }
        let folders = entry.recipients.filter(covers)
        let others = entry.others.filter(covers)
        for change in changes {
            guard case .renamed(let old) = change.kind, covers(change.name) else { continue }
            names.insert(old)
        }
        guard !changes.isEmpty || !folders.isEmpty || !others.isEmpty else { return nil }
        return LogEntry(
            commit: entry.commit, changes: changes, recipients: folders, others: others)
    }

    private func covers(_ name: Path) -> Bool {
        names.contains(name) || names.contains { name.isWithin($0) }
    }

    /// Whether it is what became of one that is gone.
    private func isSource(_ change: LogEntry.Change) -> Bool {
        if case .renamed(let old) = change.kind { covers(old) } else { false }
    }
}

extension KeptHistory {
    fileprivate func logEntry(_ commit: HistoryCommit, _ changes: [GitLeafChange]) -> LogEntry {
        let own = changes.filter(\.isOwn)
        let entries = place.entries(own)
        let moves = EntryMoves(
            EntryHistory.Commit(
                id: commit.id, subject: commit.subject, parents: [0], changes: [entries]))
        var sources: [[UInt8]: [UInt8]] = [:]
        for (source, destinations) in moves.destinations {
            for destination in destinations where destination.guess == nil {
                sources[destination.name] = source
            }
        }
        let vanished = Set(entries.filter { $0.new == nil }.map(\.name))
        let moved = Set(
            entries.filter { $0.new != nil }.compactMap { sources[$0.name] }
        ).intersection(vanished)
        let told = entries.filter { !moved.contains($0.name) }.map { change -> LogEntry.Change in
            let source = change.new == nil ? nil : sources[change.name]
            let kind: LogEntry.Kind =
                if let source, vanished.contains(source) {
                    .renamed(from: Path(source))
                } else if let source, change.old == nil {
                    .copied(from: Path(source))
                } else {
                    change.old == nil ? .added : change.new == nil ? .removed : .changed
                }
            return LogEntry.Change(name: Path(change.name), kind: kind)
        }
        let files = own.compactMap { place.name(of: $0.name) }.map { Path($0) }
        let known = Set(entries.map { Path($0.name).appending(EntryName.suffix) })
        let lists = files.filter(\.isList)
        return LogEntry(
            commit: commit, changes: told, recipients: lists.map(\.parent),
            others: files.filter { !$0.isList && !known.contains($0) })
    }
}
