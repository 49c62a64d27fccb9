import PasselCore
import PasselGit
import PasselPosix

/// One repository's share of a change: what it will commit, under which subject.
struct History {
    private let repository: GitRepository
    private let changes: [GitChange]
    private let subject: Text
    private let body: Text?
    private var arrival: Arrival?
    private(set) var commit: PreparedCommit?
    private var attempts = 0

    /// Finds the repositories that the steps touch, and what changes in each.
    ///
    /// Ignored names that git does not know are left out: the user told git to.
    static func gather(
        _ steps: [FileChange], store: Store, subject: (Path) -> Text
    ) throws -> [History] {
        var gathering = Gathering(store: store)
        for step in steps {
            switch step {
            case .write(let path, let content, _):
                try gathering.put(path, .file(content, executable: false))
            case .link(let path, let target): try gathering.put(path, .link(target))
            case .remove(let path): try gathering.put(path, .nothing)
            case .move(let from, let to): try gathering.move(from, to)
            case .record(let path): try gathering.record(path, as: path)
            }
        }
        return try gathering.order.compactMap { workTree in
            guard let repository = gathering.repositories[workTree] else { return nil }
            let changes = gathering.changes[workTree] ?? [:]
            guard !changes.isEmpty else { return nil }
            try store.refuseUnsigned(repository)
            return History(
                repository: repository, changes: changes.map { GitChange($0.key, $0.value) },
                subject: subject(workTree), body: store.leftOut.trailers)
        }
    }

    private init(
        repository: GitRepository, changes: [GitChange], subject: Text, body: Text?
    ) {
        self.repository = repository
        self.changes = changes
        self.subject = subject
        self.body = body
    }

    /// What came from elsewhere: all of it belongs to the repository of the store's top.
    init(_ arrival: Arrival, _ steps: [FileChange], store: Store, subject: Text) throws {
        guard let repository = try store.repository(around: store.root) else {
            throw Problem("the store has no history", hints: ["passel git init"])
        }
        self.init(
            repository: repository, changes: try steps.map { try $0.arriving(below: store.root) },
            subject: subject, body: arrival.body)
        self.arrival = arrival
    }

    /// Makes the commit's objects.
    ///
    /// What hooks, identity or signature refuse is told as a warning: the change itself goes on, as
    /// in pass.
    ///
    /// - Throws: the `GitProblem` of objects that cannot be written; nothing has moved then. For an
    ///   arrival also that of a refusal, for without its commit it has no place, and `BranchMoved`.
    mutating func prepare(_ observer: Store.Observer) throws {
        if let arrival {
            guard try repository.headID() == arrival.ours else { throw BranchMoved() }
            let prepared =
                switch arrival.way {
                case .joining(let other):
                    try repository.prepareMerge(
                        changes, with: other, subject: subject, body: body)
                case .arriving(let other): try repository.prepareFastForward(to: other)
                }
            guard prepared.parent == arrival.ours else { throw BranchMoved() }
            commit = prepared
            return
        }
        do {
            commit = try repository.prepare(changes, subject: subject, body: body)
        } catch let problem as GitProblem where problem.isRefusal {
            observer.warned(Self.notCommitted(problem.problem))
        }
    }

    var journalEntry: Journal.Commit? {
        commit.map { Journal.Commit(workTree: repository.workTree, id: $0.id, parent: $0.parent) }
    }

    /// Moves the branch; false when it had moved meanwhile and a new commit was prepared instead.
    mutating func publish(_ observer: Store.Observer) throws -> Bool {
        guard let commit else { return true }
        do {
            try repository.publish(commit)
            return true
        } catch let problem as GitProblem where problem.isRace && attempts < 5 {
            attempts += 1
            self.commit = nil
            // What was to arrive was worked out for where the branch was.
            if arrival != nil { throw BranchMoved() }
            try prepare(observer)
            return false
        }
    }

