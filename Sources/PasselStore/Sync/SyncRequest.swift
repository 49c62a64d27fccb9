public import PasselCore

/// What is wanted of a sync.
public struct SyncRequest {
    /// The remotes to exchange with; nothing for all of them.
    public var remotes: [Text]?
    /// Whether nothing is to be moved, here or there, and only said what would be.
    public var isDryRun = false
    /// Whether a merge that git began and left is ended as if what it merges had been fetched.
    public var finishesMerge = false
    /// Remotes whose history was rewritten, and whose new one is to be taken all the same.
    public var acceptedRewrites: Set<Text> = []
    /// Whether nobody is there to be asked or to see: nothing that needs a person is begun.
    public var isInBackground = false
    /// Whether anything is pushed at all.
    public var pushes = true
    /// Asks whether a merge that git left may be ended, if it is not wanted anyway.
    public var mayFinishMerge: () -> Bool = { false }
    /// Asks whether these entries may be encrypted anew, where the configuration says to ask.
    public var mayHeal: (_ names: [Text]) -> Bool = { _ in false }
    /// Hears how the network gets on, line by line.
    public var heard: (_ line: Text) -> Void = { _ in }

    /// Everything, with every remote.
    public init() {}
}
