import PasselCore

/// The commits that a head from elsewhere adds to what is known, each looked at before it is read.
public struct ForeignCommits {
    /// One of them.
    public struct Commit: Sendable {
        /// Its id.
        public let id: GitID
        /// The folder that it holds.
        public let tree: GitID
        /// The commits that it was made from.
        public let parents: [GitID]
        let time: Int64
    }

    /// Why they cannot be used.
    public enum Flaw: Error, Sendable {
        case object(GitID, ForeignObjects.Flaw)
        case tooMany(limit: Int)
    }

    /// The new ones, none before those that were made from it.
    public let commits: [Commit]
    /// The newest commit that both the head and a known one were made from, clocks being right.
    public let base: GitID?
    /// The known ones that the head was not made from; of several only sure of those left out.
    public let missing: Set<GitID>

    /// The most bytes that a commit may have; git's own have a few hundred and their message.
    public static let sizeLimit = 1 << 20

    /// Walks from `head` to what is `known`.
    ///
    /// - Throws: `Flaw`, or `GitProblem` when the repository cannot be read.
    public init(
        from head: GitID, notIn known: [GitID], _ repository: GitRepository, limit: Int
    ) throws {
        let shallow = try repository.shallowCommits()
        var walk = Walk(objects: try ForeignObjects(repository), shallow: shallow, limit: limit)
        try walk.run(from: head, known: known)
        commits = walk.found
        base = walk.base
        missing = Set(known.filter { walk.isMissing($0) })
    }

    /// The folder that a commit holds.
    ///
    /// - Throws: `Flaw`.
    public static func tree(of commit: GitID, _ objects: ForeignObjects) throws(Flaw) -> GitID {
        do throws(ForeignObjects.Flaw) {
            guard let tree = GitID(hex: try objects.commit(commit, limit: sizeLimit).tree) else {
                throw .damaged
            }
            return tree
        } catch {
            throw .object(commit, error)
        }
    }

    /// Both sides at once, the newest first: what is reached from a known one is known.
    private struct Walk {
        let objects: ForeignObjects
        let shallow: Set<GitID>
        let limit: Int
        private(set) var base: GitID?
        private var order: [GitID] = []
        private var seen: [GitID: Node] = [:]
        private var queue = Queue()
        private var foreignInQueue = 0
        private var oldest = Int64.max

        /// Clocks differ: so many commits more are looked at when nothing new seems to be left.
        private static let slack = 32

        private struct Node {
            let commit: Commit
            var isKnown: Bool
            var isForeign: Bool
            var isQueued = true
        }

        init(objects: ForeignObjects, shallow: Set<GitID>, limit: Int) {
            self.objects = objects
            self.shallow = shallow
            self.limit = limit
        }

        var found: [Commit] {
            order.compactMap { id in
                seen[id].flatMap { $0.isForeign && !$0.isKnown ? $0.commit : nil }
            }
        }

        func isMissing(_ id: GitID) -> Bool { seen[id]?.isForeign != true }

        mutating func run(from head: GitID, known: [GitID]) throws {
            for id in known { try reach(id, isKnown: true, isForeign: false) }
            try reach(head, isKnown: false, isForeign: true)
            var slack = Self.slack
            while let id = queue.pop() {
                guard var node = seen[id] else { continue }
                node.isQueued = false
                seen[id] = node
                if base == nil, node.isKnown, node.isForeign { base = id }
                if isNew(node) {
                    foreignInQueue -= 1
                    order.append(id)
                    oldest = min(oldest, node.commit.time)
                    guard order.count <= limit else { throw Flaw.tooMany(limit: limit) }
                }
                for parent in node.commit.parents {
                    try reach(parent, isKnown: node.isKnown, isForeign: node.isForeign)
                }
                guard foreignInQueue == 0 else {
                    slack = Self.slack
                    continue
                }
                if base != nil, queue.newest.map({ $0 < oldest }) ?? true {
                    slack -= 1
                    if slack == 0 { break }
                }
            }
        }

        private func isNew(_ node: Node) -> Bool { node.isForeign && !node.isKnown }

        /// Marks a commit, and queues it if the mark is new.
        private mutating func reach(_ id: GitID, isKnown: Bool, isForeign: Bool) throws {
            if var node = seen[id] {
                let wasNew = isNew(node)
                guard isKnown && !node.isKnown || isForeign && !node.isForeign else { return }
                node.isKnown = node.isKnown || isKnown
                node.isForeign = node.isForeign || isForeign
                if node.isQueued {
                    foreignInQueue += (isNew(node) ? 1 : 0) - (wasNew ? 1 : 0)
                } else {
                    node.isQueued = true
                    if isNew(node) { foreignInQueue += 1 }
                    queue.push(id, node.commit.time)
                }
                seen[id] = node
                return
            }
            let text: CommitObject
            do throws(ForeignObjects.Flaw) {
                text = try objects.commit(id, limit: ForeignCommits.sizeLimit)
            } catch {
                throw Flaw.object(id, error)
            }
            guard let tree = GitID(hex: text.tree) else { throw Flaw.object(id, .damaged) }
            let parents = shallow.contains(id) ? [] : text.parents.compactMap { GitID(hex: $0) }
            let commit = Commit(id: id, tree: tree, parents: parents, time: text.time)
            seen[id] = Node(commit: commit, isKnown: isKnown, isForeign: isForeign)
            if isForeign, !isKnown { foreignInQueue += 1 }
            queue.push(id, text.time)
        }
    }

    /// The newest first.
    private struct Queue {
        private var heap: [(time: Int64, id: GitID)] = []

        var newest: Int64? { heap.first?.time }

        mutating func push(_ id: GitID, _ time: Int64) {
            heap.append((time, id))
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard heap[parent].time < heap[child].time else { break }
                heap.swapAt(parent, child)
                child = parent
            }
        }

        mutating func pop() -> GitID? {
            guard let first = heap.first, let last = heap.popLast() else { return nil }
            guard !heap.isEmpty else { return first.id }
            heap[0] = last
            var parent = 0
            while true {
                var largest = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < heap.count && heap[child].time > heap[largest].time {
                    largest = child
                }
                guard largest != parent else { return first.id }
                heap.swapAt(parent, largest)
                parent = largest
            }
        }
    }
}
