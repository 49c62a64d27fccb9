import PasselCore
import PasselGit
import PasselPosix

/// The repository that keeps the history of a place in the store.
struct KeptHistory {
    let repository: GitRepository
    let place: RepositoryPlace
    private let store: Store

    /// The one around a path.
    ///
    /// - Throws: a `Problem` where there is none, or nothing is committed yet.
    init(around path: Path, in store: Store) throws {
        guard let top = Files.resolved(store.root) else { throw NotInitialised() }
        guard let repository = try store.repository(around: path),
            let place = RepositoryPlace(repository.workTree, root: top),
            try repository.headID() != nil
        else {
            throw Problem(
                "the store has no history", hints: ["begin one: passel git init"])
        }
        (self.repository, self.place, self.store) = (repository, place, store)
    }

    /// The newest commit of the branch.
    func head() throws -> GitID {
        guard let head = try repository.headID() else { throw NotInitialised() }
        return head
    }

    /// What git calls the file of an entry; links to folders are followed.
    func file(of entry: Path) throws -> [UInt8] {
        guard let name = repository.name(of: store.file(entry)) else {
            throw Problem("\(entry) is not in the store's history")
        }
        return name
    }

    /// The commit that a person names: as git understands it, or by a day, whose last commit it is
    /// then, or the last before it.
    ///
    /// - Throws: a `Problem` when there is none.
    func commit(_ name: Text) throws -> HistoryCommit {
        if let day = Day(name.bytes) { return try commit(endOf: day) }
        // Whoever finds a way to have it read by a program finds no option in it.
        guard name.bytes.first != UInt8(ascii: "-"), !name.bytes.isEmpty,
            let id = try repository.commit(named: name.bytes)
        else {
            throw Problem("there is no revision \(name)", hints: ["passel log"])
        }
        return try repository.historyCommit(id)
    }

    private func commit(endOf day: Day) throws -> HistoryCommit {
        let end = day.second + 86_400
        let found = try repository.commits(from: [head()], notIn: []).first {
            $0.committer.time < end
        }
        guard let found else {
            throw Problem("the store is younger than \(day.spelling)", hints: ["passel log"])
        }
        return found
    }

    /// Whether a commit did nothing but add to the security log.
    func isOnlyLogged(_ commit: HistoryCommit) throws -> Bool {
        guard commit.parents.count == 1, let parent = commit.parents.first else { return false }
        let changes = try repository.changes(from: parent, to: commit.id)
        return !changes.isEmpty
            && changes.allSatisfy { place.name(of: $0.name).map(EventName.isInLog) ?? false }
    }

    /// What a commit with one parent did to entries, and under which names they were before.
    func moves(of commit: HistoryCommit) throws -> EntryMoves? {
        guard commit.parents.count == 1, let parent = commit.parents.first else { return nil }
        let changes = place.entries(try repository.changes(from: parent, to: commit.id))
        return EntryMoves(
            EntryHistory.Commit(
                id: commit.id, subject: commit.subject, parents: [0], changes: [changes]))
    }
}
