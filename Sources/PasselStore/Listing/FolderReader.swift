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

    /// What lies in the folder, its subfolders read by two threads.
    func topLevel(_ folder: Path) -> [StoreTree.Node] {
        let nodes = list(folder, below: [])
        let filled = Parallel.map(nodes, width: 2) { node in
            node.status.kind == .folder ? self.filled(node, in: folder, below: []) : node
        }
        return filled
    }

    /// What lies in the folder and below it.
    func nodes(in folder: Path, below relative: [UInt8]) -> [StoreTree.Node] {
        list(folder, below: relative).map { node in
            node.status.kind == .folder ? filled(node, in: folder, below: relative) : node
        }
    }

    private func filled(
        _ node: StoreTree.Node, in folder: Path, below relative: [UInt8]
    ) -> StoreTree.Node {
        let inner = relative.isEmpty ? node.name : relative + [.slash] + node.name
        return StoreTree.Node(
            name: node.name, status: node.status, link: nil,
            children: nodes(in: folder / node.name, below: inner))
    }

    /// The names in one folder.
    ///
    /// In a folder whose path from the top matches the pattern every file is shown.
    private func list(_ folder: Path, below relative: [UInt8]) -> [StoreTree.Node] {
        let open = relative.isEmpty ? false : pattern?.matches(relative, isFolder: true) ?? false
        // tree(1) shows an unreadable folder as an empty one.
        guard let reader = try? FolderScan(folder) else { return [] }
        let names = (try? reader.names()) ?? []
        let shown = names.filter { name in
            guard name.bytes.first != UInt8(ascii: ".") else { return false }
            guard name.kind == .file, let pattern, !open else { return true }
            return pattern.matches(name.bytes, isFolder: false)
        }
        return sorted(shown).compactMap { node($0, folder, reader, open) }
    }

    private func node(
        _ name: Files.Name, _ folder: Path, _ reader: borrowing FolderScan, _ open: Bool
    ) -> StoreTree.Node? {
        guard let status = reader.status(of: name.bytes, following: false) else { return nil }
        var link: (target: [UInt8], status: FileStatus?)?
        if status.kind == .link {
            let target = (try? Files.target(of: folder / name.bytes)) ?? ""
            link = (target.bytes, reader.status(of: name.bytes, following: true))
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
    private func sorted(_ names: [Files.Name]) -> [Files.Name] {
        guard !Collation.isByteOrder else {
            return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }
        let keyed = names.map { (name: $0, key: $0.bytes.map { CChar(bitPattern: $0) } + [0]) }
        return keyed.sorted { a, b in
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
