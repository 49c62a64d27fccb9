import CGit2
import PasselCore

/// Reads the folders of commits, which git calls trees, and compares them.
///
/// Equal folders are told by their ids and not read. Those read last are kept: most folders of a
/// commit are those of the next one too.
struct TreeReader {
    private let objects: GitObjectDatabase
    private var kept: [GitID: [UInt8]] = [:]
    private var keptSize = 0
    /// How many names two commits may have where they differ: a few folders, each several times in
    /// the next, would stand for billions.
    var nameLimit = 1_000_000
    private var names = 0
    private var depth = 0

    /// In bytes.
    private static let keptLimit = 32 << 20
    /// Folders in each other; every one takes its share of the stack.
    private static let depthLimit = 256

    init(_ objects: GitObjectDatabase) { self.objects = objects }

    /// The items of a tree; none of nothing.
    mutating func items(of tree: GitID?) throws -> TreeItems {
        guard let tree else { return TreeItems([]) }
        if let bytes = kept[tree] { return TreeItems(bytes) }
        let bytes = try objects.content(of: tree, GIT_OBJECT_TREE)
        if keptSize > Self.keptLimit {
            kept = [:]
            keptSize = 0
        }
        kept[tree] = bytes
        keptSize += bytes.count
        return TreeItems(bytes)
    }

    /// The item under a name in a tree itself, be it a folder or not.
    mutating func item(
        _ name: ArraySlice<UInt8>, isFolder: Bool, in tree: GitID
    ) throws -> TreeItems.Item? {
        var items = try items(of: tree)
        while let item = try items.next() {
            if item.isFolder == isFolder, item.name.elementsEqual(name) { return item }
        }
        return nil
    }

    /// The tree of a folder below another one; that itself for no name, nothing where there is none.
    mutating func folder(_ name: [UInt8], in tree: GitID) throws -> GitID? {
        var found: GitID? = tree
        for part in name.split(separator: .slash) {
            found = try found.flatMap { try item(part, isFolder: true, in: $0) }?.id
        }
        return found
    }

    /// What a commit with this tree and parents with those did, sorted as git sorts; nothing stands
    /// for an empty tree.
    mutating func changes(
        from parents: [GitID?], to tree: GitID?, below folder: [UInt8] = []
    ) throws -> [GitLeafChange] {
        var changes = try differences(parents.first ?? nil, tree, below: folder)
        for parent in parents.dropFirst() where !changes.isEmpty {
            let names = Set(try differences(parent, tree, below: folder).map(\.name))
            for index in changes.indices where !names.contains(changes[index].name) {
                changes[index].isOwn = false
            }
        }
        return changes
    }

    /// What differs between two trees, the names beginning with `folder`; nothing stands for an
    /// empty tree.
    mutating func differences(
        _ old: GitID?, _ new: GitID?, below folder: [UInt8] = []
    ) throws -> [GitLeafChange] {
        var changes: [GitLeafChange] = []
        (names, depth) = (0, 0)
        try compare(old, new, below: folder, into: &changes)
        return changes
    }

    private mutating func compare(
        _ old: GitID?, _ new: GitID?, below folder: [UInt8], into changes: inout [GitLeafChange]
    ) throws {
        guard old != new else { return }
        guard depth < Self.depthLimit else {
            throw GitProblem("read the folders of a commit", "they are too deep in each other")
        }
        depth += 1
        defer { depth -= 1 }
        var (left, right) = (try items(of: old), try items(of: new))
        left.skipItems(commonWith: &right)
        var (before, after) = (try left.next(), try right.next())
        while before != nil || after != nil {
            // Whichever comes first, or both where they are equal. In a tree that is not sorted
            // things appear as gone and as new, but none is passed over.
            let gone = before.flatMap { after?.precedes($0) ?? false ? nil : $0 }
            let made = after.flatMap { before?.precedes($0) ?? false ? nil : $0 }
            try compare(gone, made, below: folder, into: &changes)
            if gone != nil, made != nil { left.skipItems(commonWith: &right) }
            if gone != nil { before = try left.next() }
            if made != nil { after = try right.next() }
        }
    }

    private mutating func compare(
        _ gone: TreeItems.Item?, _ made: TreeItems.Item?, below folder: [UInt8],
        into changes: inout [GitLeafChange]
    ) throws {
        names += 1
        guard names <= nameLimit else {
            throw GitProblem("read the folders of a commit", "they have too many names")
        }
        guard let name = (gone ?? made).map({ folder + $0.name }) else { return }
        if gone?.leaf != made?.leaf {
            changes.append(GitLeafChange(name: name, old: gone?.leaf, new: made?.leaf))
        }
        try compare(gone?.folder, made?.folder, below: name + [.slash], into: &changes)
    }
}
