import PasselCore
import PasselGit
import PasselPosix

extension Synchronisation {
    /// Looks at what a remote has before anything of it is taken.
    mutating func gate(_ index: Int) throws {
        guard let head = partners[index].head, partners[index].isOpen else { return }
        let name = partners[index].remote.name
        let ours = try repository.headID()
        let isAccepted = request.acceptedRewrites.contains(name)
        let found: GateReport
        do {
            found = try Gate(store: store, repository: repository)
                .inspect(head, from: name, ours: ours, acceptsRewrite: isAccepted)
        } catch {
            partners[index].isWaiting = false
            return fail(index, error)
        }
        partners[index].report.gate = found
        guard !found.isRefused else {
            partners[index].isWaiting = false
            partners[index].report.state = .refused
            partners[index].report.problem = Self.refusal(found, name)
            return
        }
        let count = try repository.commits(from: [head], notIn: ours.map { [$0] } ?? []).count
        partners[index].report.received = partners[index].merged + count
    }

    private static func refusal(_ found: GateReport, _ name: Text) -> Problem {
        guard found.rewritten != nil, !found.acceptsRewrite else {
            return Problem(
                "what it has is refused", hints: ["ask whoever pushed to \(name) about it"])
        }
        return Problem(
            "what it has is refused: its history was rewritten, or older commits were put back",
            hints: [
                "ask who did it, and why",
                "take it all the same: passel sync --accept-rewrite \(ShellWord.text(name.bytes))",
            ])
    }

    /// Merges what was fetched and let through, and heals what is not for whom it should be.
    ///
    /// - Throws: `BranchMoved` when plain git moved the branch meanwhile; a `Problem` when files
    ///   would be lost. What was merged before that stays merged.
    mutating func merge() throws {
        guard !request.isDryRun else { return try predict() }
        let before = try repository.headID()
        try mergeAlone()
        for index in partners.indices where partners[index].isOpen && partners[index].isKnown {
            guard let head = partners[index].head else { continue }
            try follow(index, head)
        }
        if try repository.headID() != before || isHealingDue() { try heal() }
    }

    /// The part of it for which nobody else may write.
    private mutating func mergeAlone() throws {
        guard left != nil || partners.contains(where: \.isWaiting) else { return }
        var (partners, report, left) = (self.partners, self.report, self.left)
        var keysAhead: KeysAhead?
        defer {
            (self.partners, self.report, self.left) = (partners, report, left)
            self.keysAhead = keysAhead
        }
        try store.exclusively {
            if let merge = left {
                let label = merge.label(partners, branch, repository)
                try take(merge.heads, label: label, merge, &report, &keysAhead)
                try merge.forget()
                left = nil
            }
            for index in partners.indices where partners[index].isWaiting {
                guard let head = partners[index].head else { continue }
                try take([head], label: partners[index].remote.name, nil, &report, &keysAhead)
                partners[index].isWaiting = false
                partners[index].merged = partners[index].report.received
            }
        }
    }

    /// Takes commits of others into the branch, as one merge each or by moving on to them.
    private func take(
        _ heads: [GitID], label: Text, _ left: LeftMerge?, _ report: inout SyncReport,
        _ keysAhead: inout KeysAhead?
    ) throws {
        for head in heads {
            let ours = try repository.headID()
            if let ours, try ours == head || repository.isAncestor(head, of: ours) { continue }
            let taken = try Taking(sync: self, label: label, ours: ours, theirs: head)
            if request.isInBackground, taken.needsPerson {
                throw Problem(
                    "what \(label) has needs you to be merged", hints: ["passel sync"])
            }
            keysAhead = try KeysAhead(store)
            try taken.perform(left)
            taken.note(in: &report)
        }
    }

    /// As `merge`, but nothing moves: what would come of it are objects that nothing leads to.
    private mutating func predict() throws {
        let before = try repository.headID()
        supposed = (before, [])
        var waiting =
            left.map { merge in
                merge.heads.map { ($0, merge.label(partners, branch, repository)) }
            } ?? []
        for partner in partners where partner.isWaiting {
            if let head = partner.head { waiting.append((head, partner.remote.name)) }
        }
        for (number, (head, label)) in waiting.enumerated() {
            if let ours = supposed.head,
                try ours == head || repository.isAncestor(head, of: ours)
            {
                continue
            }
            // What another head is merged with afterwards has to be what it would be.
            let isLast = number + 1 == waiting.count
            let taken = try Taking(
                sync: self, label: label, ours: supposed.head, theirs: head, predicting: isLast)
            try taken.refuseTrampling(left, at: before)
            taken.note(in: &report)
            supposed.head = try taken.supposedHead(in: repository)
            supposed.steps += taken.steps
        }
        if try supposed.head != before || isHealingDue() { try heal() }
    }
}
