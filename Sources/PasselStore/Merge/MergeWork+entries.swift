import PasselCore
import PasselGit
import PasselPosix

extension MergeWork {
    /// So many entries are decrypted at a time.
    private static let batch = 64

    /// Entries that both sides changed, renames first.
    func mergeEntries(
        _ both: [[UInt8]: MergeSides.Three], _ taken: inout [[UInt8]: MergeSides.Three]
    ) throws {
        let entries = both.filter { sides.kind($0.key) == .entry }
        guard !entries.isEmpty else { return }
        let known = [merge.ours, merge.theirs]
        let histories = (
            ours: try MergeHistory(of: known[0], notIn: [known[1]], repository),
            theirs: try MergeHistory(of: known[1], notIn: [known[0]], repository)
        )
        var cases = try renamedCases(entries, histories, &taken)
        let settled = Set(cases.flatMap { [$0.place, $0.renamedFrom ?? $0.place] })
        for (name, three) in entries where !settled.contains(name) && decided[name] == nil {
            cases.append(
                EntryCase(
                    place: name, base: three.base, ours: three.ours, theirs: three.theirs,
                    newer: newer(ours: name, theirs: name, histories)))
        }
        cases.sort { $0.place.precedes($1.place) }
        var rest = cases[...]
        while !rest.isEmpty {
            try merge(Array(rest.prefix(Self.batch)))
            rest = rest.dropFirst(Self.batch)
            texts.forget()
        }
    }

    typealias Histories = (ours: MergeHistory, theirs: MergeHistory)

    /// Which side changed last what it has under these names; the same for everybody who asks.
    private func newer(
        ours: [UInt8], theirs: [UInt8], _ histories: Histories
    ) -> MergeSide {
        let (mine, other) = (histories.ours.time(of: ours), histories.theirs.time(of: theirs))
        guard mine == other else { return mine > other ? .ours : .theirs }
        let (left, right) = (histories.ours.commit(of: ours), histories.theirs.commit(of: theirs))
        return left.hex > right.hex ? .ours : .theirs
    }

    // MARK: - Renames

    /// The entries that a side renamed while the other changed, removed or renamed them, too.
    private func renamedCases(
        _ entries: [[UInt8]: MergeSides.Three], _ histories: Histories,
        _ taken: inout [[UInt8]: MergeSides.Three]
    ) throws -> [EntryCase] {
        var cases: [EntryCase] = []
        for (name, three) in entries.sorted(by: { $0.key.precedes($1.key) }) {
            guard let base = three.base, base.isFile else { continue }
            switch (three.ours, three.theirs) {
            case (nil, nil):
                let mine = try destination(of: name, base, .ours, histories.ours)
                let other = try destination(of: name, base, .theirs, histories.theirs)
                decided[name] = .nothing
                guard let mine, let other else { continue }
                if mine == other {
                    guard let both = entries[mine] else { continue }
                    cases.append(
                        EntryCase(
                            place: mine, base: base, ours: both.ours, theirs: both.theirs,
                            newer: newer(ours: mine, theirs: mine, histories)))
                } else {
                    outcomes.append(
                        MergeOutcome(
                            shown(name), .entry,
                            .renamedApart(ours: shown(mine), theirs: shown(other))))
                }
            case (nil, let edited?):
                guard let place = try destination(of: name, base, .ours, histories.ours),
                    let moved = free(place, for: .ours)
                else { continue }
                decided[name] = .nothing
                cases.append(
                    EntryCase(
                        place: place, renamedFrom: name, base: base, ours: moved, theirs: edited,
                        newer: newer(ours: place, theirs: name, histories)))
            case (let edited?, nil):
                guard let place = try destination(of: name, base, .theirs, histories.theirs),
                    let moved = free(place, for: .theirs)
                else { continue }
                decided[name] = .nothing
                taken[place] = nil
                cases.append(
                    EntryCase(
                        place: place, renamedFrom: name, base: base, ours: edited, theirs: moved,
                        newer: newer(ours: name, theirs: place, histories)))
            default: continue
            }
        }
        return cases
    }

    /// What one side has at the new place of an entry, if the other side has nothing to do with it.
    private func free(_ place: [UInt8], for side: MergeSide) -> GitLeaf? {
        guard let three = sides.changed[place], !three.isChanged(by: side.other) else { return nil }
        return three.leaf(side)
    }

