import Foundation
import Testing

/// Repairs and purges under kills: nothing is lost but what is to go, and the next run ends it.
@Suite(.serialized) struct RepairCrashTests {
    @Test(arguments: RepairSandbox.Act.allCases)
    func `a kill loses nothing, and the next run comes to the end`(
        _ act: RepairSandbox.Act
    ) async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try RepairSandbox(keyring, "\(act.rawValue)\($0)") }
        let calls = try boxes.map { try $0.undisturbed(act) }.max() ?? 0
        let result = try await SweepResult(
            "\(act)", calls: calls, points: 6, width: boxes.count
        ) { worker, number in try boxes[worker].kill(act, at: number) }
        result.show()
        #expect(result.calls > 10, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }
}
