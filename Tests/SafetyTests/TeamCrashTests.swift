import Foundation
import Testing

/// Changes of a team that are killed, or whose calls fail: the store is for the old team or for the
/// new one, and this machine knows which.
@Suite(.serialized) struct TeamCrashTests {
    @Test(arguments: TeamSweep.Act.allCases)
    func `no kill leaves a team half changed or blocks the next command`(_ act: TeamSweep.Act)
        async throws
    {
        let keyring = try TeamSandbox.keyring()
        defer { keyring.close() }
        var sweep = try TeamSweep(act, keyring)
        let encrypting = try await sweep.whileEncrypting(points: 4)
        #expect(encrypting.calls > 400, "a sweep over nothing proves nothing")
        #expect(encrypting.failed.count == 0, "\(encrypting.summary)")
        try sweep.encryptBeforehand()
        let deciding = try await sweep.whileDeciding()
        #expect(deciding.calls > 10, "a sweep over nothing proves nothing")
        #expect(deciding.failed.count == 0, "\(deciding.summary)")
        let otherwise = try await sweep.otherwise(stride: 120)
        #expect(otherwise.calls > 400, "a sweep over nothing proves nothing")
        #expect(otherwise.failed.count == 0, "\(otherwise.summary)")
    }
}
