import Testing

/// Rotations under kills: at any time each place has the old or the new secret, which the store has,
/// too, and one more run comes to the end.
@Suite(.serialized) struct RotationCrashTests {
    @Test(arguments: RotationSandbox.Act.allCases)
    func `no kill loses a secret or leaves a place behind`(
        act: RotationSandbox.Act
    ) async throws {
        let keyring = try Keyring(["ann"])
        defer { keyring.close() }
        let boxes = try (0..<2).map { try RotationSandbox(keyring, "rotate\($0)") }
        let calls = try boxes.map { try $0.undisturbed(act) }.max() ?? 0
        let result = try await SweepResult(
            "\(act) with five places", calls: calls, points: 8, width: boxes.count
        ) { worker, number in try boxes[worker].kill(act, at: number) }
        result.show()
        #expect(result.calls > 50, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }
}
