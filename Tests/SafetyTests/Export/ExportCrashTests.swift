import Testing

/// Exports under kills: the file is the old one or the new one, and never unknown.
@Suite(.serialized) struct ExportCrashTests {
    @Test func `no kill while twenty values are exported halves, leaks or hides them`() async throws
    {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try ExportSandbox(keyring, "export\($0)") }
        let calls = try boxes.map { try $0.undisturbed() }.max() ?? 0
        let result = try await SweepResult(
            "export of \(Sandbox.names.count) entries", calls: calls, points: 10,
            width: boxes.count
        ) { worker, number in try boxes[worker].disturb(at: number) }
        result.show()
        #expect(result.calls > 10, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }
}
