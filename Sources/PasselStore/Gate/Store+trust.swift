import PasselCore
public import PasselGit
import PasselPosix

extension Store {
    /// What the signature of each commit is worth, by the team that this machine has acknowledged.
    ///
    /// Verified once and remembered.
    public func trust(of commits: [HistoryCommit]) throws -> [GitID: CommitTrust] {
        guard let repository = try repository(around: root) else { return [:] }
        return try trust(of: commits.map(\.id), in: repository)
    }

    /// As above, by the commits' ids, for who asks the same writers more.
    ///
    /// - Throws: a `Problem` when gpg cannot be asked; `GitProblem` for a commit that is not there.
    func trust(
        of commits: [GitID], in repository: GitRepository, by demanded: WritersOnDemand? = nil
    ) throws -> [GitID: CommitTrust] {
        let objects = try ForeignObjects(repository)
        var found: [GitID: CommitTrust] = [:]
        var signed: [(id: GitID, commit: CommitObject)] = []
        for id in commits {
            guard let commit = try? objects.commit(id, limit: ForeignCommits.sizeLimit) else {
                // What cannot be read cannot be vouched for.
                found[id] = .bad
                continue
            }
            switch commit.signature {
            case nil: found[id] = .unsigned
            case .foreign: found[id] = .foreign
            case .damaged: found[id] = .bad
            case .openPGP: signed.append((id, commit))
            }
        }
        guard !signed.isEmpty else { return found }
        let writers = try demanded?.get() ?? Writers(self)
        var cache = try TrustCache(storedPins?.folder, keys: writers.digest)
        let unknown = signed.filter { cache[$0.id] == nil }
        let counter = unknown.count > 8 ? observer.progress?(unknown.count) : nil
        for step in stride(from: 0, to: unknown.count, by: 64) {
            let part = Array(unknown[step..<min(step + 64, unknown.count)])
            let results = Parallel.map(part, width: 4) { item in
                Result { try writers.trust(item.commit) }
            }
            for (item, result) in zip(part, results) { cache.add(try result.get(), of: item.id) }
            counter?.advance(by: part.count)
        }
        counter?.end()
        try cache.save()
        for item in signed { found[item.id] = cache[item.id] }
        return found
    }
}
