import Foundation
import PasselTesting
import Testing

/// Nobody whom Alice has not acknowledged ever gets a ciphertext, whatever happens to lists, keys,
/// rosters and time.
@Suite(.keyProof) struct KeyTests {
    /// Every scene of every case in every kind of store that it is for; `PASSEL_KEYS=7,12` picks
    /// cases.
    static let runs: [KeyRun] = {
        let picked = ProcessInfo.processInfo.environment["PASSEL_KEYS"].map { names in
            Set(names.split(separator: ",").compactMap { Int($0) })
        }
        return KeyCase.all.filter { picked?.contains($0.number) ?? true }.flatMap { keyCase in
            keyCase.scenes.flatMap { scene in
                scene.kinds.map { KeyRun(keyCase: keyCase, scene: scene, kind: $0) }
            }
        }
    }()

    @Test func `the cases are numbered from 1 to 52`() {
        #expect(KeyCase.all.map(\.number) == Array(1...52))
    }

    @Test(arguments: runs)
    func `every case ends as declared`(_ run: KeyRun) async throws {
        let proof = try #require(KeyProof.current)
        let failures = try await Workbench.run { try proof.play(run) }
        for failure in failures { Issue.record("\(run.label), \(failure)") }
    }
}

extension KeyRun: CustomTestStringConvertible {
    var testDescription: String { label }
}
