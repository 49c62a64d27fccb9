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

    /// What lies in a folder and below it.
    struct Content: Sendable {
        /// The folder itself; nothing when it cannot be looked at.
        var status: FileStatus?
        var nodes: [StoreTree.Node] = []
        /// Whether a link is among them.
        var hasLinks = false
    }

    /// Reads the folder and what is below it.
    ///
    /// Read level by level, so that two threads share the work however the folders lie.
    func content(of top: Path, below relative: [UInt8]) -> Content {
        var levels: [[Content]] = []
        var folders = [Folder(path: top, relative: relative)]
        while !folders.isEmpty {
            // Threads for a few folders would cost more than they save.
            let width = folders.count < 16 ? 1 : 2
            let contents = Parallel.map(folders, width: width) { list($0.path, below: $0.relative) }
            folders = zip(folders, contents).flatMap { $0.folders($1.nodes) }
            levels.append(contents)
        }
        var inner: [Content] = []
        while var contents = levels.popLast() {
            var next = inner.makeIterator()
            for place in contents.indices {
                for index in contents[place].nodes.indices
                where contents[place].nodes[index].status.kind == .folder {
                    guard let below = next.next() else { break }
                    contents[place].nodes[index].children = below.nodes
                    if let status = below.status { contents[place].nodes[index].status = status }
                    if below.hasLinks { contents[place].hasLinks = true }
                }
            }
            inner = contents
        }
        return inner.first ?? Content()
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
    private func list(_ folder: Path, below relative: [UInt8]) -> Content {
        let open = relative.isEmpty ? false : pattern?.matches(relative, isFolder: true) ?? false
        // tree(1) shows an unreadable folder as an empty one.
        guard let reader = try? FolderScan(folder) else {
            return Content(status: try? FileStatus(of: folder))
        }
        var content = Content(status: try? reader.status())
        var names = (try? reader.names()) ?? []
        names.removeAll { name in
            guard name.bytes.first != UInt8(ascii: ".") else { return true }
            guard name.kind == .file, let pattern, !open else { return false }
            return !pattern.matches(name.bytes, isFolder: false)
        }
        sort(&names)
        content.nodes.reserveCapacity(names.count)
        for index in names.indices {
            guard let node = node(names[index], folder, reader, open) else { continue }
            if node.link != nil { content.hasLinks = true }
            content.nodes.append(node)
        }
        return content
    }

    private func node(
        _ name: Files.Name, _ folder: Path, _ reader: borrowing FolderScan, _ open: Bool
    ) -> StoreTree.Node? {
        let known: FileStatus? =
            switch name.kind {
            // An entry is an entry, whatever its permissions: thousands need not be looked at.
            case .file where name.bytes.ends(with: Self.suffix): .unknownFile
            // Looked at when it is read.
            case .folder: .unknownFolder
            default: reader.status(of: name.bytes, following: false)
            }
        guard let status = known else { return nil }
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
