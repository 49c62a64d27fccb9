import Foundation
import Testing

/// The index under kills and several processes: what it tells is true, and nothing in it is in
/// clear.
@Suite(.serialized) struct IndexCrashTests {
    @Test func `no kill while the index is built makes it lie, leak or stay`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try IndexSandbox(keyring, "index\($0)") }
        let calls = try boxes.map { try $0.undisturbed() }.max() ?? 0
        let isFull = ProcessInfo.processInfo.environment["PASSEL_SWEEP"] == "full"
        let stride = isFull ? 1 : max(1, calls / 12)
        let result = try await SweepResult(
            "index build of \(Sandbox.names.count) entries", calls: calls, stride: stride,
            at: Array(Swift.stride(from: 1, through: calls, by: stride)), width: boxes.count
        ) { worker, number in try boxes[worker].disturb(at: number) }
        result.show()
        #expect(result.calls > 20, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }

    @Test func `several processes at once make one index`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let sandbox = try IndexSandbox(keyring, "several")
        try sandbox.box.reset()
        let commands = [
            ["index", "build"], ["find", "--field", "user"], ["index", "build"], ["grep", "user"],
            ["show", "web/site"],
        ]
        for _ in 0..<3 {
            try await inParallel(commands.count) { index in
                let outcome = try sandbox.passel(commands[index])
                #expect(outcome.status == 0, "\(commands[index]): \(outcome.errorText)")
                #expect(outcome.errors.isEmpty, "\(commands[index]): \(outcome.errorText)")
            }
        }
        let last = try sandbox.passel(["index", "build"])
        #expect(last.status == 0 && last.errors.isEmpty, "\(last.errorText)")
        #expect(try sandbox.violations() == [])
    }

    @Test func `the search for what is in clear finds it`() throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let sandbox = try IndexSandbox(keyring, "clear")
        try Sandbox.write(
            "x\(sandbox.box.marker)x", to: sandbox.box.home + "/planted", mode: 0o600)
        #expect(sandbox.leaks().count == 1)
    }
}
