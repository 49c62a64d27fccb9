public import PasselCore
public import PasselPosix

/// A folder's content as `ls` and `find` show it.
public struct StoreTree {
    /// One line of a tree.
    public struct Node: Sendable {
        /// The file name, suffix and all.
        public let name: [UInt8]
        /// What it is, links not followed.
        public internal(set) var status: FileStatus
        /// Where a link points, and what is there, if anything.
        public let link: Link?
        /// Whether it is a link to a folder that was shown already.
        public fileprivate(set) var isRecursive = false
        /// What is in it, if it is a folder or leads to one.
        public internal(set) var children: [Node]
    }

    /// Where a link points, as it is written in it, and what is there, if anything.
    ///
    /// An object, so that nodes stay small: few are links.
    public final class Link: Sendable {
        /// The text of the link.
        public let target: [UInt8]
        /// What it leads to.
        public let status: FileStatus?

        init(target: [UInt8], status: FileStatus?) {
            self.target = target
            self.status = status
        }
    }

    private let pattern: TreePattern?
    /// The folders that links were followed to: never twice, so that loops end.
    private var followed: Set<FileStatus.Identity> = []

    private init(pattern: TreePattern?) { self.pattern = pattern }

    /// What lies in `folder`: hidden names left out, in the locale's order, links followed once.
    ///
    /// With a pattern only what `tree -P PATTERN --matchdirs --prune --ignore-case` keeps: matching
    /// names, every file in a folder whose path from here matches, and the folders on the way.
    public static func read(_ folder: Path, matching pattern: TreePattern? = nil) -> [Node] {
        var tree = StoreTree(pattern: pattern)
        // A folder that cannot be looked at has nothing to show.
        guard let status = try? FileStatus(of: folder) else { return [] }
        tree.followed.insert(status.identity)
        let content = FolderReader(pattern: pattern).content(of: folder, below: [])
        guard content.hasLinks || pattern != nil else { return content.nodes }
        let found = tree.completed(content.nodes, in: folder, below: [])
        guard content.hasLinks else { return found }
        var shown: Set = [status.identity]
        return marked(found, &shown)
    }

    /// Keeps the nodes until the process ends.
    ///
    /// For a process that ends now: giving back thousands of small pieces first takes time for
    /// nothing.
    public static func keep(_ nodes: [Node]) { _ = Unmanaged.passRetained(Kept(nodes: nodes)) }

    private final class Kept {
        let nodes: [Node]
        init(nodes: [Node]) { self.nodes = nodes }
    }

    /// The nodes with links to folders gone into, and without folders that have nothing to show.
    private mutating func completed(
        _ nodes: [Node], in folder: Path, below relative: [UInt8]
    ) -> [Node] {
        nodes.compactMap { node in
            guard let kind = node.link == nil ? node.status.kind : node.link?.status?.kind,
                kind == .folder
            else { return node }
            var node = node
            let path = folder / node.name
            let inner = relative.isEmpty ? node.name : relative + [.slash] + node.name
            if let target = node.link?.status, followed.insert(target.identity).inserted {
                node.children =
                    FolderReader(pattern: pattern)
                    .content(of: path, below: inner).nodes
            }
            node.children = completed(node.children, in: path, below: inner)
            if let pattern, node.children.isEmpty, !pattern.matches(node.name, isFolder: true) {
                return nil
            }
            return node
        }
    }

    /// The nodes as they are shown one after the other: a link to a folder that stands above is not
    /// gone into again.
    private static func marked(
        _ nodes: [Node], _ shown: inout Set<FileStatus.Identity>
    ) -> [Node] {
        nodes.map { node in
            let isLink = node.link != nil
            guard let folder = isLink ? node.link?.status : node.status, folder.kind == .folder
            else { return node }
            var node = node
            if !shown.insert(folder.identity).inserted, isLink {
                node.isRecursive = true
                node.children = []
            } else {
                node.children = marked(node.children, &shown)
            }
            return node
        }
    }
}
