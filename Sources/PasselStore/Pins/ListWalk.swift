public import PasselCore
import PasselPosix

extension Store {
    /// The content of every `.gpg-id` in the store, by its folder below the top; links to folders
    /// are not followed, git's and extensions' folders left out.
    func lists() throws -> [Path: [UInt8]] {
        var found: [Path: [UInt8]] = [:]
        try collectLists(in: root, as: Roster.top, &found)
        return found
    }

    /// The content of every `.gpg-id` in a folder and below it, as above.
    func lists(below folder: Path) throws -> [Path: [UInt8]] {
        var found: [Path: [UInt8]] = [:]
        guard try FileStatus(of: folder, following: false)?.kind == .folder else { return [:] }
        try collectLists(in: folder, as: teamFolder(folder), &found)
        return found
    }

    /// The content of the lists in these folders below the top.
    func lists(in folders: [Path]) throws -> [Path: [UInt8]] {
        var found: [Path: [UInt8]] = [:]
        for folder in folders {
            let path = (folder == Roster.top ? root : root / folder) / ".gpg-id"
            found[folder] = try Files.readIfPresent(path, limit: 1 << 20)
        }
        return found
    }

    private func collectLists(
        in folder: Path, as name: Path, _ found: inout [Path: [UInt8]]
    ) throws {
        for entry in try Files.names(in: folder) {
            let path = folder / entry.bytes
            let kind = try entry.kind ?? FileStatus(of: path, following: false)?.kind
            if kind == .folder {
                guard
                    ![".git", ".extensions", ".passel", ".public-keys"].contains(
                        Text(entry.bytes))
                else { continue }
                try collectLists(
                    in: path, as: name == Roster.top ? Path(entry.bytes) : name / entry.bytes,
                    &found)
            } else if entry.bytes.elementsEqual(".gpg-id".utf8), FileStatus.isFile(path) {
                found[name] = try Files.read(path, limit: 1 << 20)
            }
        }
    }

    /// The path below the store by which pins and the roster know a folder, links resolved; the
    /// nearest one that is there, and what is missing behind it.
    public func teamFolder(_ folder: Path) -> Path {
        var missing: [[UInt8]] = []
        var current = folder.withoutTrailingSlashes
        let top = Files.resolved(root) ?? root
        while true {
            if let resolved = Files.resolved(current) {
                let inside = resolved.relative(to: top) ?? resolved
                let base = inside.isEmpty ? Roster.top : inside
                return missing.reversed().reduce(base) {
                    $0 == Roster.top ? Path($1) : $0 / $1
                }
            }
            guard !current.components.isEmpty else { return folder }
            missing.append(current.name)
            current = current.parent
        }
    }
}
