public import PasselCore
public import PasselGit
import PasselPosix

/// What every head from a remote passes before anything of it is merged or checked out.
///
/// Only objects of git are read, each looked at before it is unpacked; whatever they are, the answer
/// is a report. What our own commit already has the same way under the same name is not judged.
public struct Gate {
    private let store: Store
    private let repository: GitRepository
    private let requiresSigned: Bool

    /// The most commits that may come at once: more than a century of one every hour would need.
    static let commitLimit = 200_000
    /// The most bytes of memory: an entry of the largest size, what it is made of, and a copy.
    private static let memory = 192 << 20
    /// The most names that their changes may have, all together.
    private static let changeLimit = 1_000_000
    /// The most violations that are told; each alone refuses the head.
    private static let violationLimit = 100

    /// The gate of a store whose history is in `repository`; as `passel.require-signed` says, unless
    /// told otherwise.
    public init(store: Store, repository: GitRepository, requiresSigned: Bool? = nil) throws {
        self.store = store
        self.repository = repository
        self.requiresSigned =
            try requiresSigned ?? store.settings.configuration.requiresSigned
    }

    /// Looks at a head that was fetched from `remote` and has touched nothing yet.
    ///
    /// - Parameters:
    ///   - ours: our branch's head; nothing before there is one.
    ///   - acceptsRewrite: whether the user wants the history even if it is not the one that was
    ///     verified before.
    /// - Throws: a `Problem` when the state folder or gpg fails; `GitProblem` for our own objects.
    public func inspect(
        _ incoming: GitID, from remote: Text, ours: GitID?, acceptsRewrite: Bool = false
    ) throws -> GateReport {
        var report = GateReport(
            remote: remote, incoming: incoming, requiresSigned: requiresSigned,
            acceptsRewrite: acceptsRewrite)
        let heads = try store.verifiedHeads()
        let verified = heads?.head(of: remote)
        guard incoming != verified else { return report }
        try MemoryBudget.bounded(to: Self.memory) {
            do {
                try inspect(ours, heads?.all ?? [], verified, &report)
            } catch let flaw as ForeignCommits.Flaw {
                report.add(flaw)
            }
        }
        return report
    }

    private func inspect(
        _ ours: GitID?, _ verified: [GitID], _ last: GitID?, _ report: inout GateReport
    ) throws {
        let incoming = report.incoming
        let objects = try ForeignObjects(repository)
        let known = try verified.filter { try isThere($0, objects) }
        if let last {
            let walk = try ForeignCommits(
                from: incoming, notIn: known.contains(last) ? [last] : [], repository,
                limit: Self.commitLimit)
            if !known.contains(last) || !walk.missing.isEmpty {
                report.rewritten = GateReport.Rewrite(
                    known: last,
                    changed: try changed(
                        known.contains(last) ? last : ours, incoming, objects))
            }
        }
        guard let ours else {
            try inspectTree(against: [], objects, &report)
            guard known.isEmpty else { return try inspectCommits(known, objects, &report) }
            return try inspectFirst(objects, &report)
        }
        let base = try ForeignCommits(
            from: incoming, notIn: [ours], repository, limit: Self.commitLimit
        ).base
        // What a plain git has merged already is still asked who vouches for it.
        guard base != incoming else {
            guard !known.isEmpty else { return }
            return try inspectCommits(known, objects, &report)
        }
        // What both had, and we removed, is not theirs to answer for.
        try inspectTree(
            against: [ours] + (base == ours ? [] : [base].compactMap(\.self)), objects, &report)
        // What the walk over the folders could not read is not looked at again.
        if !report.violations.contains(where: { [.object, .count, .size].contains($0.rule) }),
            let accepted = try store.storedPins?.load(settling: false)?.roster
        {
            let policy = RosterPolicy(
                repository: repository, objects: objects, accepted: accepted)
            report.add(try policy.judge(incoming, ours: ours, base: base))
        }
        try inspectCommits([ours] + known, objects, &report)
    }

    private func isThere(_ id: GitID, _ objects: ForeignObjects) throws -> Bool {
        do throws(ForeignObjects.Flaw) {
            _ = try objects.size(of: id, .commit)
            return true
        } catch {
            return false
        }
    }

    private func tree(
        _ commit: GitID, _ objects: ForeignObjects
    ) throws(ForeignCommits.Flaw) -> GitID {
        try ForeignCommits.tree(of: commit, objects)
    }

    /// The names that differ between two commits.
    private func changed(
        _ old: GitID?, _ new: GitID, _ objects: ForeignObjects
    ) throws -> [Path] {
        var trees = ForeignTrees(objects)
        var names: [Path] = []
        try trees.walk(
            try tree(new, objects), against: try old.map { try tree($0, objects) }
        ) { finding in
            if let name = finding.changedName { names.append(Path(name)) }
        }
        return names
    }

    // MARK: The head itself

    private func inspectTree(
        against known: [GitID], _ objects: ForeignObjects, _ report: inout GateReport
    ) throws {
        var policy = TreePolicy(objects: objects, commit: nil)
        var trees = ForeignTrees(objects)
        let found = try trees.findings(
            in: tree(report.incoming, objects), unlike: known.map { try tree($0, objects) })
        for finding in found {
            report.add(try policy.judge(finding), limit: Self.violationLimit)
        }
    }

    // MARK: The commits

