import Foundation
import Synchronization
import Testing

/// The index under kills and several processes: what it tells is true, and nothing in it is in
/// clear.
@Suite(.serialized) struct IndexCrashTests {
    @Test func `no kill while the index is built makes it lie, leak or stay`() async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try IndexSandbox(keyring, "index\($0)") }
        let calls = try boxes.map { try $0.undisturbed() }.max() ?? 0
        let result = try await SweepResult(
            "index build of \(Sandbox.names.count) entries", calls: calls, points: 12,
            width: boxes.count
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
        let refused = Mutex<[String]>([])
        for _ in 0..<3 {
            try await inParallel(commands.count) { index in
                let outcome = try sandbox.passel(commands[index])
                guard outcome.status != 0 || !Self.isQuiet(outcome.errorText) else { return }
                refused.withLock { $0.append("\(commands[index]): \(outcome.errorText)") }
            }
        }
        #expect(refused.withLock { $0 } == [])
        let last = try sandbox.passel(["index", "build"])
        #expect(last.status == 0 && last.errors.isEmpty, "\(last.errorText)")
        #expect(try sandbox.violations() == [])
    }

    /// gpg tells of a lock file that another gpg removed while it was about to read it, and then takes
    /// the lock.
    private static func isQuiet(_ errors: String) -> Bool {
        errors.split(separator: "\n").allSatisfy {
            $0.hasPrefix("gpg: error opening lockfile") || $0 == "gpg: lockfile disappeared"
        }
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
