import CGit2
import PasselCore

/// All commits that some commits were made from, and those themselves, each once.
struct CommitGraph {
    struct Node {
        let commit: HistoryCommit
        /// The parents' numbers.
        let parents: [Int]
    }

    /// In no order of use to others; a node's number is its place here.
    private(set) var nodes: [Node] = []
    /// Every number, a commit always before those it was made from, otherwise the newest first.
    let order: [Int]

    /// - Throws: `GitProblem` when a commit is missing and the clone is not a shallow one.
    init(from tips: [GitID], _ objects: GitObjectDatabase, shallow: Set<GitID>) throws {
        var numbers: [GitID: Int] = [:]
        var found: [GitID] = []
        func number(_ id: GitID) -> Int {
            if let known = numbers[id] { return known }
            numbers[id] = found.count
            found.append(id)
            return found.count - 1
        }
        for tip in tips { _ = number(tip) }
        while nodes.count < found.count {
            let id = found[nodes.count]
            let text = try objects.content(of: id, GIT_OBJECT_COMMIT)
            let commit = try HistoryCommit(id, text, isShallow: shallow.contains(id))
            nodes.append(Node(commit: commit, parents: commit.parents.map(number)))
        }
        order = Self.order(nodes)
    }

    /// These commits alone; parents that are not among them are left out.
    init(of commits: [HistoryCommit]) {
        // In the order of their ids, so that commits of one second have an order too.
        let sorted = commits.sorted { $0.id.bytes.precedes($1.id.bytes) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(sorted.map(\.id), sorted.indices))
        nodes = sorted.map { commit in
            Node(commit: commit, parents: commit.parents.compactMap { numbers[$0] })
        }
        order = Self.order(nodes)
    }

    private static func order(_ nodes: [Node]) -> [Int] {
        var children = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for parent in node.parents { children[parent] += 1 } }
        // Commits whose children are all in the order, sorted by time, the newest last.
        var ready: [Int] = []
        func insert(_ number: Int) {
            let time = nodes[number].commit.committer.time
            var (low, high) = (0, ready.count)
            while low < high {
                let middle = (low + high) / 2
                if nodes[ready[middle]].commit.committer.time < time {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            ready.insert(number, at: low)
        }
        for number in nodes.indices where children[number] == 0 { insert(number) }
        var order: [Int] = []
        while let next = ready.popLast() {
            order.append(next)
            for parent in nodes[next].parents {
                children[parent] -= 1
                if children[parent] == 0 { insert(parent) }
            }
        }
        return order
    }
}
