import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// Fetches what others changed, merges what all meant, and pushes.
    ///
    /// The store's lock is held while merging and moving, not while the network is used. One remote
    /// that fails does not stop the others.
    ///
    /// - Throws: a `Problem`, and nothing has moved here, when the store is in no state for it: no
    ///   history, no remote, no branch, something that git began, files that would be lost.
    public func sync(_ request: SyncRequest) throws -> SyncReport {
        var sync = try Synchronisation(self, request)
        return try sync.run()
    }
}

/// One run of a sync.
struct Synchronisation {
    let store: Store
    let request: SyncRequest
    let repository: GitRepository
    let branch: String
    let transport: Transport
    var partners: [Partner]
    var report = SyncReport()
    /// The merge that git began here, if it is to be ended.
    var left: LeftMerge?
    /// What each remote has by now, as far as it was verified or is from here.
    var verified: [Text: GitID] = [:]
    /// The keys that a look at all entries will ask for.
    var keysAhead: KeysAhead?
    /// Of a dry run: where the branch would be, and what would have changed in the store.
    var supposed: (head: GitID?, steps: [FileChange]) = (nil, [])

    /// How often it starts over because somebody was faster.
    static let rounds = 5

    /// A look at the work tree as it was in the beginning, and where the branch was then.
    private let begun: (glance: WorkTreeGlance.Begun?, head: GitID?)

    init(_ store: Store, _ request: SyncRequest) throws {
        self.store = store
        self.request = request
        let glance = try GitRepository.workTree(enclosing: store.root, store: store.root)
            .flatMap { WorkTreeGlance.begin($0) }
        repository = try store.repositoryForSync()
        begun = (glance, try repository.headID())
        branch = try store.branchForSync(repository)
        let remotes = try store.chosen(request.remotes, repository)
        partners = try remotes.map { try Partner($0) }
        let heard = request.heard
        transport = Transport(
            repository, timeout: try store.settings.configuration.timeout,
            told: heard)
    }

    mutating func run() throws -> SyncReport {
        defer { store.clearing.wait() }
        // What a killed change left is finished, and what is here is acknowledged, before anything
        // else comes.
        try store.exclusively { _ = try store.pins() }
        left = try LeftMerge.found(repository, store, request)
        try gateLeft()
        for index in partners.indices where partners[index].policy.pulls { fetch(index) }
        var again = 0
        while true {
            for index in partners.indices where partners[index].isWaiting { try gate(index) }
            do {
                try merge()
            } catch is BranchMoved {
                guard again < Self.rounds else {
                    throw Problem(
                        "something else keeps committing to the branch",
                        hints: ["see what: passel git reflog -5"])
                }
                again += 1
                continue
            }
            // Before anything else can fail: what was let through must never be taken back unseen.
            try saveVerified()
            let outrun = try push().filter { index in
                // What others put there is left alone, so ours has no way past it.
                if !partners[index].policy.pulls {
                    partners[index].fail(Self.neverFirst(partners[index]))
                }
                return partners[index].policy.pulls
            }
            try saveVerified()
            guard !outrun.isEmpty, again < Self.rounds, !request.isDryRun else {
                for index in outrun { partners[index].fail(Self.neverFirst(partners[index])) }
                break
            }
            again += 1
            // Two that were at it at once are not to be at it again at once.
            usleep(UInt32.random(in: 10_000...100_000) * UInt32(again))
            for index in outrun { fetch(index) }
        }
        report.uncommitted = try uncommitted()
        report.remotes = partners.map(\.report)
        if !request.isDryRun { remember() }
        return report
    }

    private static func neverFirst(_ partner: Partner) -> Problem {
        let name = partner.remote.name
        guard partner.policy.pulls else {
            return Problem(
                "\(name) has commits that are not here, and its policy is push-only",
                hints: ["take them: passel git config remote.\(name).passelPolicy sync"])
        }
        return Problem(
            "others keep pushing to \(name)", hints: ["try again: passel sync --remote \(name)"])
    }

    /// What is in the work tree and not in the branch.
    private func uncommitted() throws -> [Path] {
        // Where the branch did not move, neither did its files.
        let glance = try repository.headID() == begun.head ? begun.glance : nil
        return try repository.workTreeChanges(glance).map { Path($0.name) }
            .sorted { $0.bytes.precedes($1.bytes) }
    }

    /// Writes down how it went, for `status` and `remote ls`.
    private func remember() {
        guard let folder = store.storedPins?.folder else { return }
        do {
            var known = try RemoteStates(in: folder)
            let now = store.settings.now()
            for partner in partners {
                var state = known.states[partner.remote.name] ?? RemoteStates.State()
                if partner.report.state == .done {
                    state.success = now
                    state.head = partner.head
                    (state.failure, state.message) = (nil, nil)
                } else {
                    state.failure = now
                    state.message = partner.report.problem?.message ?? "what it has is refused"
                }
                known.states[partner.remote.name] = state
            }
            try known.save(in: folder)
        } catch {
            // It is for information only; the sync itself is done.
            store.observer.warned(
                Problem("cannot write down how the sync went: \(folder.path)"))
        }
    }
}

extension Store {
    /// The repository that a sync is about: the one whose top is the store.
    func repositoryForSync() throws -> GitRepository {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        guard let repository = try repository(around: root) else {
            throw Problem(
                "the store has no history that could be exchanged", hints: ["passel git init"])
        }
        guard Files.resolved(root) == repository.workTree else {
            throw Problem(
                "the store is a part of the repository \(repository.workTree), which holds other things too",
                hints: ["exchange all of it: passel git pull", "passel git push"])
        }
        return repository
    }

    /// The short name of the current branch, born or not.
    func branchForSync(_ repository: GitRepository) throws -> String {
        switch repository.operation() {
        case nil, .merge: break
        case let operation?:
            throw Problem(
                "git is in the middle of something else here (\(operation.words))",
                hints: operation.endings.map { "passel git \($0)" })
        }
        guard let branch = repository.branch else {
            throw Problem(
                "the store is at a commit and not on a branch (detached HEAD)",
                hints: [
                    "go back to the branch you were on: passel git switch -",
                    "or begin one here: passel git switch -c NAME",
                ])
        }
        return branch
    }

    /// The remotes of these names, all without names.
    func chosen(_ names: [Text]?, _ repository: GitRepository) throws -> [GitRemote] {
        let all = try repository.remotes()
        guard !all.isEmpty else {
            throw Problem(
                "the store has no remote to exchange with", hints: ["passel remote add origin URL"])
        }
        guard let names else { return all }
        for name in names where !all.contains(where: { $0.name == name }) {
            let known = all.map(\.name).joined(separator: ", ")
            throw Problem(
                "there is no remote \(name); there are: \(known)", hints: ["passel remote ls"])
        }
        return all.filter { names.contains($0.name) }
    }
}

extension GitOperation {
    /// What it is called.
    var words: Text {
        switch self {
        case .merge: "a merge"
        case .rebase: "a rebase"
        case .cherryPick: "a cherry-pick"
        case .revert: "a revert"
        case .bisect: "a bisect"
        }
    }

    /// What ends it, after `git`.
    var endings: [Text] {
        switch self {
        case .merge, .bisect: [endingWords]
        case .rebase: ["rebase --continue", endingWords]
        case .cherryPick: ["cherry-pick --continue", endingWords]
        case .revert: ["revert --continue", endingWords]
        }
    }
}
