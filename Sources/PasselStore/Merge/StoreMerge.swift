public import PasselCore
public import PasselGit

/// Merges what two branches of a store mean: entries by their fields, lists as sets, and whatever
/// cannot be merged so that both versions are there.
///
/// Works on what git has, in memory: nothing is moved.
public struct StoreMerge {
    let store: Store
    let repository: GitRepository
    let ours: GitID
    let theirs: GitID
    /// What the other side is called, such as the name of a remote.
    let label: Text

    /// A merge of two commits of the store's repository.
    public init(store: Store, repository: GitRepository, ours: GitID, theirs: GitID, label: Text) {
        self.store = store
        self.repository = repository
        self.ours = ours
        self.theirs = theirs
        self.label = label
    }

    /// What has to be done to our branch, its files included.
    ///
    /// With `predicting` nothing is encrypted; the outcomes are the same. For who holds the store's
    /// lock, unless it only predicts.
    ///
    /// - Throws: a `Problem` for what nobody but a person can merge: a name outside of the store that
    ///   both changed, and keys that cannot be used at the moment.
    public func plan(predicting: Bool = false) throws -> MergePlan {
        let base = try repository.mergeBase(ours, theirs)
        var plan = MergePlan(base: base)
        guard base != theirs else {
            plan.isUpToDate = true
            return plan
        }
        let work = try MergeWork(of: self, base: base, predicting: predicting)
        if base == ours {
            plan.isFastForward = true
            work.takeAll()
        } else {
            try work.mergeAll()
        }
        try work.finish(&plan)
        return plan
    }
}
