import PasselCore

extension GitRepository {
    /// Moves the current branch from `parent` to a commit whose objects exist already.
    ///
    /// - Throws: `GitProblem` when the branch is somewhere else by now.
    public func publish(_ commit: GitID, after parent: GitID?) throws {
        let head = try headCommit()
        guard head?.id == parent else {
            throw GitProblem("finish an interrupted change", "the branch moved meanwhile")
        }
        let found = try self.commit(commit)
        guard let newTree = try tree(of: found) else { return }
        let parents = try historyCommit(commit).parents
        let kind: PreparedCommit.Kind =
            parents.first != parent ? .fastForward : parents.count > 1 ? .merge : .commit
        try publish(
            PreparedCommit(
                id: commit, parent: parent, kind: kind, reference: try referenceOfHead(),
                oldTree: try tree(of: head), newTree: newTree, subject: found.subject))
    }

    /// Brings the index up to date for what a commit changed.
    public func stage(pathsOf commit: GitID, parent: GitID?) throws {
        let new = try tree(of: try self.commit(commit))
        let old = try tree(of: try parent.map { try self.commit($0) })
        var reader = TreeReader(try objects())
        try stage(
            try reader.differences(old?.id, new?.id).map { change in
                GitChange(change.name, try change.new.map { try content(of: $0) } ?? .nothing)
            })
    }

    private func content(of leaf: GitLeaf) throws -> GitChange.Content {
        let content = try content(of: leaf.id)
        return leaf.kind == .link
            ? .link(content) : .file(content, executable: leaf.kind == .executable)
    }
}
