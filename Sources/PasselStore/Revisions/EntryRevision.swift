public import PasselCore
public import PasselGit

/// A commit that changed an entry.
public struct EntryRevision: Sendable {
    /// The commit.
    public let commit: HistoryCommit
    /// What the entry was called there.
    public let name: Path
    /// The file's content; nothing where the commit removed it.
    let content: GitID?
}

/// What an entry was at some time, still encrypted.
public struct EntryVersion: Sendable {
    /// The commit that it is looked at in.
    public let commit: HistoryCommit
    /// What the entry was called there.
    public let name: Path
    let ciphertext: [UInt8]
}

extension Store {
    /// The commits that changed an entry, newest first, also those under names that it had before.
    ///
    /// That it had another name is known from the subject of a commit, as pass writes it, and from
    /// an unchanged file under a new name.
    public func revisions(of entry: Path) throws -> [EntryRevision] {
        let history = try KeptHistory(around: file(entry).parent, in: self)
        var name = try history.file(of: entry)
        var tip: GitID?
        var result: [EntryRevision] = []
        // A name comes back only in older commits, but a damaged history may have loops of names.
        for _ in 0..<1000 {
            let found = try history.repository.revisions(of: name, from: tip)
            let spelled = history.place.name(of: name).flatMap(RepositoryPlace.entry) ?? name
            var source: (name: [UInt8], commit: GitID)?
            for (index, revision) in found.enumerated() {
                let content = revision.leaf.flatMap { $0.isFile ? $0.id : nil }
                result.append(
                    EntryRevision(commit: revision.commit, name: Path(spelled), content: content))
                let isFirst = index + 1 == found.count || found[index + 1].leaf == nil
                guard content != nil, isFirst else { continue }
                source = try history.source(of: spelled, in: revision.commit)
                if source != nil { break }
            }
            guard let source, let old = history.place.path(of: source.name + Self.suffix) else {
                break
            }
            (name, tip) = (old, source.commit)
        }
        return result
    }

    private static let suffix = Array(EntryName.suffix.utf8)

    /// What an entry was at a revision that a person names.
    ///
    /// - Throws: a `Problem` when there is no such revision, or no such entry in it.
    public func version(of entry: Path, at revision: Text) throws -> EntryVersion {
        let history = try KeptHistory(around: file(entry).parent, in: self)
        let commit = try history.commit(revision)
        if let leaf = try history.repository.leaf(at: history.file(of: entry), in: commit.id) {
            return try history.version(commit, entry, leaf)
        }
        // Under the name that it had then: what was last done to it up to then says which.
        let last = try revisions(of: entry).first {
            try history.repository.isAncestor($0.commit.id, of: commit.id)
        }
        if let last, last.content != nil, last.name != entry,
            let name = history.place.path(of: last.name.bytes + Self.suffix),
            let leaf = try history.repository.leaf(at: name, in: commit.id)
        {
            return try history.version(commit, last.name, leaf)
        }
        throw Problem(
            "\(entry) was not in the store at \(revision)", hints: ["passel log \(entry)"])
    }

    /// What an entry was after a commit that changed it; nothing after its removal.
    public func version(_ revision: EntryRevision) throws -> EntryVersion? {
        guard let content = revision.content else { return nil }
        let history = try KeptHistory(around: file(revision.name).parent, in: self)
        return EntryVersion(
            commit: revision.commit, name: revision.name,
            ciphertext: try history.repository.content(of: content, limit: 64 << 20))
    }

    /// The plaintext of a version.
    ///
    /// - Throws: a `Problem` where nobody vouches for it and that is asked for.
    public func read(_ version: EntryVersion) throws -> Secret {
        try refuseUnverified(
            file(version.name), content: version.ciphertext, at: version.commit.id)
        return try cipher.decrypt(
            version.ciphertext, name: "\(version.name) at \(version.commit.id.short)")
    }
}

extension KeptHistory {
    fileprivate func version(
        _ commit: HistoryCommit, _ entry: Path, _ leaf: GitLeaf
    ) throws -> EntryVersion {
        guard leaf.isFile else {
            throw Problem("\(entry) was a link at \(commit.id.short), and no entry itself")
        }
        return EntryVersion(
            commit: commit, name: entry,
            ciphertext: try repository.content(of: leaf.id, limit: 64 << 20))
    }

    /// What was moved or copied to a name by a commit, and the commit before.
    fileprivate func source(
        of name: [UInt8], in commit: HistoryCommit
    ) throws -> (name: [UInt8], commit: GitID)? {
        guard let parent = commit.parents.first, let moves = try moves(of: commit) else {
            return nil
        }
        let sources = moves.destinations.filter { source, destinations in
            source != name && destinations.contains { $0.name == name && $0.guess == nil }
        }
        return sources.keys.min { $0.precedes($1) }.map { ($0, parent) }
    }
}
