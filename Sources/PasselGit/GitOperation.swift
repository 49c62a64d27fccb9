import CGit2
public import PasselCore
import PasselPosix

/// Something that git began in the work tree and that waits to be ended.
public enum GitOperation: Sendable, Equatable {
    /// A merge of these commits.
    case merge([GitID])
    /// A rebase, or patches out of a mailbox being applied.
    case rebase
    /// Commits being picked from elsewhere.
    case cherryPick
    /// Commits being undone.
    case revert
    /// A search for the commit that broke something.
    case bisect

    /// What gives it up, after `git`.
    public var endingWords: Text {
        switch self {
        case .merge: "merge --abort"
        case .rebase: "rebase --abort"
        case .cherryPick: "cherry-pick --abort"
        case .revert: "revert --abort"
        case .bisect: "bisect reset"
        }
    }
}

extension GitRepository {
    /// What git itself, or another program, began here and did not end.
    public func operation() -> GitOperation? {
        // A merge in the middle of a rebase belongs to the rebase.
        for folder in ["rebase-merge", "rebase-apply"]
        where FileStatus.isFolder(gitFolder / Path(folder.utf8)) { return .rebase }
        if FileStatus.isFile(gitFolder / "MERGE_HEAD") { return .merge(mergeHeads()) }
        if FileStatus.isFile(gitFolder / "CHERRY_PICK_HEAD") { return .cherryPick }
        if FileStatus.isFile(gitFolder / "REVERT_HEAD") { return .revert }
        // Between two commits of a row there is neither.
        if let row = try? Files.read(gitFolder / "sequencer/todo") {  // not there: no row
            return row.starts(with: "revert".utf8) ? .revert : .cherryPick
        }
        return FileStatus.isFile(gitFolder / "BISECT_LOG") ? .bisect : nil
    }

    private func mergeHeads() -> [GitID] {
        // Unreadable: then it is a merge of nobody knows what.
        let lines = (try? Files.read(gitFolder / "MERGE_HEAD")) ?? []
        return lines.split(separator: .newline).compactMap { GitID(hex: $0) }
    }

    /// Forgets the merge that git began, once its heads are merged or given up; the index and the
    /// files stay as they are.
    ///
    /// Calls `git_repository_state_cleanup`.
    public func forgetOperation() throws {
        try check("end the merge", git_repository_state_cleanup(pointer))
    }
}