    /// Moves the branch back if it moved (even a move that was reported as failed may have
    /// happened); whether it is back.
    func takeBack() -> Bool {
        guard let commit else { return true }
        do {
            if try repository.contains(commit.id) { try repository.takeBack(commit) }
            return true
        } catch {
            return false
        }
    }

    /// Brings the index up to date; false, with a warning, when that failed.
    ///
    /// The commit stands all the same.
    func stage(_ observer: Store.Observer) -> Bool {
        do {
            try repository.stage(changes)
            return true
        } catch {
            var problem =
                (error as? GitProblem)?.problem ?? Problem("git's index cannot be written")
            problem.message = "saved, but \(problem.message)"
            observer.warned(problem)
            return false
        }
    }

    func finish(_ observer: Store.Observer) {
        // What arrived is told as a whole by who fetched it.
        guard let commit, arrival == nil else { return }
        observer.told(Text(repository.summary(of: commit).bytes.dropLast()))
        repository.finish(commit)
    }

    private static func notCommitted(_ reason: Problem) -> Problem {
        var problem = reason
        problem.message = "saved, but not committed: " + reason.message
        problem.hints.append("commit it later: passel git commit -a")
        return problem
    }

    /// The names that change, by repository.
    private struct Gathering {
        let store: Store
        var repositories: [Path: GitRepository] = [:]
        var changes: [Path: [[UInt8]: GitChange.Content]] = [:]
        var order: [Path] = []
        private var byFolder: [Path: GitRepository?] = [:]

        init(store: Store) { self.store = store }

        mutating func put(_ path: Path, _ content: GitChange.Content) throws {
            guard let repository = try repository(around: path.parent),
                let name = repository.name(of: path)
            else { return }
            if case .nothing = content {
                guard repository.isTracked(name) || changes[repository.workTree]?[name] != nil
                else { return }
            } else if repository.isIgnored(name), !repository.isTracked(name) {
                store.observer.warned(
                    Problem(
                        "saved, but not committed: git ignores \(path)",
                        hints: ["see which rule: passel git check-ignore -v \(path)"]))
                return
            }
            changes[repository.workTree, default: [:]][name] = content
        }

        /// Every file below `from` leaves its name and appears below `to`.
        mutating func move(_ from: Path, _ to: Path) throws {
            guard let status = try FileStatus(of: from, following: false) else { return }
            switch status.kind {
            case .folder:
                // What belongs to a repository of its own moves with it, unseen by the one around
                // it.
                if try FileStatus(of: from / ".git", following: false) != nil { return }
                for name in try Files.names(in: from) {
                    try move(from / name.bytes, to / name.bytes)
                }
            case .link, .file:
                try record(from, as: to)
                try put(from, .nothing)
            default: break
            }
        }

        /// What is at `path` now is under the name of `place`.
        mutating func record(_ path: Path, as place: Path) throws {
            guard let status = try FileStatus(of: path, following: false) else {
                return try put(place, .nothing)
            }
            switch status.kind {
            case .link: try put(place, .link(try Files.target(of: path).bytes))
            case .file:
                let executable = status.mode & 0o100 != 0
                try put(place, .file(try Files.read(path), executable: executable))
            default: break
            }
        }

        private mutating func repository(around folder: Path) throws -> GitRepository? {
            if let known = byFolder[folder] { return known }
            let found: GitRepository?
            do {
                found = try store.repository(around: folder)
            } catch let problem as GitProblem {
                store.observer.warned(History.notCommitted(problem.problem))
                found = nil
            }
            guard let found else {
                byFolder[folder] = .some(nil)
                return nil
            }
            // One object for each repository, however it is reached.
            let shared = repositories[found.workTree] ?? found
            if repositories[found.workTree] == nil {
                repositories[found.workTree] = found
                order.append(found.workTree)
            }
            byFolder[folder] = shared
            return shared
        }
    }
}
