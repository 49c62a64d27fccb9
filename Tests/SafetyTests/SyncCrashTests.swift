import Foundation
import Testing

/// A sync that merges twenty entries and is killed: the store is wholly the old or wholly the merged
/// one, and the next sync completes it.
@Suite(.serialized) struct SyncCrashTests {
    @Test func `no kill leaves a half merge or blocks the next sync`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try SyncSandbox(keyring, "sync\($0)") }
        let calls = try boxes.map { try $0.undisturbed() }.max() ?? 0
        let result = try await SweepResult(
            "sync, a merge of \(SyncSandbox.names.count) entries", calls: calls, points: 24,
            width: boxes.count
        ) { worker, number in try boxes[worker].disturb(at: number) }
        result.show()
        #expect(result.calls > 100, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }

    @Test func `no kill while it is decided leaves a half merge`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try SyncSandbox(keyring, "sync\($0)") }
        for box in boxes { _ = try box.undisturbed() }
        let numbers = try boxes[0].deciding()
        let stride = SweepExtent.isFull ? 1 : 8
        let chosen = numbers.enumerated().filter { $0.0 % stride == 0 }.map(\.1)
        let result = try await SweepResult(
            "sync, from the journal to the index", calls: numbers.count, stride: stride,
            at: chosen, width: boxes.count
        ) { worker, number in try boxes[worker].disturb(at: number) }
        result.show()
        #expect(result.calls > 20, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }
}
