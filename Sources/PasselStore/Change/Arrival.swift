import PasselCore
import PasselGit
import PasselPosix

/// What came from elsewhere to be taken into the branch, and into the work tree with it.
struct Arrival {
    /// What happens to the branch.
    enum Way {
        /// One commit with two parents: where the branch is, and this one.
        case joining(GitID)
        /// The branch moves on to this commit, which descends from where it is.
        case arriving(GitID)
    }

    /// What happens to the branch.
    let way: Way
    /// Where the branch was when the steps were worked out; nothing before its first commit.
    var ours: GitID?
    /// What the merge's message says below its subject.
    var body: Text?
    /// Files that another tool left in the middle of its own merge: names, and what is known to be
    /// its doing and not the user's.
    var leftBehind: [Path: Set<GitID?>] = [:]

    /// Refuses to write over what is in the work tree and not in the branch; what is at the paths of
    /// the steps now.
    ///
    /// - Throws: `WouldTrample`.
    func refuseTrampling(_ steps: [FileChange], in store: Store) throws -> [Path: GitID?] {
        let found = try look(at: steps, in: store)
        guard found.trampled.isEmpty else { throw WouldTrample(names: found.trampled) }
        return found.contents
    }

    /// What of the work tree would be lost by these steps, sorted.
    ///
    /// That is every file that is not as in the branch, and everything that lies in the way: files
    /// that git does not know of, links on the way to a file.
    func trampled(_ steps: [FileChange], in store: Store) throws -> [Path] {
        try look(at: steps, in: store).trampled
    }

    private func look(
        at steps: [FileChange], in store: Store
    ) throws -> (trampled: [Path], contents: [Path: GitID?]) {
        guard let repository = try store.repository(around: store.root) else { return ([], [:]) }
        let known = try known(steps, repository, store.root)
        var gone: Set<Path> = []
        for case .remove(let path) in steps { gone.insert(path) }
        var ways: [Path: Path?] = [:]
        var found: Set<Path> = []
        var contents: [Path: GitID?] = [:]
        let nows = Parallel.map(steps.map(\.path), width: steps.count < 16 ? 1 : 2) { path in
            Result { try Staged.contentID(path) }
        }
        for (step, now) in zip(steps, nows) {
            let path = step.path
            if let obstacle = try obstacle(above: path, store.root, gone, &ways) {
                found.insert(obstacle)
                continue
            }
            if try FileStatus(of: path, following: false)?.kind == .folder {
                found.formUnion(try others(in: path, than: gone))
                continue
            }
            let now = try now.get()
            contents.updateValue(now, forKey: path)
            if now == known[path] { continue }
            if let excused = leftBehind[path], excused.contains(now) { continue }
            switch step {
            case .write(_, let content, _) where now == GitID(ofFile: content): continue
            case .remove where now == nil: continue
            default: found.insert(path)
            }
        }
        return (found.sorted { $0.bytes.precedes($1.bytes) }, contents)
    }

    /// What the branch has at the paths of the steps.
    private func known(
        _ steps: [FileChange], _ repository: GitRepository, _ root: Path
    ) throws -> [Path: GitID] {
        guard let ours else { return [:] }
        var known: [Path: GitID] = [:]
        // Asking for each name reads the trees above it each time.
        if steps.count < 16 {
            for step in steps {
                guard let name = step.path.relative(to: root)?.bytes else { continue }
                known[step.path] = try repository.leaf(at: name, in: ours)?.id
            }
        } else {
            for (name, leaf) in try repository.leaves(in: ours) { known[root / name] = leaf.id }
        }
        return known
    }

    /// What stands where a folder on the way to a path should be and does not go away.
    private func obstacle(
        above path: Path, _ root: Path, _ gone: Set<Path>, _ ways: inout [Path: Path?]
    ) throws -> Path? {
        let folder = path.parent
        guard folder.components.count > root.components.count else { return nil }
        if let known = ways[folder] { return known }
        var result = try obstacle(above: folder, root, gone, &ways)
        if result == nil, !gone.contains(folder),
            let status = try FileStatus(of: folder, following: false), status.kind != .folder
        {
            result = folder
        }
        ways[folder] = .some(result)
        return result
    }

    /// The files below a folder that do not go away.
    private func others(in folder: Path, than gone: Set<Path>) throws -> [Path] {
        try Files.names(in: folder).flatMap { name -> [Path] in
            let path = folder / name.bytes
            if gone.contains(path) { return [] }
            guard try FileStatus(of: path, following: false)?.kind == .folder else { return [path] }
            return try others(in: path, than: gone)
        }
    }
}

extension FileChange {
    /// What git is told of a step of something that arrived.
    ///
    /// - Throws: a `Problem` when it lies outside of the store.
    func arriving(below root: Path) throws -> GitChange {
        guard let name = path.relative(to: root)?.bytes, !name.isEmpty else {
            throw Problem("\(path) lies outside of the store")
        }
        return switch self {
        case .write(_, let content, _): GitChange(name, .file(content, executable: false))
        case .link(_, let target): GitChange(name, .link(target))
        case .remove: GitChange(name, .nothing)
        case .move, .record: preconditionFailure("nothing arrives in this way")
        }
    }
}

/// Thrown when somebody else moved the branch while an arrival was worked out; nothing has moved.
struct BranchMoved: Error {}

/// Thrown when an arrival would write over what is only in the work tree; nothing has moved.
struct WouldTrample: Error {
    /// The files.
    let names: [Path]
}
