import PasselCore

/// What is under one name in many trees; folders that are the same in several are searched once.
struct LeafLookup {
    private let parts: [ArraySlice<UInt8>]
    private var reader: TreeReader
    private var known: [[GitID: GitLeaf?]]

    init(_ name: [UInt8], _ reader: TreeReader) {
        parts = name.split(separator: .slash)
        self.reader = reader
        known = Array(repeating: [:], count: parts.count)
    }

    mutating func leaf(in tree: GitID) throws -> GitLeaf? { try leaf(in: tree, 0) }

    private mutating func leaf(in tree: GitID, _ depth: Int) throws -> GitLeaf? {
        guard depth < parts.count else { return nil }
        if let found = known[depth][tree] { return found }
        let isLast = depth == parts.count - 1
        let item = try reader.item(parts[depth], isFolder: !isLast, in: tree)
        let found = isLast ? item?.leaf : try item.flatMap { try leaf(in: $0.id, depth + 1) }
        known[depth][tree] = .some(found)
        return found
    }
}
