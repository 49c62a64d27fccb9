import Glibc
import PasselCore
import PasselGit
import PasselPosix

/// All files of a store, each read once for whatever is to be told of it: what git calls its
/// content, and what an entry's packets say of its readers.
///
/// What git keeps for itself is left out, at the top and in repositories below.
struct FileLook: Sendable {
    /// A look that was begun.
    typealias Begun = Pending<FileLook>

    /// A folder with the names in it.
    struct Folder: Sendable {
        /// Its name below the store with a slash at its end; empty for the top.
        let prefix: [UInt8]
        fileprivate(set) var files: [File] = []
        /// The names of links in it.
        fileprivate(set) var links: [[UInt8]] = []
        fileprivate var folders: [[UInt8]] = []
        /// Why it cannot be listed.
        fileprivate(set) var failure: SystemError?

        /// Whether entries are not looked for in it.
        let isReserved: Bool
    }

    /// A regular file.
    struct File: Sendable {
        /// Its name in the folder.
        let name: [UInt8]
        /// What git calls its content; nothing where it cannot be read.
        fileprivate(set) var id: GitID?
        /// Why it cannot be read.
        fileprivate(set) var failure: SystemError?
        /// What it says of its readers, if it is called like an entry.
        fileprivate(set) var message: EntryScan.Content?
    }

    /// Each after the one that it lies in.
    private(set) var folders: [Folder] = []

    /// The folders with a list, by the names that pins know them by.
    var lists: [Path] {
        folders.filter { folder in
            !folder.isReserved && folder.files.contains { $0.name.elementsEqual(".gpg-id".utf8) }
        }.map { $0.prefix.isEmpty ? Roster.top : Path($0.prefix.dropLast()) }
    }

    /// Begins a look on threads of its own, which do not hold up what somebody waits for: git's own
    /// check is one thread, and takes as long.
    static func begin(_ root: Path) -> Begun {
        Parallel.begin {
            BackgroundThread.stepBack()
            return FileLook(root)
        }
    }

    /// Looks now, folders of one depth at a time, so that two threads share the work.
    init(_ root: Path) {
        var level: [[UInt8]] = [[]]
        while !level.isEmpty {
            // Threads for a few folders would cost more than they save.
            let found = Parallel.map(level, width: level.count < 16 ? 1 : 2) { prefix in
                Folder(prefix, below: root)
            }
            folders += found
            level = found.flatMap { folder in
                folder.folders.map { folder.prefix + $0 + [.slash] }
            }
        }
    }
}

extension FileLook.Folder {
    fileprivate init(_ prefix: [UInt8], below root: Path) {
        self.prefix = prefix
        isReserved = Path(prefix).components.contains { EntryName.isReserved($0) }
        let path = prefix.isEmpty ? root : root / Array(prefix.dropLast())
        do {
            let scan = try FolderScan(path)
            for name in try scan.names().sorted(by: { $0.bytes.precedes($1.bytes) })
            where !name.bytes.elementsEqual(".git".utf8) {
                switch name.kind ?? scan.status(of: name.bytes, following: false)?.kind {
                case .file: files.append(FileLook.File(name.bytes, scan, path))
                case .folder: folders.append(name.bytes)
                case .link: links.append(name.bytes)
                default: break
                }
            }
        } catch let error as SystemError {
            failure = error
        } catch {
            failure = SystemError("list", path, code: EIO)
        }
    }
}

extension FileLook.File {
    /// How much of a file is read at first; all of nearly every entry.
    private static let start = 1 << 14

    fileprivate init(_ name: [UInt8], _ scan: borrowing FolderScan, _ folder: Path) {
        self.name = name
        let isEntry = Path(name).hasSuffixIgnoringCase(EntryName.suffix)
        do {
            var bytes = try scan.start(of: name, limit: Self.start)
            if bytes.count == Self.start {
                bytes = try Files.read(folder / name, followingLinks: false)
            }
            id = GitID(ofFile: bytes)
            if isEntry { message = EntryScan.content(bytes) }
        } catch {
            failure = error as? SystemError ?? SystemError("read", folder / name, code: EIO)
            if isEntry { message = .flawed(EntryScan.reason(error)) }
        }
    }
}
