import PasselTesting
import Synchronization
import Testing

/// What all cases share, made before the first and told after the last.
final class KeyProof: Sendable {
    /// The proof that is going on.
    @TaskLocal static var current: KeyProof?

    let workshop: KeyWorkshop
    /// A desk for each kind of store, to be copied.
    let templates: [StoreKind: Template]
    private let tally = Mutex(Tally())

    private struct Tally {
        var runs: [Int: Int] = [:]
        var failed: Set<Int> = []
        var ciphertexts = 0
        var strangers = 0
    }

    /// A desk that is only copied from.
    final class Template: @unchecked Sendable {
        // Unchecked: once made, the desk is not changed, only its files are read.
        let desk: Desk

        init(_ desk: Desk) { self.desk = desk }
    }

    init() throws {
        workshop = try KeyWorkshop()
        var made: [StoreKind: Template] = [:]
        for kind in StoreKind.allCases {
            made[kind] = Template(try Desk.template(workshop, kind))
        }
        templates = made
    }

    /// Removes what was made.
    func close() {
        for template in templates.values { template.desk.box.close() }
        workshop.close()
    }

    /// Plays a scene that does not count.
    func rehearse(_ run: KeyRun) throws -> KeyRun.Result {
        guard let template = templates[run.kind] else {
            throw TestingProblem("there is no \(run.kind.rawValue) store to copy")
        }
        return try run.play(workshop, like: template.desk)
    }

    /// Plays a scene, counts it, and returns what failed.
    func play(_ run: KeyRun) throws -> [String] {
        let result = try rehearse(run)
        tally.withLock { tally in
            tally.runs[run.keyCase.number, default: 0] += 1
            if !result.failures.isEmpty { tally.failed.insert(run.keyCase.number) }
            tally.ciphertexts += result.ciphertexts
            tally.strangers += result.strangers
        }
        return result.failures
    }

    /// The result in one line.
    var summary: String {
        tally.withLock { tally in
            let good = KeyCase.all.filter { keyCase in
                let runs = keyCase.scenes.reduce(0) { $0 + $1.kinds.count }
                return tally.runs[keyCase.number] == runs && !tally.failed.contains(keyCase.number)
            }.count
            return "keys: \(good) of \(KeyCase.all.count) as declared, "
                + "\(tally.ciphertexts) ciphertexts read, "
                + "\(tally.strangers) to an unacknowledged key"
        }
    }
}

/// Makes the proof around a suite, and tells its result.
struct KeyProofTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let proof = try await Workbench.run { try KeyProof() }
        defer { proof.close() }
        try await KeyProof.$current.withValue(proof) { try await function() }
        print(proof.summary)
    }
}

extension Trait where Self == KeyProofTrait {
    /// The suite's cases share keys and stores, and end with one line.
    static var keyProof: Self { Self() }
}
