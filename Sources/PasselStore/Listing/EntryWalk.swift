public import PasselCore
import PasselPosix

extension Store {
    /// Every entry below the store's top, sorted by path: hidden folders included, reserved ones
    /// left out.
    ///
    /// Links to files and folders are followed, each real file given once and no folder entered
    /// twice.
    public func entryFiles() throws -> [Path] { try entryFiles(EntryWalk(root)) }

    /// The files that a walk found, once it is told which folders it could not read.
    func entryFiles(_ walk: EntryWalk) -> [Path] {
        for problem in walk.unread { observer.warned(problem) }
        return walk.files
    }
}

/// A walk through all folders of a store, on whatever thread.
struct EntryWalk: Sendable {
    /// The entries' files, as `Store.entryFiles` gives them.
    private(set) var files: [Path] = []
    /// Why a folder could not be read, for each.
    private(set) var unread: [Problem] = []
    private var seen: Set<FileStatus.Identity> = []

    /// A walk that is on its way.
    typealias Begun = Pending<Result<EntryWalk, any Error>>

    /// Begins on a thread of its own.
    static func begin(_ root: Path) -> Begun {
        Parallel.begin { Result { try EntryWalk(root) } }
    }

    /// Walks through a folder and all below it.
    ///
    /// - Throws: `SystemError` for what cannot be looked at.
    init(_ root: Path) throws { try walk(root) }

    private mutating func walk(_ folder: Path) throws {
        guard let status = try FileStatus(of: folder), seen.insert(status.identity).inserted else {
            return
        }
        var found: [(name: Files.Name, status: FileStatus?)] = []
        do {
            let scan = try FolderScan(folder)
            // Looked at within the folder: a path is long, and there are thousands.
            for name in try scan.names() where !EntryName.isReserved(name.bytes) {
                guard Self.isEntry(name) || name.kind != .file else { continue }
                let isFolder = name.kind == .folder
                found.append(
                    (name, isFolder ? nil : scan.status(of: name.bytes, following: true)))
            }
        } catch let error as SystemError {
            unread.append(error.problem)
            return
        }
        found.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
        for (name, status) in found {
            let path = folder / name.bytes
            // What cannot be looked at there tells why by its path.
            let status = try status ?? (name.kind == .folder ? nil : FileStatus(of: path))
            switch status?.kind ?? name.kind {
            case .folder: try walk(path)
            case .file where Self.isEntry(name):
                if let status, seen.insert(status.identity).inserted { files.append(path) }
            default: break
            }
        }
    }

    private static func isEntry(_ name: Files.Name) -> Bool {
        Path(name.bytes).hasSuffixIgnoringCase(EntryName.suffix)
    }
}

extension EntryName {
    private static let reserved = [".git", ".extensions", ".passel", ".public-keys"]
        .map { Array($0.utf8) }

    /// Whether nothing below a folder of this name is an entry: it is git's, the extensions', our
    /// own or that of the keys.
    static func isReserved(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") && reserved.contains(name)
    }
}
