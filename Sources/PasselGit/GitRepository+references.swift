import CGit2
import PasselCore
import PasselPosix

extension GitRepository {
    /// The commits that references lead to, through tags where need be, and the names of those that
    /// lead to none.
    func tips(of range: HistoryRange) throws -> (commits: [GitID], skipped: [Text]) {
        if case .head = range { return (try headID().map { [$0] } ?? [], []) }
        var (commits, skipped): ([GitID], [Text]) = ([], [])
        for name in try ["HEAD"] + referenceNames() {
            do {
                guard let id = try target(of: name) else { continue }
                guard let commit = try commit(behind: id) else {
                    skipped.append(Text(name.bytes))
                    continue
                }
                commits.append(commit)
            } catch {
                skipped.append(Text(name.bytes))
            }
        }
        return (commits, skipped)
    }

    private func referenceNames() throws -> [Path] {
        var iterator: OpaquePointer?
        try check("list the references", git_reference_iterator_new(&iterator, pointer))
        defer { git_reference_iterator_free(iterator) }
        var names: [Path] = []
        var name: UnsafePointer<CChar>?
        while true {
            let code = git_reference_next_name(&name, iterator)
            if code == GIT_ITEROVER.rawValue { return names }
            try check("list the references", code)
            if let name { names.append(Path(Array(cString: name))) }
        }
    }

    /// What a reference leads to; nothing for a branch without commits.
    func target(of reference: Path) throws -> GitID? {
        var oid = git_oid()
        let code = reference.withCString { git_reference_name_to_id(&oid, pointer, $0) }
        if code == GIT_ENOTFOUND.rawValue || code == GIT_EUNBORNBRANCH.rawValue { return nil }
        try check("read \(reference.repaired)", code)
        return GitID(oid)
    }

    /// The commit itself, or the one that a tag names; nothing for a file or a folder.
    func commit(behind id: GitID) throws -> GitID? {
        let objects = try objects()
        var id = id
        while true {
            switch try objects.kind(of: id) {
            case GIT_OBJECT_COMMIT: return id
            case GIT_OBJECT_TAG:
                // Its first line is `object` and an id.
                let line = try objects.content(of: id, GIT_OBJECT_TAG).prefix { $0 != .newline }
                guard let next = GitID(hex: line.dropFirst("object ".utf8.count)) else {
                    return nil
                }
                id = next
            default: return nil
            }
        }
    }

    /// The commits before which a shallow clone knows nothing; none in a full one.
    func shallowCommits() throws -> Set<GitID> {
        let lines = try Files.readIfPresent(commonFolder / "shallow") ?? []
        return Set(lines.split(separator: .newline).compactMap { GitID(hex: $0) })
    }

    /// Whether the clone was made without its older commits (`git clone --depth`).
    public func isShallow() throws -> Bool { try !shallowCommits().isEmpty }
}
