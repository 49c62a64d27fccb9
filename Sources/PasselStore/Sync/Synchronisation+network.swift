import PasselCore
import PasselGit

extension Synchronisation {
    /// Fetches what a remote has into its quarantine; nothing else moves.
    mutating func fetch(_ index: Int) {
        let partner = partners[index]
        do {
            let head = try transport.fetch(
                partner.remote, branch: branch, into: partner.quarantine)
            partners[index].head = head
            partners[index].isKnown = true
            partners[index].isWaiting = head != nil
        } catch {
            fail(index, error)
        }
    }

    /// Pushes our branch to every remote that lacks some of it and may get it; those that others
    /// pushed to meanwhile.
    ///
    /// A dry run only notes what would be pushed.
    mutating func push() throws -> [Int] {
        let head = request.isDryRun ? supposed.head : try repository.headID()
        guard request.pushes, let ours = head else { return [] }
        var outrun: [Int] = []
        for index in partners.indices
        where partners[index].policy.pushes && partners[index].isOpen {
            do {
                if try !push(ours, index) { outrun.append(index) }
            } catch {
                fail(index, error)
            }
        }
        return outrun
    }

    /// Whether the remote has our commit now.
    private mutating func push(_ ours: GitID, _ index: Int) throws -> Bool {
        let remote = partners[index].remote
        if !partners[index].isKnown {
            partners[index].head = try transport.head(of: remote, branch: branch)
            partners[index].isKnown = true
        }
        let before = partners[index].head
        guard before != ours else { return true }
        if let before, try !descends(ours, from: before) { return false }
        let count = try sent(ours, partners[index])
        // After any failure it is the remote's own word that decides.
        if !request.isDryRun,
            case .outrun = try transport.push(ours, to: remote, branch: branch)
        {
            return false
        }
        partners[index].report.sent += count
        try noteItems(sentTo: index, from: before, to: ours)
        guard !request.isDryRun else { return true }
        partners[index].head = ours
        try follow(index, ours)
        return true
    }

    /// Whether `commit` descends from `other`; a commit that is not here is nobody's ancestor.
    private func descends(_ commit: GitID, from other: GitID) throws -> Bool {
        guard (try? repository.historyCommit(other)) != nil else { return false }
        return try repository.isAncestor(other, of: commit)
    }

    /// Brings git's own memory of what a remote has up to date, and later ours of what was verified.
    mutating func follow(_ index: Int, _ head: GitID) throws {
        let partner = partners[index]
        verified[partner.remote.name] = head
        let reference = partner.trackingReference(branch)
        let known = try repository.reference(reference)
        if known != head {
            do {
                try repository.setReference(reference, to: head, from: known, log: "passel sync")
            } catch let problem as GitProblem where problem.isRace {
                // Another git fetched meanwhile: it is as right.
            }
        }
    }

    /// Remembers up to where each remote is verified.
    mutating func saveVerified() throws {
        defer { verified = [:] }
        guard let known = try store.verifiedHeads(),
            verified.contains(where: { known.head(of: $0.key) != $0.value })
        else { return }
        try store.exclusively {
            guard var heads = try store.verifiedHeads() else { return }
            for (remote, head) in verified { heads.set(head, of: remote) }
            try heads.save()
        }
    }

    /// How many commits a remote lacks.
    func sent(_ ours: GitID, _ partner: Partner) throws -> Int {
        let known = try known(partner)
        return try repository.commits(from: [ours], notIn: known).count
    }

    /// The commits that a remote is known to have.
    private func known(_ partner: Partner) throws -> [GitID] {
        // A head that was never fetched tells nothing.
        partner.head.flatMap { (try? repository.historyCommit($0)) == nil ? nil : [$0] } ?? []
    }

    mutating func fail(_ index: Int, _ error: any Error) {
        let problem =
            Problem(ofRemote: error)
            ?? Problem("this is a bug in passel: \(String(describing: type(of: error)))")
        partners[index].fail(problem)
    }
}
