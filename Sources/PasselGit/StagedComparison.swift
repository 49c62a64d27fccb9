import PasselCore

/// Finds what is staged: where the index has something else than HEAD.
///
/// Folders of which the index knows that they are as in HEAD are not read.
struct StagedComparison {
    private let index: IndexFile
    private let tree: GitID?
    private var reader: TreeReader
    private var found: [[UInt8]] = []

    init(_ repository: GitRepository, _ index: IndexFile) throws {
        self.index = index
        tree = try repository.headID().map { try repository.historyCommit($0).tree }
        reader = TreeReader(try repository.objects())
    }

    /// The names, conflicts included.
    consuming func names() throws -> [[UInt8]] {
        try compare(tree, index.root, 0..<index.entries.count, below: 0)
        return found
    }

    /// Compares a folder: the tree that HEAD has there, what the index knows of it, and the entries
    /// in it, the first `length` bytes of whose names are the folder's.
    private mutating func compare(
        _ tree: GitID?, _ known: IndexFile.Folder?, _ range: Range<Int>, below length: Int
    ) throws {
        if let tree, known?.tree == tree, known?.count == range.count { return }
        var items = try reader.items(of: tree)
        var item = try items.next()
        var place = range.lowerBound
        let prefix = try prefix(range, length)
        while place < range.upperBound || item != nil {
            let here = place < range.upperBound ? step(place, range, length) : nil
            switch order(here, item) {
            case .same:
                guard let here, let both = item else { return }
                if let folder = both.folder {
                    let inner = known.flatMap { index.folder(both.name, in: $0) }
                    try compare(
                        folder, inner, here.entries, below: length + both.name.count + 1)
                } else {
                    compare(both, here.entries)
                }
                place = here.entries.upperBound
                item = try items.next()
            case .index:
                guard let here else { return }
                for number in here.entries where !index.entries[number].isIntent {
                    add(number)
                }
                place = here.entries.upperBound
            case .tree:
                guard let gone = item else { return }
                let name = prefix + gone.name
                if gone.isFolder {
                    found += try reader.differences(gone.id, nil, below: name + [.slash])
                        .map(\.name)
                } else {
                    found.append(name)
                }
                item = try items.next()
            }
        }
    }

    private enum Order { case same, index, tree }

    /// The entries that make up one item of a folder: a file, or all that is below an inner folder.
    private struct Step {
        let name: ArraySlice<UInt8>
        let isFolder: Bool
        let entries: Range<Int>
    }

    private func prefix(_ range: Range<Int>, _ length: Int) throws -> [UInt8] {
        guard length > 0, let first = range.first else { return [] }
        return Array(index.bytes[index.entries[first].name].prefix(length))
    }

    private func step(_ place: Int, _ range: Range<Int>, _ length: Int) -> Step {
        let full = index.bytes[index.entries[place].name]
        let rest = full.dropFirst(length)
        let name = rest.prefix { $0 != .slash }
        let isFolder = name.count < rest.count
        // A folder's name with its slash; a file's versions of a conflict all have the same name.
        let common = full.prefix(length + name.count + (isFolder ? 1 : 0))
        var end = place + 1
        while end < range.upperBound {
            let next = index.bytes[index.entries[end].name]
            guard next.starts(with: common), isFolder || next.count == full.count else { break }
            end += 1
        }
        return Step(name: name, isFolder: isFolder, entries: place..<end)
    }

    private func order(_ here: Step?, _ item: TreeItems.Item?) -> Order {
        guard let here else { return .tree }
        guard let item else { return .index }
        let mine = TreeItems.Item(mode: here.isFolder ? 0o040000 : 0, name: here.name, id: item.id)
        if mine.precedes(item) { return .index }
        return item.precedes(mine) ? .tree : .same
    }

    private mutating func compare(_ item: TreeItems.Item, _ entries: Range<Int>) {
        guard let first = entries.first else { return }
        let entry = index.entries[first]
        if entry.stage != 0 || entry.mode != item.mode || index.id(entry) != item.id { add(first) }
    }

    private mutating func add(_ number: Int) {
        found.append(Array(index.bytes[index.entries[number].name]))
    }
}
