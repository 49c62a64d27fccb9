/// A name for which the work tree, the index and the newest commit do not all have the same.
public struct WorkTreeChange: Sendable, Hashable {
    /// How they differ; the first that applies.
    public enum Kind: Sendable {
        /// A merge left several versions of it in the index.
        case conflicted
        /// The work tree has another content, or another kind of file, than the index.
        case modified
        /// It is in the index, and not in the work tree.
        case removed
        /// It is in the work tree, not in the index, and not ignored.
        case untracked
        /// The work tree has what the index has, which is not what the commit has.
        case staged
    }

    /// The name below the work tree, parts separated by slashes.
    public let name: [UInt8]
    /// How they differ.
    public let kind: Kind
}
