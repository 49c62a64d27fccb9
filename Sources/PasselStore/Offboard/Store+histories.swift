import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// The history of every repository that holds entries: of the one in or around the store's top,
    /// and of those in its folders; the deepest first.
    ///
    /// Warns of what could not be seen.
    ///
    /// - Throws: `GitProblem` for a repository that cannot be read.
    func histories() throws -> [EntryHistory] {
        guard let top = Files.resolved(root) else { throw NotInitialised() }
        var workTrees: [Path] = []
        if let around = try GitRepository.workTree(enclosing: top, store: root) {
            workTrees.append(around)
        }
        try collectRepositories(in: top, &workTrees)
        let places = workTrees.compactMap { workTree in
            RepositoryPlace(workTree, root: top).map { (workTree, $0) }
        }
        return try places.sorted { $0.1.depth > $1.1.depth }.compactMap { workTree, place in
            guard let repository = try repository(around: workTree) else { return nil }
            let history = try EntryHistory(repository, place)
            warn(of: history.extent, workTree)
            return history
        }
    }

    private func collectRepositories(in folder: Path, _ found: inout [Path]) throws {
        for name in try Files.names(in: folder) where !name.bytes.elementsEqual(".git".utf8) {
            let path = folder / name.bytes
            let kind = try name.kind ?? FileStatus(of: path, following: false)?.kind
            guard kind == .folder else { continue }
            if try GitRepository.workTree(enclosing: path, store: root) == path {
                found.append(path)
            }
            try collectRepositories(in: path, &found)
        }
    }

    private func warn(of extent: HistoryExtent, _ workTree: Path) {
        if extent.isShallow {
            observer.warned(
                Problem(
                    "\(workTree) is a shallow clone: what was there before its first commit is not listed",
                    hints: ["fetch all of it: passel git fetch --unshallow"]))
        }
        for reference in extent.skipped {
            observer.warned(
                Problem(
                    "\(workTree): \(reference) leads to no commit; what it may have held is not listed",
                    hints: ["see what it is: passel git show \(reference)"]))
        }
    }
}
