public import PasselCore
public import PasselGit

/// What has to be done here to take over what a remote has: found without moving anything.
public struct MergePlan {
    /// The newest commit that both have; nothing where the histories have nothing in common.
    public let base: GitID?
    /// Whether there is nothing of ours that they have not: the branch moves to their commit, and
    /// `steps` only bring the files along.
    public var isFastForward = false
    /// Whether we have all of theirs: nothing is to be done.
    public var isUpToDate = false
    /// What changes against our newest commit, with absolute paths: removals first.
    ///
    /// Folders are not among them: those of what is written may be missing, and those of what is
    /// removed may become empty, also where a file takes the place of a folder or the other way
    /// round. A plan that only predicts has no content in what it would encrypt.
    var steps: [FileChange] = []
    /// What becomes of each name that either side changed, as far as it is worth telling; sorted by
    /// name.
    public var outcomes: [MergeOutcome] = []
    /// Folders, as the team knows them, whose recipients are others afterwards than this machine has
    /// acknowledged; the top of the store also for a roster.
    public var listsToReview: [Path] = []

    init(base: GitID?) { self.base = base }

    /// The names that change, with absolute paths.
    public var paths: [Path] { steps.map(\.path) }

    /// Whether somebody has to look at something that came of it.
    public var needsPerson: Bool {
        !listsToReview.isEmpty || outcomes.contains(where: \.needsPerson)
    }
}