    /// What was there when the store was first seen is where trust begins; only the newest commit is
    /// asked who vouches for it, by the team that it names itself.
    private func inspectFirst(_ objects: ForeignObjects, _ report: inout GateReport) throws {
        report.isFirst = true
        guard report.violations.isEmpty else { return }
        let incoming = report.incoming
        var trust = CommitTrust.unsigned
        var hasRoster = false
        do {
            let team = try OfferedTeam(of: incoming, repository, objects)
            let commit = try objects.commit(incoming, limit: ForeignCommits.sizeLimit)
            hasRoster = team.roster != nil
            if commit.signature != nil || hasRoster {
                trust = try Writers(store, namedBy: team).trust(commit)
            }
        } catch let problem as Problem {
            // Without a roster nobody claims that these are the right people.
            guard hasRoster || requiresSigned else { return }
            return report.add(
                .init(name: "", rule: .roster, text: problem.message, commit: nil))
        } catch let flaw as ForeignObjects.Flaw {
            return report.add(.init(name: "", rule: .object, text: flaw.description, commit: nil))
        }
        report.commits = [(try repository.historyCommit(incoming), trust)]
        if requiresSigned, !trust.isGood {
            report.add(
                .init(
                    name: "", rule: .unsigned,
                    text: "the newest commit: \(trust.description)", commit: nil))
        }
    }

    private func inspectCommits(
        _ known: [GitID], _ objects: ForeignObjects, _ report: inout GateReport
    ) throws {
        let new = try ForeignCommits(
            from: report.incoming, notIn: known, repository, limit: Self.commitLimit
        ).commits
        guard !new.isEmpty else { return }
        let writers = WritersOnDemand(store)
        let trust = try store.trust(of: new.map(\.id), in: repository, by: writers)
        var trees = ForeignTrees(objects, nameLimit: Self.changeLimit)
        var unverified: Set<[UInt8]> = []
        for commit in new {
            let worth = trust[commit.id] ?? .unsigned
            var policy = TreePolicy(
                objects: objects, commit: commit.id == report.incoming ? nil : commit.id)
            // What a commit itself brings is what it has otherwise than all of its parents.
            let findings = try trees.findings(
                in: commit.tree, unlike: commit.parents.map { try tree($0, objects) })
            // The head itself has been judged against ours.
            if commit.id != report.incoming {
                for finding in findings {
                    report.add(try policy.judge(finding), limit: Self.violationLimit)
                }
            }
            var own = findings.compactMap(\.changedName)
            if !worth.isGood, commit.parents.count > 1 {
                own += try dropped(by: commit, objects)
            }
            try judge(commit, worth, own, writers, &unverified, &report)
            let described = try repository.historyCommit(commit.id)
            report.commits.append((described, worth))
        }
        report.unverified = unverified.sorted { $0.precedes($1) }.map { Path($0) }
    }

    /// What one side had changed before a merge, and the merge does not have.
    private func dropped(
        by commit: ForeignCommits.Commit, _ objects: ForeignObjects
    ) throws -> [[UInt8]] {
        guard commit.parents.count == 2,
            let base = try ForeignCommits(
                from: commit.parents[0], notIn: [commit.parents[1]], repository,
                limit: Self.commitLimit
            ).base
        else { return [] }
        func names(_ old: GitID, _ new: GitID) throws -> Set<[UInt8]> {
            var trees = ForeignTrees(objects)
            var names: Set<[UInt8]> = []
            try trees.walk(new, against: old) { finding in
                if let name = finding.changedName { names.insert(name) }
            }
            return names
        }
        let old = try tree(base, objects)
        return try commit.parents.flatMap { parent in
            let side = try tree(parent, objects)
            return try names(old, side).intersection(names(side, commit.tree))
        }
    }

    private func judge(
        _ commit: ForeignCommits.Commit, _ trust: CommitTrust, _ changed: [[UInt8]],
        _ writers: WritersOnDemand, _ unverified: inout Set<[UInt8]>, _ report: inout GateReport
    ) throws {
        guard case .good(let signer) = trust else {
            // Who asks to join is not of the team yet; the request is signed in itself.
            let asks = commit.parents.count == 1 && !changed.isEmpty
            guard !asks || !changed.allSatisfy(Self.isRequest) else { return }
            for name in changed { unverified.insert(name) }
            if requiresSigned {
                report.add(
                    .init(name: "", rule: .unsigned, text: trust.description, commit: commit.id),
                    limit: Self.violationLimit)
            }
            return
        }
        let writers = try writers.get()
        for name in changed where !writers.mayWrite(signer, name) {
            unverified.insert(name)
            guard requiresSigned else { continue }
            report.add(
                .init(
                    name: Path(name), rule: .writer,
                    text: "\(signer.hex) may not write there", commit: commit.id),
                limit: Self.violationLimit)
        }
    }

    private static func isRequest(_ name: [UInt8]) -> Bool {
        name.starts(with: ".passel/requests/".utf8) || name.starts(with: ".public-keys/".utf8)
    }
}

extension GateReport {
    mutating func add(_ violation: Violation?, limit: Int = .max) {
        guard let violation, violations.count < limit else { return }
        violations.append(violation)
    }

    mutating func add(_ flaw: ForeignCommits.Flaw) {
        switch flaw {
        case .object(let id, let why):
            add(
                Violation(
                    name: "", rule: .object, text: "a commit cannot be read: \(why.description)",
                    commit: id == incoming ? nil : id))
        case .tooMany(let limit):
            add(
                Violation(
                    name: "", rule: .count, text: "it brings more than \(limit) commits",
                    commit: nil))
        }
    }
}