    /// Where a side moved what had a name; nothing where it removed it.
    private func destination(
        of name: [UInt8], _ base: GitLeaf, _ side: MergeSide, _ history: MergeHistory
    ) throws -> [UInt8]? {
        func isSame(
            _ old: GitLeaf, _ oldName: [UInt8], _ new: GitLeaf, _ newName: [UInt8]
        ) throws -> Bool {
            let before = try texts.text(old, Text(shown(oldName).bytes))
            let after = try texts.text(new, Text(shown(newName).bytes))
            guard case .success(let before) = before, case .success(let after) = after else {
                return false
            }
            return before == after
        }
        func isThere(_ place: [UInt8]) -> Bool {
            sides.changed[place]?.leaf(side)?.isFile ?? false
        }
        if let place = try history.destination(of: name, isSame: isSame), isThere(place) {
            return place
        }
        // Copied by one commit and removed by another.
        let added = sides.changed.compactMapValues { three -> GitLeaf? in
            three.base == nil ? three.leaf(side) : nil
        }
        return added.filter { place, leaf in
            leaf.id == base.id && sides.kind(place) == .entry
                && !MergeHistory.isCopy(place, of: name)
        }.keys.min { $0.precedes($1) }
    }

    // MARK: - Plaintexts

    /// What is to be done for one entry.
    private enum Verdict {
        /// One side's version as it is encrypted, if that is for the right readers.
        case version(MergeSide, Secret)
        /// A plaintext of its own.
        case made(Secret)
        /// Our version, theirs beside it.
        case apart(Text)
        /// Nothing.
        case gone
        /// What one side has, whatever it says.
        case asItIs(MergeSide)
    }

    private func merge(_ cases: [EntryCase]) throws {
        try texts.read(
            cases.flatMap { item in
                [item.base, item.ours, item.theirs].compactMap(\.self)
                    .map { ($0, Text(shown(item.place).bytes)) }
            })
        var jobs: [EncryptionJob] = []
        for item in cases {
            var told: MergeOutcome.Kind?
            switch try verdict(on: item, &told) {
            case .gone: decided[item.place] = .nothing
            case .asItIs(let side): decided[item.place] = content(item.leaf(side))
            case .apart(let reason):
                told = try keepTheirs(item, reason)
            case .version(let side, let text):
                decided[item.place] = content(item.leaf(side))
                if let leaf = item.leaf(side), try !isForItsReaders(leaf, at: item.place) {
                    jobs.append(EncryptionJob(item: item, text: text, side: side, told: told))
                    continue
                }
            case .made(let text):
                jobs.append(EncryptionJob(item: item, text: text, side: nil, told: told))
                continue
            }
            if let told { tell(item.place, told) }
        }
        try encrypt(jobs)
    }

    private func verdict(on item: EntryCase, _ told: inout MergeOutcome.Kind?) throws -> Verdict {
        let name = Text(shown(item.place).bytes)
        func text(_ leaf: GitLeaf?) throws -> Result<Secret, Problem>? {
            try leaf.map { try texts.text($0, name) }
        }
        let base = try? text(item.base)?.get()
        guard let ours = item.ours, let theirs = item.theirs else {
            // Removed by one: what the other only encrypted anew is not missed.
            guard
                let side: MergeSide = item.ours != nil ? .ours : item.theirs != nil ? .theirs : nil
            else { return .gone }
            if let base, let text = try? text(item.leaf(side))?.get(), text == base {
                if side == .ours { told = .removed }
                return .gone
            }
            told = .removalUndone(by: side.other)
            return .asItIs(side)
        }
        let renamed = item.renamedFrom.map { MergeOutcome.Kind.mergedUnderNewName(from: shown($0)) }
        guard ours != theirs else {
            told = renamed
            return .asItIs(.ours)
        }
        let mine: Secret
        let other: Secret
        switch (try texts.text(ours, name), try texts.text(theirs, name)) {
        case (.success(let left), .success(let right)): (mine, other) = (left, right)
        case (.failure(let problem), .failure): return .apart("\(problem.message)")
        case (.failure(let problem), _): return .apart("the version here: \(problem.message)")
        case (_, .failure(let problem)): return .apart("their version: \(problem.message)")
        }
        if mine == other {
            // Whichever is for the right readers; where both are, the one that is here.
            told = renamed
            let isTheirs =
                try !isForItsReaders(ours, at: item.place)
                && isForItsReaders(theirs, at: item.place)
            return .version(isTheirs ? .theirs : .ours, mine)
        }
        if mine != base, other != base, Self.isBinary(mine) || Self.isBinary(other) {
            return .apart("it is no text")
        }
        let merged = EntryMerge.merging(base: base, ours: mine, theirs: other, newer: item.newer)
        told =
            merged.origin == .ours
            ? renamed : merged.origin == .theirs ? renamed ?? .changed : renamed ?? .merged
        if !merged.conflicts.isEmpty, let loser = item.leaf(item.newer.other) {
            let kept = try keep(.leaf(loser), id: loser.id, of: item.place)
            told = .conflict(kept: shown(kept), parts: merged.conflicts)
        }
        return merged.origin.map { .version($0, merged.merged) } ?? .made(merged.merged)
    }

