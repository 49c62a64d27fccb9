/// What a commit has under a name, other than a folder.
public struct GitLeaf: Sendable, Hashable {
    /// The kinds that git knows.
    public enum Kind: Sendable {
        /// A plain file.
        case file
        /// A file that can be run.
        case executable
        /// A symbolic link; the object holds its target.
        case link
        /// A commit of another repository, whose objects are elsewhere.
        case submodule
    }

    /// What it is.
    public let kind: Kind
    /// The object with the content.
    public let id: GitID

    /// Whether it is a file, executable or not.
    public var isFile: Bool { kind == .file || kind == .executable }
}

/// What one commit did to one name.
public struct GitLeafChange: Sendable, Hashable {
    /// The name below the work tree, parts separated by slashes.
    public let name: [UInt8]
    /// What the first parent has under it; nothing where it has nothing or a folder.
    public let old: GitLeaf?
    /// What the commit has under it; nothing where it has nothing or a folder.
    public let new: GitLeaf?
    /// Whether no parent has the same under it; otherwise a merge brought it in.
    public internal(set) var isOwn = true
}
