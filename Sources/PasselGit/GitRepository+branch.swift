import CGit2
public import PasselCore

extension GitRepository {
    /// The short name of the current branch, which may have no commit yet; nothing when HEAD is
    /// detached.
    public var branch: String? {
        // Without a readable HEAD there is no branch either; what needs one says why.
        guard let reference = try? referenceOfHead() else { return nil }
        let prefix = "refs/heads/"
        return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : nil
    }

    /// What a reference leads to; nothing when there is none of that name.
    ///
    /// - Parameter name: the full name, such as `refs/remotes/origin/main`.
    public func reference(_ name: String) throws -> GitID? { try target(of: Path(name.utf8)) }

    /// Moves a reference from one commit to another, provided that it still is there; `old` nil
    /// makes it, `new` nil removes it.
    ///
    /// - Throws: `GitProblem`, of which `isRace` is true when it is somewhere else by now.
    public func setReference(
        _ name: String, to new: GitID?, from old: GitID?, log: Text
    ) throws {
        let operation = "move \(name)"
        try StaleLocks(gitFolder: gitFolder, workTree: workTree).clear(forReference: name)
        guard var new = new?.oid else { return try removeReference(name, from: old) }
        var made: OpaquePointer?
        defer { git_reference_free(made) }
        let code = Path(log.bytes).withCString { log in
            guard var old = old?.oid else {
                return git_reference_create(&made, pointer, name, &new, 0, log)
            }
            return git_reference_create_matching(&made, pointer, name, &new, 1, &old, log)
        }
        // Gone is somewhere else too.
        if code == GIT_ENOTFOUND.rawValue, old != nil { throw GitProblem.moved(operation) }
        try check(operation, code)
    }

    private func removeReference(_ name: String, from old: GitID?) throws {
        let operation = "remove \(name)"
        var found: OpaquePointer?
        let code = git_reference_lookup(&found, pointer, name)
        defer { git_reference_free(found) }
        if code == GIT_ENOTFOUND.rawValue {
            if old != nil { throw GitProblem.moved(operation) }
            return
        }
        try check(operation, code)
        guard let now = git_reference_target(found), GitID(now.pointee) == old else {
            throw GitProblem.moved(operation)
        }
        // Fails by itself when the reference moves after it was read here.
        try check(operation, git_reference_delete(found))
    }
}

extension GitProblem {
    fileprivate static func moved(_ operation: String) -> GitProblem {
        GitProblem(operation, code: GIT_EMODIFIED.rawValue, "somebody else moved it meanwhile")
    }
}
