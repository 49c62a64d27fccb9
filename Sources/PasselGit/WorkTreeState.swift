/// What a look at an index and its work tree found.
public struct WorkTreeState: Sendable {
    /// What is not committed, sorted by name.
    public let changes: [WorkTreeChange]
    /// The names in the index that were asked for.
    public let names: [[UInt8]]
    /// What is worth being kept for the next look, as `WorkTreeGlance.begin` takes it; nothing where
    /// no cache was given, or the one given has enough.
    public var untrackedCache: [UInt8]?
}
