import PasselCore

/// What a commit does to one name of the tree.
public struct GitChange: Sendable {
    /// What is under the name afterwards.
    public enum Content: Sendable {
        /// A file of these bytes; executable or not.
        case file([UInt8], executable: Bool)
        /// A symbolic link with this target.
        case link([UInt8])
        /// Nothing.
        case nothing
    }

    /// The name below the work tree, parts separated by slashes.
    public let name: [UInt8]
    /// What is under it afterwards.
    public let content: Content

    /// A change of `name` to `content`.
    public init(_ name: [UInt8], _ content: Content) {
        self.name = name
        self.content = content
    }
}

/// A commit whose objects exist but which no branch contains yet.
public struct PreparedCommit {
    /// The commit's id.
    public let id: GitID
    /// The commit before it, nothing for the first.
    public let parent: GitID?
    /// The reference that is to move: the branch, or HEAD itself when it is detached.
    let reference: String
    let oldTree: GitTree?
    let newTree: GitTree
    let subject: Text
}
