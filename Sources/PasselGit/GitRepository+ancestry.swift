import CGit2

extension GitRepository {
    /// The commit that two last had in common: none of its descendants is an ancestor of both.
    ///
    /// Where there are several, because each side merged the other, it is the newest of them.
    /// Nothing where the histories have nothing in common, as far as a shallow clone knows them.
    ///
    /// - Throws: `GitProblem` when a commit is missing or damaged.
    public func mergeBase(_ a: GitID, _ b: GitID) throws -> GitID? {
        if a == b { return a }
        let walk = try ancestry([a], [b])
        let candidates = walk.common.filter { walk.marks[$0] == .both }
            .sorted { (walk.time(of: $0), $0.hex) > (walk.time(of: $1), $1.hex) }
        // Wrong clocks can leave an ancestor of another among them.
        return try candidates.first { candidate in
            try candidates.allSatisfy { try $0 == candidate || !isAncestor(candidate, of: $0) }
        }
    }

    /// Whether `b` was made from `a`; every commit counts as its own ancestor.
    public func isAncestor(_ a: GitID, of b: GitID) throws -> Bool {
        if a == b { return true }
        return try ancestry([a], [b]).marks[a]?.isSuperset(of: .both) ?? false
    }

    /// How many commits `local` has that `other` has not, and the other way round.
    public func aheadBehind(_ local: GitID, _ other: GitID) throws -> (ahead: Int, behind: Int) {
        if local == other { return (0, 0) }
        let walk = try ancestry([local], [other], patience: Self.patience)
        return (walk.count(.left), walk.count(.right))
    }

    /// The commits that `tips` lead to and `known` do not, each before those it was made from,
    /// otherwise the newest first.
    public func commits(
        from tips: [GitID], notIn known: [GitID]
    ) throws -> [HistoryCommit] {
        let graph = CommitGraph(of: try ancestry(tips, known, patience: Self.patience).onlyLeft)
        return graph.order.map { graph.nodes[$0].commit }
    }

    private static let patience = 500

    private func ancestry(
        _ left: [GitID], _ right: [GitID], patience: Int = 0
    ) throws -> AncestryWalk {
        try AncestryWalk(
            left: left, right: right, objects(), shallow: shallowCommits(), patience: patience)
    }

    /// Whether the object is here.
    public func has(_ id: GitID) throws -> Bool {
        do {
            _ = try objects().kind(of: id)
            return true
        } catch let problem as GitProblem where problem.code == GIT_ENOTFOUND.rawValue {
            return false
        }
    }
}
