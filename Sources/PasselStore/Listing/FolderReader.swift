import CPosix
import Glibc
import PasselCore
import PasselPosix

/// Reads a folder and all real folders below it; links are looked at but not gone into.
///
/// Safe on any thread. Files are looked at relative to their open folder, and only those that will
/// be shown.
struct FolderReader: Sendable {
    let pattern: TreePattern?
    private static let suffix = Array(EntryName.suffix.utf8)

    init(pattern: TreePattern?) { self.pattern = pattern }

    /// What lies in the folder and below it.
    ///
    /// Read level by level, so that two threads share the work however the folders lie.
    func nodes(in top: Path, below relative: [UInt8]) -> [StoreTree.Node] {
        var levels: [[[StoreTree.Node]]] = []
        var folders = [Folder(path: top, relative: relative)]
        while !folders.isEmpty {
            // Threads for a few folders would cost more than they save.
            let width = folders.count < 16 ? 1 : 2
            let lists = Parallel.map(folders, width: width) { list($0.path, below: $0.relative) }
            folders = zip(folders, lists).flatMap { folder, nodes in folder.folders(nodes) }
            levels.append(lists)
        }
        var inner: [[StoreTree.Node]] = []
        while var lists = levels.popLast() {
            var next = inner.makeIterator()
            for list in lists.indices {
                for index in lists[list].indices where lists[list][index].status.kind == .folder {
                    lists[list][index].children = next.next() ?? []
                }
            }
            inner = lists
        }
        return inner.first ?? []
    }

    /// A folder that is to be read, with its path from the top of the tree.
    private struct Folder: Sendable {
        let path: Path
        let relative: [UInt8]

        func folders(_ nodes: [StoreTree.Node]) -> [Folder] {
            var found: [Folder] = []
            for index in nodes.indices where nodes[index].status.kind == .folder {
                let name = nodes[index].name
                let inner = relative.isEmpty ? name : relative + [.slash] + name
                found.append(Folder(path: path / name, relative: inner))
            }
            return found
        }
    }

    /// The names in one folder.
    ///
    /// In a folder whose path from the top matches the pattern every file is shown.
    private func list(_ folder: Path, below relative: [UInt8]) -> [StoreTree.Node] {
        let open = relative.isEmpty ? false : pattern?.matches(relative, isFolder: true) ?? false
        // tree(1) shows an unreadable folder as an empty one.
        guard let reader = try? FolderScan(folder) else { return [] }
        var names = (try? reader.names()) ?? []
        names.removeAll { name in
            guard name.bytes.first != UInt8(ascii: ".") else { return true }
            guard name.kind == .file, let pattern, !open else { return false }
            return !pattern.matches(name.bytes, isFolder: false)
        }
        sort(&names)
        var nodes: [StoreTree.Node] = []
        nodes.reserveCapacity(names.count)
        for index in names.indices {
            if let node = node(names[index], folder, reader, open) { nodes.append(node) }
        }
        return nodes
    }

    private func node(
        _ name: Files.Name, _ folder: Path, _ reader: borrowing FolderScan, _ open: Bool
    ) -> StoreTree.Node? {
        // An entry is an entry, whatever its permissions: thousands need not be looked at.
        let isEntry = name.kind == .file && name.bytes.ends(with: Self.suffix)
        guard let status = isEntry ? .unknownFile : reader.status(of: name.bytes, following: false)
        else { return nil }
        var link: StoreTree.Link?
        if status.kind == .link {
            let target = (try? Files.target(of: folder / name.bytes)) ?? ""
            link = StoreTree.Link(
                target: target.bytes, status: reader.status(of: name.bytes, following: true))
        }
        let isFolder = (link == nil ? status.kind : link?.status?.kind) == .folder
        if !isFolder, name.kind != .file, !open, let pattern,
            !pattern.matches(name.bytes, isFolder: false)
        {
            return nil
        }
        return StoreTree.Node(name: name.bytes, status: status, link: link, children: [])
    }

    /// In the order of the locale, as strcoll(3) has it, bytes deciding between equals.
    private func sort(_ names: inout [Files.Name]) {
        guard !Collation.isByteOrder else {
            return names.sort { $0.bytes.precedes($1.bytes) }
        }
        let keyed = names.map { (name: $0, key: $0.bytes.map { CChar(bitPattern: $0) } + [0]) }
        names = keyed.sorted { a, b in
            let order = passel_collate(a.key, b.key)
            return order != 0
                ? order < 0 : a.name.bytes.lexicographicallyPrecedes(b.name.bytes)
        }.map(\.name)
    }
}

/// How the locale orders names.
private enum Collation {
    /// Whether that is the order of bytes, as in the C and POSIX locales and C.UTF-8.
    static let isByteOrder: Bool = {
        guard let name = setlocale(LC_COLLATE, nil) else { return true }
        return ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(String(cString: name))
    }()
}
