import CPosix
public import PasselCore
public import PasselPosix

/// A folder's content as `ls` and `find` show it.
public struct StoreTree: Sendable {
    /// One line of a tree.
    public struct Node: Sendable {
        /// The file name, suffix and all.
        public let name: [UInt8]
        /// What it is, links not followed.
        public let status: FileStatus
        /// Where a link points, and what is there, if anything.
        public let link: (target: [UInt8], status: FileStatus?)?
        /// Whether it is a link to a folder that was shown already.
        public fileprivate(set) var isRecursive = false
        /// What is in it, if it is a folder or leads to one.
        public fileprivate(set) var children: [Node]
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
        var shown: Set = [status.identity]
        return marked(tree.nodes(in: folder, below: [], open: false), &shown)
    }

    /// The nodes as they are shown one after the other: a link to a folder that stands above is not
    /// gone into again.
    private static func marked(
        _ nodes: [Node], _ shown: inout Set<FileStatus.Identity>
    ) -> [Node] {
        nodes.map { node in
            var node = node
            let isLink = node.link != nil
            guard let folder = isLink ? node.link?.status : node.status, folder.kind == .folder
            else {
                return node
            }
            if !shown.insert(folder.identity).inserted, isLink {
                node.isRecursive = true
                node.children = []
            } else {
                node.children = marked(node.children, &shown)
            }
            return node
        }
    }

    /// In an open folder, one whose path matches the pattern, every file is shown; its folders are
    /// judged anew.
    private mutating func nodes(in folder: Path, below relative: [UInt8], open: Bool) -> [Node] {
        // tree(1) shows an unreadable folder as an empty one.
        guard let names = try? Files.names(in: folder) else { return [] }
        let shown = names.filter { $0.bytes.first != UInt8(ascii: ".") }
        return Self.sorted(shown).compactMap { node($0, folder, relative, open) }
    }

    private mutating func node(
        _ name: Files.Name, _ folder: Path, _ relative: [UInt8], _ open: Bool
    ) -> Node? {
        let path = folder / name.bytes
        guard let status = try? FileStatus(of: path, following: false) else { return nil }
        let target = status.kind == .link ? try? FileStatus(of: path) : status
        let link =
            status.kind == .link
            ? (((try? Files.target(of: path)) ?? "").bytes, target) : nil
        guard let target, target.kind == .folder else {
            if !open, let pattern, !pattern.matches(name.bytes, isFolder: false) { return nil }
            return Node(name: name.bytes, status: status, link: link, children: [])
        }
        let inner = relative.isEmpty ? name.bytes : relative + [.slash] + name.bytes
        var children: [Node] = []
        if link == nil || followed.insert(target.identity).inserted {
            let opens = pattern?.matches(inner, isFolder: true) ?? false
            children = nodes(in: path, below: inner, open: opens)
        }
        if let pattern, children.isEmpty, !pattern.matches(name.bytes, isFolder: true) {
            return nil
        }
        return Node(name: name.bytes, status: status, link: link, children: children)
    }

    /// In the order of the locale, as strcoll(3) has it, bytes deciding between equals.
    private static func sorted(_ names: [Files.Name]) -> [Files.Name] {
        let keyed = names.map { (name: $0, key: $0.bytes.map { CChar(bitPattern: $0) } + [0]) }
        return keyed.sorted { a, b in
            let order = passel_collate(a.key, b.key)
            return order != 0 ? order < 0 : a.name.bytes.lexicographicallyPrecedes(b.name.bytes)
        }.map(\.name)
    }
}
