import CGit2

/// Which of two groups of commits lead to which commits, followed back as far as they differ.
///
/// The newest commit comes first, by the times that the commits claim. Whatever they claim: what is
/// found to be in both is in both, nothing that only one group leads to is missed, and every best
/// common ancestor is found. Where clocks were wrong for longer than `patience`, commits of both can
/// be taken for commits of one.
struct AncestryWalk {
    /// Which groups lead to a commit.
    struct Marks: OptionSet {
        let rawValue: UInt8
        static let left = Marks(rawValue: 1)
        static let right = Marks(rawValue: 2)
        /// An ancestor of a commit that both lead to.
        static let beyond = Marks(rawValue: 4)
        static let both: Marks = [left, right]
    }

    private let objects: GitObjectDatabase
    private let shallow: Set<GitID>
    private var commits: [GitID: HistoryCommit] = [:]
    private(set) var marks: [GitID: Marks] = [:]
    /// The commits that were first found to be in both, in no order.
    private(set) var common: [GitID] = []
    private var queue = CommitQueue()
    /// How many places in the queue belong to commits that are not in both.
    private var undecided = 0
    private var oldestOfOne = Int64.max
    /// How many commits of both to follow further when all that is left is in both: one with a time
    /// before those of its parents can still turn commits of one into commits of both.
    private var patience: Int

    init(
        left: [GitID], right: [GitID], _ objects: GitObjectDatabase, shallow: Set<GitID>,
        patience: Int
    ) throws {
        self.patience = patience
        self.objects = objects
        self.shallow = shallow
        for id in left { try mark(id, .left) }
        for id in right { try mark(id, .right) }
        try run()
    }

    /// The commits that only the first group leads to.
    var onlyLeft: [HistoryCommit] {
        commits.values.filter { marks[$0.id] == .left }
    }

    func count(_ wanted: Marks) -> Int { marks.values.count { $0 == wanted } }

    func time(of id: GitID) -> Int64 { commits[id]?.committer.time ?? 0 }

    private mutating func run() throws {
        while let next = queue.pop() {
            let found = marks[next.id] ?? []
            // Marks are only ever added: a place taken with fewer of them is out of date.
            if !next.marks.isSuperset(of: .both) { undecided -= 1 }
            guard found == next.marks, let commit = commits[next.id] else { continue }
            var handed = found
            if found == .both {
                common.append(next.id)
                handed.insert(.beyond)
            } else if !found.isSuperset(of: .both) {
                oldestOfOne = min(oldestOfOne, next.time)
            }
            for parent in commit.parents { try mark(parent, handed) }
            guard undecided == 0, (queue.newest ?? .min) < oldestOfOne else { continue }
            guard patience > 0, oldestOfOne < .max else { return }
            patience -= 1
        }
    }

    private mutating func mark(_ id: GitID, _ handed: Marks) throws {
        let old = marks[id] ?? []
        let new = old.union(handed)
        guard new != old else { return }
        marks[id] = new
        let commit = try commit(id)
        if !new.isSuperset(of: .both) { undecided += 1 }
        queue.insert(CommitQueue.Place(id: id, time: commit.committer.time, marks: new))
    }

    private mutating func commit(_ id: GitID) throws -> HistoryCommit {
        if let known = commits[id] { return known }
        let text = try objects.content(of: id, GIT_OBJECT_COMMIT)
        let commit = try HistoryCommit(id, text, isShallow: shallow.contains(id))
        commits[id] = commit
        return commit
    }
}

/// Commits waiting to be looked at, the newest first: a binary heap.
struct CommitQueue {
    struct Place {
        let id: GitID
        let time: Int64
        let marks: AncestryWalk.Marks
    }

    private var heap: [Place] = []

    var newest: Int64? { heap.first?.time }

    mutating func insert(_ place: Place) {
        heap.append(place)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[parent].time < heap[child].time else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    mutating func pop() -> Place? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var newest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time > heap[newest].time { newest = child }
            guard newest != parent else { return first }
            heap.swapAt(parent, newest)
            parent = newest
        }
    }
}
