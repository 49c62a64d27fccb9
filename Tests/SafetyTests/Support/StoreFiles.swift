import Foundation

/// Everything on disk below a store at one moment: the work tree and, apart, the repository's files.
struct StoreFiles: Sendable {
    struct File: Sendable, Equatable {
        let mode: mode_t
        let bytes: [UInt8]
    }

    /// Files of the work tree by path.
    private(set) var files: [String: File] = [:]
    /// Folders of the work tree by path, with their modes.
    private(set) var folders: [String: mode_t] = [:]
    /// Files below `.git` that are not objects.
    private(set) var repositoryFiles: [String: File] = [:]
    /// Files below `.git/objects`, by path.
    private(set) var objects: Set<String> = []

    init(_ folder: String) throws {
        try read(folder, "")
    }

    private mutating func read(_ root: String, _ path: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + path) {
            let below = path.isEmpty ? name : path + "/" + name
            let full = root + "/" + below
            var status = stat()
            // A temporary file may vanish between the listing and here.
            guard lstat(full, &status) == 0 else { continue }
            let mode = status.st_mode & 0o7777
            if status.st_mode & S_IFMT == S_IFDIR {
                if !below.hasPrefix(".git") { folders[below] = mode }
                try read(root, below)
            } else if below.hasPrefix(".git/objects/") {
                objects.insert(below)
            } else {
                let bytes = FileManager.default.contents(atPath: full).map { [UInt8]($0) } ?? []
                let file = File(mode: mode, bytes: bytes)
                if below.hasPrefix(".git/") {
                    repositoryFiles[below] = file
                } else {
                    files[below] = file
                }
            }
        }
    }

    /// The bytes of an entry's file, or nil when it does not exist.
    func entry(_ name: String) -> [UInt8]? { files[name + ".gpg"]?.bytes }

    /// The names of all entries.
    var entries: Set<String> {
        Set(files.keys.filter { $0.hasSuffix(".gpg") }.map { String($0.dropLast(4)) })
    }

    /// Files in the object folder that are no objects: what an interrupted writer left there.
    var strayObjects: [String] {
        objects.filter { path in
            let parts = path.dropFirst(".git/objects/".count).split(separator: "/")
            guard parts.count == 2 else { return true }
            if parts[0] == "pack" || parts[0] == "info" { return parts[1].hasPrefix("tmp_") }
            return parts[0].count != 2 || parts[1].count != 38
                || !parts.joined().allSatisfy(\.isHexDigit)
        }.sorted()
    }

    /// The ids of the loose objects.
    var objectIDs: Set<String> {
        let ids = objects.subtracting(strayObjects).compactMap { path -> String? in
            let parts = path.dropFirst(".git/objects/".count).split(separator: "/")
            return parts[0].count == 2 ? parts.joined() : nil
        }
        return Set(ids)
    }
}

/// The paths of all files below a folder.
func paths(below folder: String) -> Set<String> {
    var found: Set<String> = []
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        let path = folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        found.insert(path)
        if status.st_mode & S_IFMT == S_IFDIR { found.formUnion(paths(below: path)) }
    }
    return found
}