    private static func isBinary(_ text: Secret) -> Bool { text.withBytes { $0.contains(0) } }

    /// Our version stays, theirs is kept beside it.
    private func keepTheirs(_ item: EntryCase, _ reason: Text) throws -> MergeOutcome.Kind {
        decided[item.place] = content(item.ours)
        guard let theirs = item.theirs else { return .merged }
        let kept = try keep(.leaf(theirs), id: theirs.id, of: item.place)
        return .keptBoth(kept: shown(kept), reason: reason)
    }

    // MARK: - Readers

    private func isForItsReaders(_ leaf: GitLeaf, at place: [UInt8]) throws -> Bool {
        guard let path = sides.path(place) else { return true }
        return try readers.isRight(texts.ciphertext(leaf), in: path.parent)
    }

    /// A plaintext to be encrypted, and the version that stays where that cannot be done.
    private struct EncryptionJob {
        let item: EntryCase
        let text: Secret
        let side: MergeSide?
        let told: MergeOutcome.Kind?
    }

    private struct Work: Sendable {
        let audience: Audience
        let text: Secret
    }

    private func encrypt(_ jobs: [EncryptionJob]) throws {
        var work: [Work] = []
        var ready: [(job: EncryptionJob, readers: MergeReaders.Wanted)] = []
        for job in jobs {
            let folder = sides.path(job.item.place)?.parent ?? "."
            switch try readers.wanted(in: folder) {
            case .success(let wanted):
                ready.append((job, wanted))
                work.append(Work(audience: wanted.audience, text: job.text))
            case .failure(let problem): try giveUp(job, problem)
            }
        }
        guard !predicting else {
            for (job, _) in ready {
                decided[job.item.place] = .made([])
                if let told = job.told { tell(job.item.place, told) }
            }
            return
        }
        let cipher = store.cipher
        let results = Parallel.map(work, width: 2) { item in
            Result<[UInt8], any Error> { try item.audience.encrypt(item.text, with: cipher) }
        }
        var written: [(ciphertext: [UInt8], message: OpenedMessage)] = []
        defer { store.learn(written) }
        for ((job, wanted), result) in zip(ready, results) {
            switch result {
            case .success(let ciphertext):
                try readers.check(ciphertext, wanted)
                written.append(
                    (ciphertext, OpenedMessage(plaintext: job.text, sessionKey: nil)))
                decided[job.item.place] = .made(ciphertext)
                if let told = job.told { tell(job.item.place, told) }
            case .failure(let error):
                try giveUp(job, error as? Problem ?? Problem("it cannot be encrypted"))
            }
        }
    }

    /// What cannot be encrypted stays as one side has it; where it was made of both, both stay.
    private func giveUp(_ job: EncryptionJob, _ problem: Problem) throws {
        var told = job.told
        if let side = job.side {
            decided[job.item.place] = content(job.item.leaf(side))
        } else {
            if case .conflict(let kept, _) = told, let theirs = job.item.theirs,
                let ours = job.item.ours
            {
                // The kept one is already beside it; what is here must be the other.
                let isTheirs = job.item.newer == .ours
                decided[job.item.place] = .leaf(isTheirs ? ours : theirs)
                told = .keptBoth(kept: kept, reason: reason(problem))
            } else {
                told = try keepTheirs(job.item, reason(problem))
            }
        }
        if let told { tell(job.item.place, told) }
    }

    private func reason(_ problem: Problem) -> Text {
        problem.message.bytes.isEmpty ? "it cannot be encrypted" : problem.message
    }
}
