import PasselCore
import PasselGit
import PasselPosix

/// Finishes or forgets what a killed change left behind.
///
/// Only for who holds the store's lock.
struct Recovery {
    let store: Store

    /// Reads the journal, finishes the change if any of its branches moved (or it needed none), and
    /// removes all traces.
    ///
    /// A file that somebody changed in between stays as it is.
    func run() throws {
        let home = try store.changeFolder()
        if let journal = try Journal.read(in: home) {
            if try isDecided(journal) {
                try finish(journal)
                store.forgetWork(after: journal.steps.map(\.path))
            }
            for step in journal.steps {
                if case .place(let temporary) = step.kind { Scratch.remove(temporary) }
            }
            try DurableFile.remove(home / Journal.name)
            for folder in Set(journal.steps.map(\.path.parent)) { Scratch.clear(folder) }
        }
        if Scratch.clear(home) { clearObjects() }
        guard let state = store.storedPins?.folder else { return }
        for folder in [state, PrivateKeyring.keys(state)] { Scratch.clear(folder.path) }
    }

    /// What libgit2 was writing when it was killed.
    private func clearObjects() {
        // A repository that cannot be opened is told of by the change that follows.
        guard let repository = try? store.repository(around: store.root) else { return }
        let objects = repository.gitFolder / "objects"
        let folders = (try? Files.names(in: objects)) ?? []
        for folder in [objects]
            + folders.filter({ $0.bytes.count == 2 }).map({ objects / $0.bytes })
        {
            Scratch.clear(folder, named: "tmp_object_git2_")
        }
    }

    private func isDecided(_ journal: Journal) throws -> Bool {
        guard let first = journal.commits.first else { return true }
        return try repository(first.workTree)?.contains(first.id) ?? false
    }

    private func repository(_ workTree: Path) throws -> GitRepository? {
        try GitRepository.enclosing(
            workTree, store: workTree, environment: store.settings.environment)
    }

    private func finish(_ journal: Journal) throws {
        for step in journal.steps { try finish(step) }
        for folder in Set(journal.steps.map(\.path.parent)) where FileStatus.isFolder(folder) {
            try DurableFile.flush(folder)
        }
        for commit in journal.commits {
            do {
                try finish(commit)
            } catch let problem as GitProblem {
                // A second repository that went on without us keeps its own way.
                store.observer.warned(problem.problem)
            }
        }
    }

    /// Makes the folders above a path, and takes away an empty one in its place; whether a file can
    /// be put there now, for what others put there meanwhile stays.
    private func makeRoom(for path: Path) throws -> Bool {
        guard try makeFolders(path.parent) else { return false }
        guard try FileStatus(of: path, following: false)?.kind == .folder else { return true }
        return try DurableFile.removeFolder(path)
    }

    private func makeFolders(_ folder: Path) throws -> Bool {
        if let status = try FileStatus(of: folder) { return status.kind == .folder }
        guard try makeFolders(folder.parent) else { return false }
        _ = try DurableFile.makeFolder(folder)
        return FileStatus.isFolder(folder)
    }

    private func finish(_ commit: Journal.Commit) throws {
        guard let repository = try repository(commit.workTree) else { return }
        if try !repository.contains(commit.id) {
            try repository.publish(commit.id, after: commit.parent)
        }
        try repository.stage(pathsOf: commit.id, parent: commit.parent)
    }

    private func finish(_ step: Journal.Step) throws {
        let untouched = try Staged.contentID(step.path) == step.before
        switch step.kind {
        case .place(let temporary):
            guard untouched, try FileStatus(of: temporary, following: false) != nil else { return }
            guard try makeRoom(for: step.path) else { return }
            try DurableFile.move(temporary, to: step.path)
        case .remove(let withFolders):
            if untouched, step.before != nil { try DurableFile.remove(step.path) }
            if withFolders, try FileStatus(of: step.path, following: false) == nil {
                try store.prune(step.path.parent)
            }
        case .move(let from):
            guard untouched, try FileStatus(of: from, following: false) != nil else { return }
            try DurableFile.move(from, to: step.path)
        case .link(let target):
            guard untouched else { return }
            if step.before != nil { try DurableFile.remove(step.path) }
            try DurableFile.symlink(target, at: step.path)
        }
    }
}
