/// One of the two sides that are merged.
public enum MergeSide: Sendable, Hashable, CaseIterable {
    /// What is here.
    case ours
    /// What came in.
    case theirs

    /// The other one.
    public var other: MergeSide { self == .ours ? .theirs : .ours }
}
