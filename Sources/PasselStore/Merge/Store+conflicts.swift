public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// Every version that is kept beside its entry, sorted by name, with who made either and, if
    /// wanted, what is different between the two.
    ///
    /// `name` may be an entry or a kept version of it; empty for all.
    ///
    /// - Throws: a `Problem` when there is none of that name.
    public func conflicts(of name: Path = "", comparing: Bool = true) throws -> [Conflict] {
        let names = try Reencryption.files(below: root).map { Path(entryName($0).bytes) }
        var found = names.compactMap { kept -> Conflict? in
            guard let (original, _) = ConflictName.parse(kept) else { return nil }
            return Conflict(
                name: original, kept: kept, isStanding: FileStatus.isFile(file(original)))
        }
        if !name.isEmpty {
            found.removeAll { $0.name != name && $0.kept != name }
            guard !found.isEmpty else {
                throw Problem(
                    "there is no other version of \(name)",
                    hints: ["see which entries have one: passel conflicts"])
            }
        }
        let repository = try repository(around: root)
        for index in found.indices {
            if let repository { try tellAuthors(of: &found[index], in: repository) }
            if comparing { compare(&found[index]) }
        }
        return found
    }

    private func tellAuthors(
        of conflict: inout Conflict, in repository: GitRepository
    ) throws {
        guard let kept = try Files.readIfPresent(file(conflict.kept)) else { return }
        let id = GitID(ofFile: kept)
        let now = try Files.readIfPresent(file(conflict.name)).map { GitID(ofFile: $0) }
        let revisions =
            try repository.name(of: file(conflict.name)).map {
                try repository.revisions(of: $0)
            } ?? []
        // The merge that kept one of them made neither.
        let own = revisions.filter { $0.leaf != nil && $0.leaf?.id != id }
        let standing =
            own.first { $0.leaf?.id == now && $0.commit.parents.count < 2 }
            ?? own.first { $0.commit.parents.count < 2 } ?? own.first
        if conflict.isStanding { conflict.standing = standing.map { Conflict.Author($0.commit) } }
        var other = revisions.last { $0.leaf?.id == id }
        if other == nil, let name = repository.name(of: file(conflict.kept)) {
            other = try repository.revisions(of: name).last { $0.leaf?.id == id }
        }
        conflict.other = other.map { Conflict.Author($0.commit) }
    }

    private func compare(_ conflict: inout Conflict) {
        do {
            let other = try read(file(conflict.kept), name: Text(conflict.kept.bytes))
            let now =
                conflict.isStanding
                ? try read(file(conflict.name), name: Text(conflict.name.bytes)) : nil
            var seen: Set<EntryPart> = []
            conflict.parts = EntryDifference(from: now, to: other).changes.map(\.part)
                .filter { seen.insert($0).inserted }
        } catch let problem as Problem {
            conflict.obstacle = problem
        } catch {
            conflict.obstacle = Problem("one of the two cannot be read")
        }
    }
}

extension Conflict.Author {
    init(_ commit: HistoryCommit) {
        self.init(
            name: "\(commit.author.name) <\(commit.author.mail)>", time: commit.author.time,
            commit: commit.id)
    }
}
