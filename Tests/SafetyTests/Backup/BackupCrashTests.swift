import Foundation
import Testing

/// Backups under kills, failing calls and full disks: there is a whole one or none.
@Suite(.serialized) struct BackupCrashTests {
    @Test func `no kill leaves a backup that is not whole, or anything else`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try BackupSandbox(keyring, "backup\($0)") }
        for act in BackupSandbox.Act.allCases {
            let calls = try boxes.map { try $0.undisturbed(act) }.max() ?? 0
            let result = try await SweepResult(
                "backup \(act)", calls: calls, points: 4, width: boxes.count
            ) { worker, number in try boxes[worker].disturb(act, ["kill"], at: number) }
            result.show()
            #expect(result.calls > 10, "a sweep over nothing proves nothing")
            #expect(result.failed.isEmpty, "\(result.summary)")
        }
    }

    @Test func `a failing call leaves none, and is told`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try BackupSandbox(keyring, "backup\($0)") }
        let calls = try boxes.map { try $0.undisturbed(.create) }.max() ?? 0
        let result = try await SweepResult(
            "backup create with ENOSPC", calls: calls, points: 4, width: boxes.count
        ) { worker, number in try boxes[worker].disturb(.create, ["fail", "ENOSPC"], at: number) }
        result.show()
        #expect(result.failed.isEmpty, "\(result.summary)")
    }
}
