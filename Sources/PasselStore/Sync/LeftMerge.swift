import PasselCore
import PasselGit
import PasselPosix

/// A merge that plain git began in the store and did not end.
struct LeftMerge {
    /// What it was to merge and our branch does not have.
    let heads: [GitID]
    private let repository: GitRepository
    private let store: Store

    /// What git left, if anything.
    ///
    /// - Throws: a `Problem` when there is something to merge and nobody wants it ended.
    static func found(
        _ repository: GitRepository, _ store: Store, _ request: SyncRequest
    ) throws -> LeftMerge? {
        guard case .merge(let heads) = repository.operation() else { return nil }
        let ours = try repository.headID()
        // What is merged already needs only git's note of it taken away.
        let open = try heads.filter { head in
            guard let ours else { return true }
            return try ours != head && !repository.isAncestor(head, of: ours)
        }
        guard open.isEmpty || request.finishesMerge || request.mayFinishMerge() else {
            throw Problem(
                "git began a merge here and did not end it",
                hints: [
                    "end it, entry by entry: passel sync --finish",
                    "or give it up: passel git merge --abort",
                ])
        }
        return LeftMerge(heads: open, repository: repository, store: store)
    }

    /// What the merge is called: the remote that has the head, else the commit.
    func label(_ partners: [Partner], _ branch: String, _ repository: GitRepository) -> Text {
        for partner in partners {
            // A reference that cannot be read names nobody.
            let known = try? repository.reference(partner.trackingReference(branch))
            if let known, heads.contains(known) { return partner.remote.name }
        }
        return heads.first.map { Text($0.hex.prefix(8).utf8) } ?? "what git left"
    }

    /// What git itself did to the work tree, and the steps that undo it where nothing is merged.
    func cleaning(
        _ steps: [FileChange], ours: GitID?, theirs: GitID
    ) throws -> (left: [Path: Set<GitID?>], steps: [FileChange]) {
        guard let ours else { return ([:], []) }
        let stepped = Set(steps.map(\.path))
        var left: [Path: Set<GitID?>] = [:]
        var more: [FileChange] = []
        for change in try repository.changes(from: ours, to: theirs) {
            let path = store.root / change.name
            var doings: Set<GitID?> = [change.new?.id]
            let now = try Staged.contentID(path)
            if try hasMarkers(path) { doings.insert(now) }
            left[path] = doings
            guard !stepped.contains(path), now != change.old?.id, doings.contains(now) else {
                continue
            }
            if let old = change.old {
                more.append(.write(path, try repository.content(of: old.id), mode: .kept))
            } else {
                more.append(.remove(path))
            }
        }
        return (left, more)
    }

    /// Whether git wrote both versions of a text into the file.
    private func hasMarkers(_ path: Path) throws -> Bool {
        guard try FileStatus(of: path, following: false)?.kind == .file else { return false }
        let content = try Files.read(path)
        let lines = content.split(separator: .newline)
        return lines.contains { $0.starts(with: "<<<<<<< ".utf8) }
            && lines.contains { $0.starts(with: ">>>>>>> ".utf8) }
    }

    /// Takes git's note away.
    func forget() throws { try repository.forgetOperation() }
}

extension Synchronisation {
    /// Looks at what git was merging as at anything that comes from elsewhere.
    mutating func gateLeft() throws {
        guard let left else { return }
        let label = left.label(partners, branch, repository)
        for head in left.heads {
            let found = try Gate(store: store, repository: repository)
                .inspect(
                    head, from: label, ours: try repository.headID(), acceptsRewrite: true)
            guard found.isRefused else { continue }
            let reasons = found.refusals.prefix(3).joined(separator: "; ")
            throw Problem(
                "what git was merging is refused: \(reasons)",
                hints: ["give it up: passel git merge --abort"])
        }
    }
}
