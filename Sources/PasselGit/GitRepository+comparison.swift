extension GitRepository {
    /// What differs between two commits, sorted as git sorts.
    ///
    /// - Throws: `GitProblem` when an object is missing or damaged.
    public func changes(from old: GitID, to new: GitID) throws -> [GitLeafChange] {
        var reader = TreeReader(try objects())
        let trees = try [old, new].map { try historyCommit($0).tree }
        return try reader.differences(trees[0], trees[1])
    }
}
