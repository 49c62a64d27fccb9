import PasselCore
import PasselGit
import PasselPosix

/// One head of others that is taken into the branch.
struct Taking {
    private let store: Store
    private let label: Text
    private let ours: GitID?
    private let theirs: GitID
    private let isFastForward: Bool
    /// What changes against `ours`.
    let steps: [FileChange]
    private let outcomes: [MergeOutcome]
    private let reviews: [Path]

    /// Works out what there is to do; nothing moves.
    init(
        sync: Synchronisation, label: Text, ours: GitID?, theirs: GitID, predicting: Bool = false
    ) throws {
        store = sync.store
        self.label = label
        self.ours = ours
        self.theirs = theirs
        guard let ours else {
            let found = try store.firstContents(of: theirs, sync.repository)
            isFastForward = true
            steps = found.steps
            outcomes = found.outcomes
            reviews = []
            return
        }
        let plan = try StoreMerge(
            store: store, repository: sync.repository, ours: ours, theirs: theirs, label: label
        ).plan(predicting: predicting)
        isFastForward = plan.isFastForward
        steps = plan.steps
        outcomes = plan.outcomes
        reviews = plan.listsToReview
    }

    /// Whether somebody has to look at what comes of it.
    var needsPerson: Bool { outcomes.contains(where: \.needsPerson) }

    /// Moves branch and files.
    ///
    /// What was there before may still be being removed afterwards.
    ///
    /// - Throws: `BranchMoved`; a `Problem` when files would be lost.
    func perform(_ left: LeftMerge?) throws {
        let (arrival, steps) = try arrival(left)
        do {
            try Change(
                store: store, steps: steps, clearsAside: true, arrival: arrival,
                subject: { _ in "Merge \(label)." }
            ).perform()
        } catch let error as WouldTrample {
            throw Self.problem(error.names, label, in: store)
        }
    }

    /// Says what `perform` would refuse, while the branch still is at `head`.
    func refuseTrampling(_ left: LeftMerge?, at head: GitID?) throws {
        var (arrival, steps) = try arrival(left)
        arrival.ours = head
        let names = try arrival.trampled(steps, in: store)
        guard names.isEmpty else { throw Self.problem(names, label, in: store) }
    }

    private func arrival(_ left: LeftMerge?) throws -> (Arrival, [FileChange]) {
        var arrival = Arrival(
            way: isFastForward ? .arriving(theirs) : .joining(theirs), ours: ours, body: body)
        guard let left else { return (arrival, steps) }
        let (behind, more) = try left.cleaning(steps, ours: ours, theirs: theirs)
        arrival.leftBehind = behind
        // A file may take the place of a folder whose files must be gone by then.
        return (arrival, more.filter(\.isRemoval) + steps + more.filter { !$0.isRemoval })
    }

    private static func problem(_ names: [Path], _ label: Text, in store: Store) -> Problem {
        let shown = names.prefix(5).map { store.entryName($0) }.joined(separator: ", ")
        let more: Text = names.count > 5 ? " and \(names.count - 5) more" : ""
        let files = names.prefix(5).map { path in
            ShellWord.text((path.relative(to: store.root) ?? path).bytes)
        }.joined(separator: " ")
        return Problem(
            "not committed here, but changed by \(label): \(shown)\(more); nothing was moved",
            hints: [
                "keep it: passel git add -- \(files) && passel git commit -m 'Keep what was here'",
                "or give it up: passel git checkout HEAD -- \(files)",
            ])
    }

    /// What the merge's message says: names only, never anything out of an entry.
    private var body: Text? {
        let lines = outcomes.compactMap { outcome -> Text? in
            let name = outcome.name
            return switch outcome.kind {
            case .merged, .mergedUnderNewName: "Merged \(name)."
            case .conflict(let kept, _), .keptBoth(let kept, _):
                "Kept both versions of \(name): the other is \(kept)."
            case .removalUndone: "Kept \(name): one side removed it, the other changed it."
            case .renamedApart(let ours, let theirs):
                "Kept \(ours) and \(theirs): both are \(name), renamed twice."
            default: nil
            }
        }
        guard !lines.isEmpty else { return nil }
        let shown = lines.prefix(Self.longest)
        let rest: [Text] =
            lines.count > shown.count ? ["And \(lines.count - shown.count) more."] : []
        // A name may hold anything, but a line of the message is a line.
        return (shown + rest).map { line in
            Text(line.bytes.map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 })
        }.joined(separator: "\n")
    }

    private static let longest = 200

    func note(in report: inout SyncReport) {
        report.items += outcomes.map {
            SyncReport.Item(name: $0.name, what: .merged($0), remote: label)
        }
        for folder in reviews where !report.reviews.contains(folder) {
            report.reviews.append(folder)
        }
    }

    /// Where the branch would be afterwards; made where need be, as an object that nothing leads to.
    func supposedHead(in repository: GitRepository) throws -> GitID {
        guard let ours, !isFastForward else { return theirs }
        return try repository.suppose(
            try steps.map { try $0.arriving(below: store.root) }, after: [ours, theirs])
    }
}

extension Store {
    /// Everything of a commit, for a branch that has none yet.
    func firstContents(
        of commit: GitID, _ repository: GitRepository
    ) throws -> (steps: [FileChange], outcomes: [MergeOutcome]) {
        var (steps, outcomes): ([FileChange], [MergeOutcome]) = ([], [])
        for (name, leaf) in try repository.leaves(in: commit) {
            let path = root / name
            let content = try repository.content(of: leaf.id)
            steps.append(
                leaf.kind == .link
                    ? .link(path, target: content) : .write(path, content, mode: .fresh))
            let isEntry = Synchronisation.isEntry(name)
            outcomes.append(
                MergeOutcome(
                    isEntry ? Path(entryName(path).bytes) : Path(name), isEntry ? .entry : .file,
                    .came))
        }
        return (steps, outcomes)
    }
}
