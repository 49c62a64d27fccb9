import PasselCore
import PasselGit

/// What one side did since the common commit: when each name was changed last, and what was moved.
struct MergeHistory {
    /// A commit that removed names and added others.
    private struct Move {
        var removed: [[UInt8]: GitLeaf] = [:]
        var added: [[UInt8]: GitLeaf] = [:]
    }

    /// The commit that changed a name last.
    private var last: [[UInt8]: HistoryCommit] = [:]
    /// Oldest first.
    private var moves: [Move] = []
    private let tip: HistoryCommit

    init(of side: GitID, notIn known: [GitID], _ repository: GitRepository) throws {
        tip = try repository.historyCommit(side)
        let commits = try repository.commits(from: [side], notIn: known)
        for (commit, changes) in zip(commits, try repository.ownChanges(of: commits)) {
            var move = Move()
            for change in changes {
                if last[change.name] == nil { last[change.name] = commit }
                if let old = change.old, change.new == nil { move.removed[change.name] = old }
                if let new = change.new, change.old == nil { move.added[change.name] = new }
            }
            if !move.removed.isEmpty, !move.added.isEmpty { moves.insert(move, at: 0) }
        }
    }

    /// When a name was changed last; of histories without a beginning, when the newest commit was
    /// made.
    func time(of name: [UInt8]) -> Int64 { (last[name] ?? tip).committer.time }

    /// The commit that counts for a name, to tell two of the same second apart everywhere alike.
    func commit(of name: [UInt8]) -> GitID { (last[name] ?? tip).id }

    /// Where what had a name was moved to, over any number of commits; nothing where it was removed.
    ///
    /// `isSame` says whether two versions, that differ in their bytes, hold the same plaintext.
    func destination(
        of name: [UInt8], isSame: (GitLeaf, [UInt8], GitLeaf, [UInt8]) throws -> Bool
    ) rethrows -> [UInt8]? {
        var current = name
        for move in moves {
            guard let removed = move.removed[current] else { continue }
            guard
                let next = try Self.match(removed, current, among: move.added, isSame)
            else { return nil }
            current = next
        }
        return current == name ? nil : current
    }

    /// How many additions of other names are decrypted to find a moved entry.
    private static let tries = 16

    /// Whether an entry's file is a copy that a merge kept of another's: nobody moved that.
    static func isCopy(_ file: [UInt8], of other: [UInt8]) -> Bool {
        let count = EntryName.suffix.utf8.count
        return ConflictName.isKept(Path(file.dropLast(count)), beside: Path(other.dropLast(count)))
    }

    /// The addition that is the same as what was removed.
    static func match(
        _ removed: GitLeaf, _ name: [UInt8], among added: [[UInt8]: GitLeaf],
        _ isSame: (GitLeaf, [UInt8], GitLeaf, [UInt8]) throws -> Bool
    ) rethrows -> [UInt8]? {
        let last = Path(name).name
        let names = added.keys.filter { $0.ends(with: EntryName.suffix) && !isCopy($0, of: name) }
            .sorted { left, right in
                let (first, second) = (Path(left).name == last, Path(right).name == last)
                return first == second ? left.precedes(right) : first
            }
        if let found = names.first(where: { added[$0] == removed }) { return found }
        return try names.prefix(tries).first { other in
            guard let leaf = added[other] else { return false }
            return try isSame(removed, name, leaf, other)
        }
    }
}
