public import PasselCore
public import PasselGit

/// How a store is: what is not committed, not exchanged, not looked at, not as it should be.
public struct StoreStatus {
    /// Another clone, as far as this machine knows it.
    public struct Remote {
        /// Its name.
        public let name: Text
        /// What is exchanged with it.
        public let policy: RemotePolicy
        /// How many of our commits it lacked when it was last asked; nothing when it never was.
        public let ahead: Int?
        /// How many of its commits were not in ours; nothing when it was never asked.
        public let behind: Int?
        /// How the last exchange went.
        public let last: RemoteStates.State

        /// Whether the last exchange failed.
        public var isFailing: Bool { last.failure != nil }
        /// How many commits wait to be pushed to it.
        public var toPush: Int { policy.pushes ? ahead ?? 0 : 0 }
        /// How many of its commits wait to be merged.
        public var toPull: Int { policy.pulls ? behind ?? 0 : 0 }
    }

    /// A file that is not committed.
    public struct Uncommitted: Sendable, Equatable {
        /// Its path below the store.
        public let name: Path
        /// What git has otherwise.
        public let kind: WorkTreeChange.Kind
    }

    /// A recipient whose key ends soon, or cannot be encrypted to.
    public typealias Key = Drift.Person

    /// Whether it is in a git repository.
    public internal(set) var isRepository = false
    /// The branch; nothing outside of a repository, or when HEAD is detached.
    public internal(set) var branch: Text?
    /// What git began and did not end.
    public internal(set) var operation: GitOperation?
    /// The other clones, sorted by name.
    public internal(set) var remotes: [Remote] = []
    /// The files that are not committed, below the store.
    public internal(set) var uncommitted: [Uncommitted] = []
    /// The entries that a merge kept beside others.
    public internal(set) var conflicts: [Path] = []
    /// Lists and rosters that nobody here has looked at.
    public internal(set) var reviews: [Drift.Unacknowledged] = []
    /// The keys that ask to join.
    public internal(set) var requests: [Fingerprint] = []
    /// Recipients whose keys end within 30 days, or cannot be encrypted to.
    public internal(set) var keys: [Key] = []
    /// The entries that are not for whom they should be; known only after a look at all of them.
    public internal(set) var drifted: [Drift.Entry] = []
    /// Why the last sync in the background failed; nothing when it did not.
    public internal(set) var backgroundProblem: Problem?
    /// When this machine last made a backup, and last tried a recovery out; nothing where it never
    /// did either.
    public internal(set) var backup: LastBackup?
    /// The last look at all entries, be it just now.
    public internal(set) var check: LastCheck?

    /// How many things wait for a person to decide: everything but what a sync would carry, what is
    /// not committed and what drifted.
    public var decisions: Int {
        conflicts.count + reviews.count + requests.count + keys.count
            + remotes.count(where: \.isFailing) + (operation == nil ? 0 : 1)
            + (backgroundProblem == nil ? 0 : 1)
    }

    /// Whether anything is not as it should be.
    public var needsAttention: Bool {
        decisions > 0 || !uncommitted.isEmpty || (check?.drifted ?? 0) > 0
            || remotes.contains { $0.toPush + $0.toPull > 0 }
    }
}
