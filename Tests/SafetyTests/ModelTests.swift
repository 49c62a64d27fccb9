import Foundation
import Synchronization
import Testing

/// Three people who do at random what people do, on a store that they sync: nothing that was saved
/// is ever lost, and in the end all have the same.
@Suite(.serialized) struct ModelTests {
    /// How long it is tried.
    private struct Extent {
        var seeds: [UInt64] = Array(1...8)
        var operations = 250

        init() {
            let environment = ProcessInfo.processInfo.environment
            if SweepExtent.isFull {
                (seeds, operations) = (Array(1...20), 10_000)
            }
            if let seed = environment["PASSEL_MODEL_SEED"].flatMap(UInt64.init) { seeds = [seed] }
            if let count = environment["PASSEL_MODEL_OPERATIONS"].flatMap(Int.init) {
                operations = count
            }
        }
    }

    /// After so many operations everybody is to agree.
    private static let episode = 125

    @Test func `nothing that three people save is lost, whoever does what when`() async throws {
        let extent = Extent()
        let people = try ModelPeople()
        defer { people.close() }
        let total = Mutex(ModelWorld.Figures())
        let next = Mutex(extent.seeds[...])
        try await inParallel(2) { _ in
            while let seed = next.withLock({ $0.popFirst() }) {
                let figures = try Self.live(seed, extent.operations, people)
                total.withLock { $0.add(figures) }
            }
        }
        let sum = total.withLock { $0 }
        print(
            """
            model: \(extent.seeds.count) seeds, \(sum.operations) operations (\(sum.refused) refused), \
            \(sum.syncs) syncs, \(sum.merges) merges, \(sum.conflicts) conflicts kept, \
            \(sum.kills) kills, \(sum.cuts) cuts, \(sum.settlements) settlements, \
            \(sum.violations.count) violations
            """)
        for violation in sum.violations.prefix(20) { Issue.record("\(violation)") }
        #expect(sum.syncs > extent.operations / 10, "a test of nothing proves nothing")
    }

    private static func live(
        _ seed: UInt64, _ operations: Int, _ people: ModelPeople
    ) throws -> ModelWorld.Figures {
        let world = try ModelWorld(seed: seed, people)
        defer { world.close() }
        let began = ContinuousClock.now
        for number in 1...operations {
            try world.step()
            // What is broken stays broken: the first things that go wrong are told.
            if world.figures.violations.count > 3 { break }
            if number % episode == 0 || number == operations {
                try world.settle(isLast: number == operations)
            }
        }
        var figures = world.figures
        figures.seconds = (ContinuousClock.now - began).inSeconds
        return figures
    }
}
