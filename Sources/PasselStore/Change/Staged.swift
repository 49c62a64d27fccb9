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
    private let newFileMode: UInt32
    private var items: [Item] = []
    private var moves: [(from: Path, to: Path)] = []
    private var undoing: [() -> Void] = []
    private var kept: [Path] = []
    /// The items of which the temporary file took its place.
    private var placed: Set<Int> = []
    /// Whether the file system is not known to lack what replaces a file and keeps the old one.
    private var exchanges = true
    /// Where scratch files for the files of a folder lie.
    private var scratchFolders: [Path: Path] = [:]
    /// Folders that are known to be there.
    private var made: Set<Path> = []

    private struct Item: Sendable {
        let step: FileChange
        var temporary: Path?
        let before: GitID?
    }

    /// From this many on, one flush of the file system replaces one for each folder, and files are
    /// prepared and removed on two threads.
    private static let many = 16

    init(folder: Path, root: Path, makesFolders: Bool = false) {
        self.folder = folder
        self.root = root
        self.makesFolders = makesFolders
        newFileMode = 0o666 & ~ProcessStatus.creationMask()
    }

    /// Prepares steps; a write gets its temporary file on the file system of its place.
    ///
    /// - Parameter known: what is at the paths of steps that nothing is moved to, where somebody
    ///   looked already.
    mutating func add(
        _ steps: [FileChange], flushed: Bool, known: [Path: GitID?] = [:]
    ) throws {
        var work: [Preparation] = []
        for step in steps {
            if case .record = step { continue }
            var scratch = folder
            if case .write(let path, _, _) = step { scratch = try scratchFolder(for: path) }
            work.append(
                Preparation(
                    step: step, now: pathNow(of: step.path), scratch: scratch, flushed: flushed,
                    freshMode: newFileMode, before: known[step.path]))
            if case .move(let from, let to) = step { moves.append((from, to)) }
        }
        let results = Parallel.map(work, width: work.count < Self.many ? 1 : 2) { $0.done() }
        // Those that were made are to be cleared, whatever became of the others.
        for case .success(let item) in results { items.append(item) }
        for case .failure(let error) in results { throw error }
    }

    /// One step before it is prepared.
    private struct Preparation: Sendable {
        let step: FileChange
        /// Where what will be at its path is now.
        let now: Path
        let scratch: Path
        let flushed: Bool
        let freshMode: UInt32
        /// What is there, if that is known.
        let before: GitID??

        func done() -> Result<Item, any Error> {
            Result {
                let before = try self.before ?? Staged.contentID(now)
                guard case .write(let path, let content, let mode) = step else {
                    return Item(step: step, before: before)
                }
                let there = mode == .kept ? try FileStatus(of: path, following: false) : nil
                // A link's own mode says nothing.
                let old = there?.kind == .file ? there?.mode : nil
                let temporary = try Scratch.file(
                    in: scratch, content: content, mode: old ?? freshMode, flushed: flushed)
                return Item(step: step, temporary: temporary, before: before)
            }
        }
    }

    /// Where what will be at `path` when its step's turn comes is now: an earlier step may move it there.
    private func pathNow(of path: Path) -> Path {
        for (from, to) in moves.reversed() {
            if let inner = path.relative(to: to) { return inner.isEmpty ? from : from / inner }
        }
        return path
    }

    /// The change's own folder, or the path's where that is on another file system: renames cannot
    /// cross.
    private mutating func scratchFolder(for path: Path) throws -> Path {
        let parent = path.parent
        if let known = scratchFolders[parent] { return known }
        guard let there = try FileStatus(of: parent)?.identity.device else { return folder }
        let here = try FileStatus(of: folder)?.identity.device
        let scratch = here == there ? folder : parent
        scratchFolders[parent] = scratch
        return scratch
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
        for index in items.indices {
            let item = items[index]
            let path = item.step.path
            switch item.step {
            case .write:
                guard let temporary = item.temporary else { continue }
                let there = try makeRoom(for: path, &folders)
                if try !exchange(temporary, path, there) {
                    try keep(path, there)
                    try DurableFile.move(temporary, to: path)
                    placed.insert(index)
                }
            case .remove:
                // A foreign removal of what is gone already has nothing to do.
                let there = try FileStatus(of: path, following: false)
                if makesFolders, there == nil { continue }
                try keep(path, there)
                try DurableFile.remove(path)
                if makesFolders { try prune(path.parent, &folders) }
            case .move(let from, let to):
                try keep(to, try FileStatus(of: to, following: false))
                try DurableFile.move(from, to: to)
                // Best effort: what went wrong first is what is told.
                undoing.append { try? DurableFile.move(to, to: from) }
                folders.insert(from.parent)
            case .link(_, let target):
                try keep(path, makeRoom(for: path, &folders))
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

    /// Where folders come with files, makes those above a path and takes away an empty one in its
    /// place; what is there then.
    private mutating func makeRoom(
        for path: Path, _ changed: inout Set<Path>
    ) throws -> FileStatus? {
        if makesFolders { try makeFolder(path.parent, &changed) }
        let there = try FileStatus(of: path, following: false)
        guard makesFolders, there?.kind == .folder else { return there }
        guard try DurableFile.removeFolder(path) else {
            throw SystemError("write", path, code: EISDIR)
        }
        // Best effort: what went wrong first is what is told.
        undoing.append { _ = try? DurableFile.makeFolder(path) }
        return nil
    }

    /// Puts a temporary file in the place of what is there, which then is what is to be cleared and
    /// by which it can be put back; false where the file system cannot do so in one step.
    ///
    /// What follows a kill needs to know of neither: the path has the one or the other.
    private mutating func exchange(
        _ temporary: Path, _ path: Path, _ there: FileStatus?
    ) throws -> Bool {
        guard exchanges, there?.kind == .file || there?.kind == .link else { return false }
        guard try DurableFile.exchange(temporary, with: path) else {
            exchanges = false
            return false
        }
        // Best effort: what went wrong first is what is told.
        undoing.append { _ = try? DurableFile.exchange(temporary, with: path) }
        return true
    }

    private mutating func makeFolder(_ folder: Path, _ changed: inout Set<Path>) throws {
        guard !made.contains(folder) else { return }
        made.insert(folder)
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
            made.remove(gone)
            // Best effort, as above.
            undoing.append { _ = try? DurableFile.makeFolder(gone) }
            current = current.parent
            changed.insert(current)
        }
    }

    /// Remembers how to bring back what is at `path` now.
    private mutating func keep(_ path: Path, _ status: FileStatus?) throws {
        guard let status else {
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
    func clear() { Self.clear(leftOver) }

    /// What is not needed any more.
    var leftOver: [Path] {
        kept + items.indices.filter { !placed.contains($0) }.compactMap { items[$0].temporary }
    }

    /// Removes what a change left over.
    static func clear(_ leftOver: [Path]) {
        // To free what a file had takes longer than anything else about it.
        _ = Parallel.map(leftOver, width: leftOver.count < many ? 1 : 2) { Scratch.remove($0) }
    }
}
