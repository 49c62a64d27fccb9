extension GitRepository {
    /// What each of these commits did itself, sorted as git sorts.
    ///
    /// Against the commit before it, and of a merge what none of its parents has; of a first commit
    /// nothing.
    ///
    /// - Throws: `GitProblem` when an object is missing or damaged.
    public func ownChanges(of commits: [HistoryCommit]) throws -> [[GitLeafChange]] {
        var reader = TreeReader(try objects())
        return try commits.map { commit in
            guard !commit.parents.isEmpty else { return [] }
            let parents = try commit.parents.map { try historyCommit($0).tree }
            return try reader.changes(from: parents, to: commit.tree).filter(\.isOwn)
        }
    }
}
