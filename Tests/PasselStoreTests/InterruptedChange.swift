import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// A change that stops on its way, as if its process had been killed there.
struct InterruptedChange {
    /// How far it came, in the order in which a change goes on.
    enum Stage: Int, CaseIterable, Sendable {
        case prepared, journaled, published, halfApplied, applied, staged
    }

    let box: StoreBox
    let steps: [FileChange]
    /// What came from elsewhere, if it did.
    var arrival: Arrival?

    func run(until stage: Stage, subject: Text = "Late.") throws {
        let store = box.store
        let home = try store.changeFolder()
        var histories =
            try arrival.map { [try History($0, steps, store: store, subject: subject)] }
            ?? History.gather(steps, store: store) { _ in subject }
        for index in histories.indices { try histories[index].prepare(store.observer) }
        var staged = Staged(folder: home, root: store.root, makesFolders: arrival != nil)
        try staged.add(steps, flushed: true)
        guard stage.rawValue >= Stage.journaled.rawValue else { return }

        let journal = Journal(
            commits: histories.compactMap(\.journalEntry), steps: staged.journalSteps)
        try journal.write(in: home)
        guard stage.rawValue >= Stage.published.rawValue else { return }

        for index in histories.indices { #expect(try histories[index].publish(store.observer)) }
        guard stage.rawValue >= Stage.halfApplied.rawValue else { return }

        if stage == .halfApplied { return try applyFirst(of: journal) }
        // Copies that it keeps for an undoing stay behind too.
        try staged.apply()
        guard stage == .staged else { return }
        for history in histories { #expect(history.stage(store.observer)) }
    }

    private func applyFirst(of journal: Journal) throws {
        let step = try #require(journal.steps.first)
        switch step.kind {
        case .place(let temporary): try DurableFile.move(temporary, to: step.path)
        case .remove: try DurableFile.remove(step.path)
        case .move(let from): try DurableFile.move(from, to: step.path)
        case .link(let target): try DurableFile.symlink(target, at: step.path)
        }
    }
}
