import PasselCore
import PasselGit

/// The commits that were made on this machine, as git's log of the branch remembers.
///
/// That log is of this clone alone: a commit that came with a pull or a sync, or that a rebase made
/// anew, is in it under another cause than `commit`; so is a merge.
struct LocalChange {
    private let history: KeptHistory
    private let head: GitID

    /// The mark of a commit that takes another back.
    private static let mark = Array("Undo ".utf8)
    /// Beyond this many there is nobody who remembers.
    private static let limit = 1000

    init(_ history: KeptHistory) throws {
        self.history = history
        head = try history.head()
    }

    /// The newest commit that was made here, is still in the branch, and is not taken back; at most
    /// `skipped` newer ones are left out.
    ///
    /// - Throws: a `Problem` where there is none.
    func newest(before skipped: GitID? = nil) throws -> HistoryCommit {
        var isBehind = skipped == nil
        var seen: Set<GitID> = []
        for move in try history.repository.branchMoves().prefix(Self.limit)
        where Self.isMadeHere(move) && seen.insert(move.commit).inserted {
            guard isBehind else {
                isBehind = move.commit == skipped
                continue
            }
            // What was reset away since is no part of the branch.
            guard try isInBranch(move.commit), try !isUndone(move.commit) else { continue }
            let commit = try history.repository.historyCommit(move.commit)
            // That is nothing anybody would take back.
            guard try !history.isOnlyLogged(commit) else { continue }
            return commit
        }
        throw Problem(
            "nothing in the branch is known to be made on this machine",
            hints: ["undo a change of your choice: passel log, then passel undo COMMIT"])
    }

    /// Whether somebody changed something by it; what a sync merges or encrypts anew is no change.
    private static func isMadeHere(_ move: BranchMove) -> Bool {
        let cause = move.cause.bytes
        return ["commit:", "commit (initial):", "commit (amend):"].contains {
            cause.starts(with: $0.utf8)
        } && !cause.starts(with: "commit: Heal ".utf8)
    }

    private func isInBranch(_ commit: GitID) throws -> Bool {
        // A commit that is not there any more was cleared away.
        try commit == head
            || (history.repository.hasCommit(commit)
                && history.repository.isAncestor(commit, of: head))
    }

    /// Whether a later commit, not taken back itself, took it back.
    func isUndone(_ commit: GitID) throws -> Bool {
        guard commit != head else { return false }
        let later = try history.repository.commits(from: [head], notIn: [commit])
        var undone: Set<String> = []
        // Newest first: what is taken back takes nothing back.
        for other in later where !undone.contains(other.id.short) {
            if let id = Self.undone(by: other.subject) { undone.insert(id) }
        }
        return undone.contains(commit.short)
    }

    /// The subject of a commit that takes another back.
    static func subject(undoing commit: HistoryCommit) -> Text {
        "\(mark)\(commit.id.short): \(commit.subject)"
    }

    /// The short id of what a commit took back, if it says that it did.
    static func undone(by subject: Text) -> String? {
        let rest = subject.bytes.dropFirst(mark.count)
        let digits = rest.prefix { $0.hexValue != nil }
        guard subject.bytes.starts(with: mark), digits.count == 12,
            rest.dropFirst(12).first == UInt8(ascii: ":")
        else { return nil }
        return String(decoding: Array(digits), as: UTF8.self)
    }
}
