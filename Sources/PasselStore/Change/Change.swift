import PasselCore
import PasselGit
import PasselPosix

/// One change of the store, from its steps to the commit: wholly done or not done at all, also when
/// killed.
///
/// Order: new files beside the old (flushed) → commits' objects → journal (flushed) → branches move
/// → files take their places (folders flushed) → index → journal gone. What fails before the
/// branches move leaves no trace; what fails after is undone; what is killed after is finished by
/// the next change.
struct Change {
    let store: Store
    let steps: [FileChange]
    /// What the security log has to say of it.
    var events = SecurityLog.Events()
    /// What is acknowledged by it, where that does not follow from the lists it writes.
    var pins: Pins?
    /// What is told once the files are in their places, before what git says.
    var lines: [Text] = []
    /// What is left to do once the files are in their places, such as removing empty folders, and
    /// what to tell of it.
    var completing: () throws -> [Text] = { [] }
    /// Whether folders are made for the files, and go again where that fails.
    var makesFolders = false
    /// Whether what it leaves over may still be being removed when it is done; `store.clearing` is
    /// waited for by who says so.
    var clearsAside = false
    /// What came from elsewhere and what the branch does about it; nothing for a change of our own.
    ///
    /// Its steps are foreign: they neither acknowledge lists nor are they followed by a roster.
    var arrival: Arrival?
    /// The commit subject for the repository with this work tree.
    let subject: (Path) -> Text

    /// Whether the steps come from elsewhere.
    var isForeign: Bool { arrival != nil }

    /// From this many files on, one flush of the file system replaces one for each file.
    private static let many = 16

    /// Does it.
    ///
    /// - Throws: a `Problem`; for an arrival also `BranchMoved` and `WouldTrample`. Nothing has moved
    ///   then.
    func perform() throws {
        if isForeign { return try makeChange(steps) }
        try store.leftOut.refuseUnknown(among: store.settings.skipped)
        let steps = steps + events.steps
        guard !steps.isEmpty else {
            for line in try lines + completing() { store.observer.told(line) }
            return
        }
        try make(steps)
        SecurityLog(store: store).remember(events)
    }

    private func make(_ steps: [FileChange]) throws {
        guard let stored = store.storedPins else { return try makeChange(steps) }
        if let pins {
            try acknowledging(pins, stored, steps)
        } else if let followed = try store.followed(steps) {
            try acknowledging(followed.pins, stored, steps + followed.steps)
        } else {
            try makeChange(steps)
        }
    }

    /// What will be acknowledged is written before the store says so, and holds once it does.
    private func acknowledging(
        _ pins: Pins, _ stored: StoredPins, _ steps: [FileChange]
    ) throws {
        try stored.announce(pins)
        try makeChange(steps)
        try stored.promote()
    }

    private func makeChange(_ steps: [FileChange]) throws {
        let home = try store.changeFolder()
        // By this file the next change knows that this one did not come to its end.
        let marker = try Scratch.file(in: home, content: [], flushed: false)
        defer { Scratch.remove(marker) }
        var histories =
            try arrival.map { [try History($0, steps, store: store, subject: subject(store.root))] }
            ?? History.gather(steps, store: store, subject: subject)
        let flushed = steps.count < Self.many
        try GitRepository.setDurable(flushed)
        defer { try? GitRepository.setDurable(true) }  // cannot fail once it worked
        for index in histories.indices { try histories[index].prepare(store.observer) }
        let known = try arrival?.refuseTrampling(steps, in: store) ?? [:]

        var staged = Staged(folder: home, root: store.root, makesFolders: isForeign || makesFolders)
        do {
            try staged.add(steps, flushed: flushed, known: known)
            if !flushed {
                try DurableFile.flushFileSystem(of: home)
                try GitRepository.setDurable(true)
            }
            try decide(&histories, &staged, home, isOne: steps.count == 1)
        } catch is Undecided {
            // The journal stands, and what it speaks of must stand too: the next change finishes
            // this one.
            throw Problem(
                "the change could not be completed; the next change completes it",
                hints: ["see what git says: passel git status"])
        } catch {
            staged.clear()
            throw error
        }
        for line in try lines + completing() { store.observer.told(line) }
        var complete = true
        for history in histories { complete = history.stage(store.observer) && complete }
        if clearsAside { store.clearing.begin(staged.leftOver) } else { staged.clear() }
        store.forgetWork(after: steps.map(\.path))
        // What the index lacks is brought up to date by the next change, from the journal.
        if complete { try removeJournal(home) }
        if histories.contains(where: { $0.commit != nil }) { store.noteCommit() }
        for history in histories { history.finish(store.observer) }
    }

    /// Thrown when a branch moved, could not be moved back, and the files are not in their places.
    private struct Undecided: Error {}

    /// Journal, branches, files: after this the change is done, or undone, or `Undecided`.
    private func decide(
        _ histories: inout [History], _ staged: inout Staged, _ home: Path, isOne: Bool
    ) throws {
        do {
            if !isOne || histories.contains(where: { $0.commit != nil }) {
                try writeJournal(staged, histories, home)
            }
            for index in histories.indices {
                while try !histories[index].publish(store.observer) {
                    try writeJournal(staged, histories, home)
                }
            }
            try staged.apply()
        } catch {
            guard histories.reversed().allSatisfy({ $0.takeBack() }) else { throw Undecided() }
            staged.undo()
            try removeJournal(home)
            throw error
        }
    }

    private func removeJournal(_ home: Path) throws {
        let journal = home / Journal.name
        if try FileStatus(of: journal, following: false) != nil { try DurableFile.remove(journal) }
    }

    private func writeJournal(_ staged: Staged, _ histories: [History], _ home: Path) throws {
        let journal = Journal(
            commits: histories.compactMap(\.journalEntry), steps: staged.journalSteps)
        try journal.write(in: home)
    }
}

extension Store {
    /// Where temporary files and the journal of a change lie: git's folder of the store's top, else
    /// the top itself.
    func changeFolder() throws -> Path {
        try repository(around: root)?.gitFolder ?? root
    }
}
