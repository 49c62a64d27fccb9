import Foundation
import Synchronization
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

    @Test func `a failing call changes nothing and is told`() async throws {
        let keyring = try TeamSandbox.keyring()
        defer { keyring.close() }
        var sweep = try TeamSweep(.add, keyring)
        try sweep.encryptBeforehand()
        for error in ["ENOSPC", "EIO"] {
            let result = try await sweep.otherwise(["fail", error], stride: 140)
            #expect(result.calls > 400, "a sweep over nothing proves nothing")
            #expect(result.failed.count == 0, "\(result.summary)")
        }
    }

    @Test func `a killed change of many entries goes on where it was killed`() async throws {
        let keyring = try TeamSandbox.keyring()
        defer { keyring.close() }
        let sweep = try TeamSweep(.add, keyring)
        let again = Mutex<[Int]>([])
        try await inParallel(sweep.boxes.count) { worker in
            for _ in 0..<5 {
                let more = try sweep.decryptionsAgain(worker)
                again.withLock { $0.append(more) }
            }
        }
        let counts = again.withLock { $0 }
        print("recipients add, killed and repeated: \(counts) entries encrypted twice")
        // Two threads had one in hand each.
        #expect(counts.count == 10 && counts.allSatisfy { 0...2 ~= $0 })
    }
}
