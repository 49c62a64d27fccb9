import CGit2
public import PasselCore

/// A move of a branch, as this clone remembers it.
public struct BranchMove: Sendable {
    /// Where it moved to.
    public let commit: GitID
    /// What moved it, in one line: `commit: Add a password`.
    public let cause: Text
}

extension GitRepository {
    /// The commit that a name means to git: a branch, a tag, an id or its beginning, `HEAD~2`,
    /// `main@{yesterday}`; nothing when it means none.
    ///
    /// Calls `git_revparse_single`: no name can be an option or a file.
    public func commit(named name: [UInt8]) throws -> GitID? {
        guard !name.contains(0) else { return nil }
        var object: OpaquePointer?
        let code = Path(name).withCString { git_revparse_single(&object, pointer, $0) }
        defer { git_object_free(object) }
        guard code == 0, let id = git_object_id(object) else { return nil }
        return try commit(behind: GitID(id.pointee))
    }

    /// The moves of the current branch that this clone remembers, newest first.
    ///
    /// Calls `git_reflog_read`.
    public func branchMoves() throws -> [BranchMove] {
        var log: OpaquePointer?
        let name = try referenceOfHead()
        try check("read the log of \(name)", git_reflog_read(&log, pointer, name))
        defer { git_reflog_free(log) }
        return (0..<git_reflog_entrycount(log)).compactMap { index in
            guard let entry = git_reflog_entry_byindex(log, index),
                let id = git_reflog_entry_id_new(entry)
            else { return nil }
            let cause = git_reflog_entry_message(entry).map { Array(cString: $0) } ?? []
            return BranchMove(commit: GitID(id.pointee), cause: Text(cause))
        }
    }
}

extension GitRepository {
    /// Whether the commit is there; one that no branch leads to is cleared away some day.
    public func hasCommit(_ id: GitID) -> Bool {
        // What cannot be read is not there.
        (try? objects().kind(of: id)) == GIT_OBJECT_COMMIT
    }
}

extension GitID {
    /// What people call a commit; long enough for any store.
    public var short: String { String(hex.prefix(12)) }
}
