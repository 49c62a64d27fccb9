import CGit2
public import PasselCore

/// A commit that changed a file, and what it left.
public struct Revision: Sendable {
    /// The commit.
    public let commit: HistoryCommit
    /// What the commit has under the name; nothing where it removed it.
    public let leaf: GitLeaf?
}

/// Where a walk through history begins.
public enum HistoryRange: Sendable {
    /// At the newest commit of the current branch.
    case head
    /// At HEAD and at everything in refs/: branches, what was fetched of other clones, tags, the
    /// newest stash.
    case all
}

/// What a walk through history could not see.
public struct HistoryExtent: Sendable {
    /// Whether commits are missing because the clone is shallow.
    public let isShallow: Bool
    /// References that lead to no commit, such as broken ones and tags of a file.
    public let skipped: [Text]
}

extension GitRepository {
    /// The commits reachable from one (HEAD where none is given) that changed what is under a name,
    /// newest first.
    ///
    /// A merge counts when none of its parents has the same there. A name that is a folder has
    /// nothing under it.
    public func revisions(of name: [UInt8], from tip: GitID? = nil) throws -> [Revision] {
        let graph = try graph(from: tip.map { [$0] } ?? tips(of: .head).commits)
        var lookup = LeafLookup(name, TreeReader(try objects()))
        let leaves = try graph.nodes.map { try lookup.leaf(in: $0.commit.tree) }
        return graph.order.compactMap { number in
            let (node, leaf) = (graph.nodes[number], leaves[number])
            let before = node.parents.isEmpty ? [nil] : node.parents.map { leaves[$0] }
            return before.contains(leaf) ? nil : Revision(commit: node.commit, leaf: leaf)
        }
    }

    /// Hands every commit to `body` once, each after those it was made from, otherwise the oldest
    /// first, with what it changed.
    ///
    /// The changes are those against the first parent, sorted as git sorts; a first commit has made
    /// everything in it. So everything that any of the commits holds is in the changes of one.
    ///
    /// - Parameter folder: below which changes are told, as a name below the work tree; empty for
    ///   all.
    /// - Throws: what `body` throws; `GitProblem` when an object is missing or damaged.
    @discardableResult
    public func walkHistory(
        refs: HistoryRange, below folder: [UInt8] = [],
        _ body: (HistoryCommit, [GitLeafChange]) throws -> Void
    ) throws -> HistoryExtent {
        let (tips, skipped) = try tips(of: refs)
        let graph = try graph(from: tips)
        var reader = TreeReader(try objects())
        for number in graph.order.reversed() {
            let node = graph.nodes[number]
            let parents = try node.parents.map {
                try reader.folder(folder, in: graph.nodes[$0].commit.tree)
            }
            let tree = try reader.folder(folder, in: node.commit.tree)
            try body(
                node.commit, try reader.changes(from: parents, to: tree, below: folder.asFolder))
        }
        return HistoryExtent(
            isShallow: graph.nodes.contains { $0.commit.isShallow }, skipped: skipped)
    }

    /// A commit as its text tells of it.
    public func historyCommit(_ id: GitID) throws -> HistoryCommit {
        try HistoryCommit(
            id, objects().content(of: id, GIT_OBJECT_COMMIT),
            isShallow: shallowCommits().contains(id))
    }

    /// What a commit (HEAD where no id is given) has under a name; nothing for a folder and where
    /// there is nothing.
    public func leaf(at name: [UInt8], in commit: GitID? = nil) throws -> GitLeaf? {
        guard let id = try commit ?? headID() else { return nil }
        var lookup = LeafLookup(name, TreeReader(try objects()))
        return try lookup.leaf(in: historyCommit(id).tree)
    }

    /// Every file and link that a commit (HEAD where no id is given) has below a folder (the top
    /// where none is given), by its name below the work tree, sorted as git sorts.
    public func leaves(
        in commit: GitID? = nil, below folder: [UInt8] = []
    ) throws -> [(name: [UInt8], leaf: GitLeaf)] {
        guard let id = try commit ?? headID() else { return [] }
        var reader = TreeReader(try objects())
        let tree = try reader.folder(folder, in: historyCommit(id).tree)
        return try reader.differences(nil, tree, below: folder.asFolder).compactMap { change in
            change.new.map { (change.name, $0) }
        }
    }

    /// All commits that these were made from, and they themselves; the last answer is kept, for who
    /// asks for one name after the other.
    func graph(from tips: [GitID]) throws -> CommitGraph {
        let shallow = try shallowCommits()
        if let last = lastGraph, last.tips == tips, last.shallow == shallow { return last.graph }
        let graph = try CommitGraph(from: tips, objects(), shallow: shallow)
        lastGraph = (tips, shallow, graph)
        return graph
    }
}

extension [UInt8] {
    /// The name of a folder with a slash at its end, parts once each; empty for the top.
    fileprivate var asFolder: [UInt8] { split(separator: .slash).flatMap { $0 + [.slash] } }
}
