import Glibc
import PasselCore
import PasselGit
import PasselPosix

/// The files of a change that wait for their places, and the way back.
struct Staged {
    private let folder: Path
    private let root: Path
    /// Whether folders come and go with the files in them.
    private let makesFolders: Bool
    private var items: [(step: FileChange, temporary: Path?, before: GitID?)] = []
    private var undoing: [() -> Void] = []
    private var kept: [Path] = []

    /// From this many folders on, one flush of the file system replaces one for each.
    private static let many = 16

    init(folder: Path, root: Path, makesFolders: Bool = false) {
        self.folder = folder
        self.root = root
        self.makesFolders = makesFolders
    }

    /// Prepares one step; a write gets its flushed temporary file on the file system of its place.
    mutating func add(_ step: FileChange, flushed: Bool) throws {
        let before = try Self.contentID(pathNow(of: step.path))
        guard case .write(let path, let content, let mode) = step else {
            if case .record = step { return }
            items.append((step, nil, before))
            return
        }
        let there = mode == .kept ? try FileStatus(of: path, following: false) : nil
        // A link's own mode says nothing.
        let old = there?.kind == .file ? there?.mode : nil
        let temporary = try Scratch.file(
            in: try scratchFolder(for: path), content: content, mode: old ?? newFileMode(),
            flushed: flushed)
        items.append((step, temporary, before))
    }

    /// Where what will be at `path` when its step's turn comes is now: an earlier step may move it there.
    private func pathNow(of path: Path) -> Path {
        for item in items.reversed() {
            if case .move(let from, let to) = item.step, let inner = path.relative(to: to) {
                return inner.isEmpty ? from : from / inner
            }
        }
        return path
    }

    /// The change's own folder, or the path's where that is on another file system: renames cannot
    /// cross.
    private func scratchFolder(for path: Path) throws -> Path {
        let here = try FileStatus(of: folder)?.identity.device
        let there = try FileStatus(of: path.parent)?.identity.device
        return there == nil || here == there ? folder : path.parent
    }

    private func newFileMode() -> UInt32 {
        let mask = umask(0o077)
        umask(mask)
        return 0o666 & ~mask
    }

    static func contentID(_ path: Path) throws -> GitID? {
        guard let status = try FileStatus(of: path, following: false) else { return nil }
        return switch status.kind {
        case .file: GitID(ofFile: try Files.read(path))
        case .link: GitID(ofFile: try Files.target(of: path).bytes)
        default: nil
        }
    }

    var journalSteps: [Journal.Step] {
        items.map { item in
            let kind: Journal.Step.Kind =
                switch item.step {
                case .write: .place(temporary: item.temporary ?? "")
                case .remove: .remove(withFolders: makesFolders)
                case .move(let from, _): .move(from: from)
                case .link(_, let target): .link(target: target)
                case .record: preconditionFailure("nothing is staged for it")
                }
            return Journal.Step(kind: kind, path: item.step.path, before: item.before)
        }
    }

    /// Does every step and flushes the folders.
    ///
    /// - Throws: `SystemError`; `undo` then leads back.
    mutating func apply() throws {
        var folders: Set<Path> = []
        for item in items {
            let path = item.step.path
            switch item.step {
            case .write:
                guard let temporary = item.temporary else { continue }
                if makesFolders { try makeRoom(for: path, &folders) }
                try keep(path)
                try DurableFile.move(temporary, to: path)
            case .remove:
                // A foreign removal of what is gone already has nothing to do.
                if makesFolders, try FileStatus(of: path, following: false) == nil { continue }
                try keep(path)
                try DurableFile.remove(path)
                if makesFolders { try prune(path.parent, &folders) }
            case .move(let from, let to):
                try keep(to)
                try DurableFile.move(from, to: to)
                // Best effort: what went wrong first is what is told.
                undoing.append { try? DurableFile.move(to, to: from) }
                folders.insert(from.parent)
            case .link(_, let target):
                if makesFolders { try makeRoom(for: path, &folders) }
                try keep(path)
                if item.before != nil { try DurableFile.remove(path) }
                try DurableFile.symlink(target, at: path)
            case .record: continue
            }
            folders.insert(path.parent)
        }
        // The folder of a folder that is gone has been flushed with the names in it.
        let left = makesFolders ? folders.filter { FileStatus.isFolder($0) } : folders
        if left.count >= Self.many { return try DurableFile.flushFileSystem(of: root) }
        for folder in left { try DurableFile.flush(folder) }
    }

    /// Makes the folders above a path, and takes away an empty one in its place.
    private mutating func makeRoom(for path: Path, _ changed: inout Set<Path>) throws {
        try makeFolder(path.parent, &changed)
        guard try FileStatus(of: path, following: false)?.kind == .folder else { return }
        guard try DurableFile.removeFolder(path) else {
            throw SystemError("write", path, code: EISDIR)
        }
        // Best effort: what went wrong first is what is told.
        undoing.append { _ = try? DurableFile.makeFolder(path) }
    }

    private mutating func makeFolder(_ folder: Path, _ changed: inout Set<Path>) throws {
        guard folder.components.count > root.components.count, !FileStatus.isFolder(folder) else {
            return
        }
        try makeFolder(folder.parent, &changed)
        guard try DurableFile.makeFolder(folder) else { return }
        // Best effort, as above.
        undoing.append { _ = try? DurableFile.removeFolder(folder) }
        changed.insert(folder.parent)
    }

    /// Removes a folder and those above it as long as they are empty.
    private mutating func prune(_ folder: Path, _ changed: inout Set<Path>) throws {
        var current = folder
        while current.components.count > root.components.count,
            try DurableFile.removeFolder(current)
        {
            let gone = current
            // Best effort, as above.
            undoing.append { _ = try? DurableFile.makeFolder(gone) }
            current = current.parent
            changed.insert(current)
        }
    }

    /// Remembers how to bring back what is at `path` now.
    private mutating func keep(_ path: Path) throws {
        guard let status = try FileStatus(of: path, following: false) else {
            undoing.append { Scratch.remove(path) }
            return
        }
        // A folder is only ever the target of a move into an empty one, which rename(2) replaces.
        guard status.kind == .file || status.kind == .link else { return }
        let copy = try scratchFolder(for: path) / Path(Scratch.prefix + Random.name(length: 16))
        try DurableFile.link(path, to: copy)
        kept.append(copy)
        // Best effort: what went wrong first is what is told.
        undoing.append { try? DurableFile.move(copy, to: path) }
    }

    /// Leads back to the state before `apply`, as far as it came.
    mutating func undo() {
        for step in undoing.reversed() { step() }
        undoing = []
    }

    /// Removes what is not needed any more.
    func clear() {
        for path in kept { Scratch.remove(path) }
        for item in items { if let temporary = item.temporary { Scratch.remove(temporary) } }
    }
}
