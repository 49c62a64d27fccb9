import Foundation
import PasselTesting
import Testing

/// Who else sees a value, or the credential that opens its place, while both go to a server.
@Suite(.serialized) struct BackendLeakTests {
    /// The credential, which begins as no value does.
    private let token = "token-" + UUID().uuidString

    private static let servers = Source.root + "/Tests/Support/Servers"

    /// GitLab, as far as variables go.
    private func server() throws -> Server {
        try Server(
            "/usr/bin/python3", [Self.servers + "/gitlab.py", token, "nobody"],
            environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"])
    }

    private func passel(_ box: Sandbox, _ words: String..., input: String = "") throws {
        let outcome = try Command(
            words: [Binaries.passel] + words, environment: box.environment,
            input: Array(input.utf8)
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem("\(words): \(outcome.errorText)") }
    }

    @Test(.enabled(if: Binaries.exists("strace"), "strace is not installed"))
    func `neither value nor credential is told to a program or left in a file`() throws {
        let box = try Sandbox(try Keyring(), "places")
        try box.reset()
        let server = try server()
        defer { server.end() }
        try passel(box, "insert", "-m", "infra/gitlab", input: token + "\n")
        try passel(box, "insert", "-m", "ci/new", input: box.marker + "\n")
        try passel(
            box, "backend", "add", "lab", "gitlab", "address=http://127.0.0.1:\(server.port)",
            "token=passel://infra/gitlab")
        try passel(box, "location", "add", "ci/new", "lab:g/p/NEW")
        var programs = 0
        for words in [
            ["push", "ci/new"], ["push", "ci/new"], ["status", "--locations"],
            ["pull", "lab:g/p/NEW", "--into", "back"], ["backend", "test", "lab"],
        ] {
            let trace = try box.trace([Binaries.passel] + words)
            programs += trace.components(separatedBy: "passel-backend\"").count - 1
            for secret in [box.marker, token] {
                #expect(!trace.contains(secret), "\(words)")
                let hidden = Data(secret.utf8).base64EncodedString()
                #expect(!trace.contains(hidden), "\(words)")
            }
        }
        #expect(programs >= 5, "the trace has to include the program that asks the server")
        let kept = try Command(
            words: [
                "curl", "-sS", "--noproxy", "*", "http://127.0.0.1:\(server.port)/own/variables",
            ],
            environment: box.environment
        ).run().text
        #expect(kept.contains(box.marker), "it is there: \(kept)")
        for secret in [box.marker, token] {
            let scan = PlaintextScan(secret)
            let left =
                [box.home, box.temporaryFolder, box.runtimeFolder, box.store]
                .flatMap(scan.find(below:)) + scan.findInSharedMemory()
            #expect(left == [])
        }
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGQUIT])
    func `the program that asks a server leaves no core, and tells nothing, when it crashes`(
        _ signal: Int32
    ) throws {
        let box = try Sandbox(try Keyring(), "fall")
        try box.reset()
        let server = try server()
        defer { server.end() }
        let line = try Server(
            "/usr/bin/python3",
            [
                Self.servers + "/faulty.py", "\(server.port)", box.folder + "/control",
                box.folder + "/log",
            ], environment: ["PATH": "/usr/bin:/bin"])
        defer { line.end() }
        try Sandbox.write("9 ^POST stall\n", to: box.folder + "/control", mode: 0o600)
        let base64 = { (text: String) in Data(text.utf8).base64EncodedString() }
        let requests = """
            {"id":0,"do":"open","protocol":1,"name":"lab","timeout":60,"settings":{"masked":"no","address":"http://127.0.0.1:\(line.port)"},"credentials":{"token":"\(base64(token))"}}
            {"id":1,"do":"write","place":"g/p/A","value":"\(base64(box.marker))"}

            """
        try Sandbox.write(requests, to: box.folder + "/requests", mode: 0o600)
        let script =
            "ulimit -c unlimited; cd \"$TMPDIR\" && { cat \"$0/requests\"; sleep 30; } | "
            + "(echo $(exec sh -c 'echo $PPID') >\"$0/pid\"; exec \"$1\" gitlab) >\"$0/said\" 2>&1; echo $? >\"$0/status\""
        let command = Command(
            words: [
                "/bin/sh", "-c", script, box.folder,
                Binary.find("passel-backend", variable: "PASSEL_BACKEND_BINARY"),
            ],
            environment: box.environment)
        let input = try UnnamedFile()
        let shell = try command.start([input.descriptor, input.descriptor, input.descriptor])
        defer {
            kill(shell, SIGKILL)
            waitpid(shell, nil, 0)
        }
        func text(_ name: String) -> String {
            (try? String(contentsOfFile: "\(box.folder)/\(name)", encoding: .utf8)) ?? ""
        }
        let deadline = Date.now + 60
        while !text("log").contains("POST"), Date.now < deadline { usleep(20_000) }
        #expect(text("log").contains("POST"), "it has the value")
        let pid = pid_t(text("pid").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        #expect(pid > 1)
        guard pid > 1 else { return }
        kill(pid, signal)
        while kill(pid, 0) == 0, Date.now < deadline { usleep(20_000) }
        let said = text("said")
        for secret in [box.marker, token] {
            #expect(!said.contains(secret) && !said.contains(base64(secret)))
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: box.temporaryFolder)
        #expect(files.filter { $0.hasPrefix("core") } == [])
    }
}
