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

/// The judge, put to the test with scenes that are declared wrongly.
extension KeyTests {
    private func rehearse(
        _ kind: StoreKind, _ steps: KeyStep...
    ) async throws -> KeyRun.Result {
        let proof = try #require(KeyProof.current)
        let scene = KeyScene(name: "", kinds: [kind], steps: steps)
        let run = KeyRun(keyCase: KeyCase(0, "rehearsal", scene), scene: scene, kind: kind)
        return try await Workbench.run { try proof.rehearse(run) }
    }

    @Test(arguments: StoreKind.allCases)
    func `a ciphertext for a stranger is noticed, in the work tree and in the history`(
        _ kind: StoreKind
    ) async throws {
        let result = try await rehearse(
            kind, .happens("Alice means Mallory") { try $0.sets("PASSWORD_STORE_KEY", "$mallory") },
            .write(.insert("web/new"), .accepted("mallory")))
        #expect(result.failures.count == 2, "\(result.failures)")
        #expect(result.strangers == 2)
        #expect(result.ciphertexts == 2)
    }

    @Test func `a ciphertext that hides a stranger is noticed`() async throws {
        let result = try await rehearse(
            .bare,
            .happens("Alice means Mallory") { desk in
                try desk.sets("PASSWORD_STORE_KEY", "$mallory")
                try desk.sets("PASSWORD_STORE_GPG_OPTS", "--throw-keyids")
            }, .write(.insert("web/new"), .accepted("hidden")))
        #expect(result.strangers == 2, "\(result.failures)")
    }

    @Test func `a ciphertext that no commit has is noticed`() async throws {
        let result = try await rehearse(
            .bare,
            .run(["git", "config", "alias.plant", "!sh -c 'git hash-object -w x'"], .done),
            .happens("a message for Mallory is prepared") { desk in
                try desk.write(desk.workshop.message("x", for: ["mallory"]), to: "x")
            }, .run(["git", "plant"], .done))
        #expect(result.strangers == 1, "\(result.failures)")
    }

    @Test func `a verdict that does not hold is noticed`() async throws {
        let written = try await rehearse(.bare, .write(.insert("web/new"), .refused("")))
        #expect(written.failures.count == 2, "not refused, and the store changed")
        let others = try await rehearse(.bare, .write(.insert("web/new"), .accepted("alice")))
        #expect(others.failures.count == 1)
        let refused = try await rehearse(
            .bare, .happens("the list goes") { $0.remove(".gpg-id") },
            .write(.insert("web/new"), .accepted("alice", "bob")))
        #expect(refused.failures.count == 1)
    }
}

extension KeyRun: CustomTestStringConvertible {
    var testDescription: String { label }
}
