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

/// A commit whose objects exist but which the branch does not contain yet.
public struct PreparedCommit {
    /// How the branch comes to it.
    enum Kind {
        case commit, merge
        /// The commit was made elsewhere, from where the branch is or from what came after.
        case fastForward
    }

    /// The commit's id.
    public let id: GitID
    /// Where the branch is until then; nothing before its first commit.
    public let parent: GitID?
    let kind: Kind
    /// The reference that is to move: the branch, or HEAD itself when it is detached.
    let reference: String
    let oldTree: GitTree?
    let newTree: GitTree
    let subject: Text
}
