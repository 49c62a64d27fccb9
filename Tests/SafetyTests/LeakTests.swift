import Foundation
import Testing

/// Ways on which a secret must not leave: arguments, environments, crash reports, core files.
@Suite(.serialized) struct LeakTests {
    @Test(.enabled(if: Binaries.exists("strace"), "strace is not installed"))
    func `no program is started with a secret in its arguments or environment`() throws {
        let box = try Sandbox(try Keyring(), "args")
        try box.reset()
        try box.installEditor(writing: "\(box.marker)-edited\n")
        let runs: [(arguments: [String], input: String)] = [
            (["insert", "-m", "fresh"], "\(box.marker)-new\n"),
            (["insert", "-e", "-f", "fresh"], "\(box.marker)-again\n"),
            (["show", "e1"], ""), (["grep", "user"], ""), (["edit", "e2"], ""),
            (["generate", "e3-new", "24"], ""), (["generate", "-i", "e3", "24"], ""),
            (["mv", "e4", "e4-moved"], ""), (["cp", "e5", "e5-copy"], ""),
            (["rm", "-f", "e6"], ""),
            (["init", "ann@example.org", "bob@example.org"], ""),
        ]
        var programs = 0
        var leaks = 0
        for run in runs {
            let text = try box.trace([Binaries.passel] + run.arguments, run.input)
            programs += text.components(separatedBy: "execve(").count - 1
            if text.contains(box.marker) { leaks += 1 }
            #expect(!text.contains(box.marker), "\(run.arguments) passes its secret on")
            if run.arguments[0] == "generate" {
                let shown = try Command(
                    words: [
                        Binaries.passel, "show", run.arguments.first { $0.hasPrefix("e3") } ?? "",
                    ],
                    environment: box.environment
                ).run()
                let password = shown.text.prefix { $0 != "\n" }
                #expect(password.count == 24)
                #expect(!text.contains(password), "\(run.arguments) passes its password on")
            }
        }
        print(
            "\(runs.count) commands made \(programs) execve calls; \(leaks) commands passed a secret on"
        )
        #expect(programs > runs.count, "the trace must include the programs that passel starts")
        for careless in [["env", "VALUE=\(box.marker)", "true"], ["true", box.marker]] {
            #expect(try box.trace(["env"] + careless).contains(box.marker))
        }
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGQUIT])
    func `a crash prints nothing of an entry and leaves no core file`(_ signal: Int32) throws {
        let box = try Sandbox(try Keyring(), "crash")
        try box.reset()
        let text = String(repeating: box.marker + "\n", count: 20_000)
        try Sandbox.write(
            try box.keyring.encrypt(text, for: ["ann"]), to: box.store + "/e1.gpg", mode: 0o600)
        let crashed = try crash([Binaries.release, "show", "e1"], box, signal)
        #expect(crashed.waitStatus & 0x7f == signal)
        #expect(!crashed.errorText.contains(box.marker.prefix(8)))
        #expect(crashed.waitStatus & 0x80 == 0, "a core was written")
        #expect(cores(box).isEmpty)
        // The same signal does leave a core of a program that does not forbid it.
        if try crash(["cat", "/dev/zero"], box, signal).waitStatus & 0x80 == 0 {
            print("signal \(signal): this machine writes no cores at all, so none proves little")
        }
    }

    private func cores(_ box: Sandbox) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: box.temporaryFolder)) ?? [])
            .filter { $0.hasPrefix("core") }
    }

    /// Sends the signal when the program waits for room in the pipe that it writes to.
    private func crash(_ words: [String], _ box: Sandbox, _ signal: Int32) throws -> Outcome {
        var pipeEnds: [Int32] = [0, 0]
        guard pipe(&pipeEnds) == 0 else { throw SafetyProblem("no pipe") }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { pipeEnds.forEach { close($0) } }
        let errors = try UnnamedFile()
        let script = "ulimit -c unlimited; cd \"$TMPDIR\" && exec \"$@\""
        let command = Command(
            words: ["/bin/sh", "-c", script, "sh"] + words, environment: box.environment)
        let input = try UnnamedFile()
        let child = try command.start([input.descriptor, pipeEnds[1], errors.descriptor])
        var readable = pollfd(fd: pipeEnds[0], events: Int16(POLLIN), revents: 0)
        guard poll(&readable, 1, 10_000) == 1 else {
            kill(child, SIGKILL)
            throw SafetyProblem("\(words): no output")
        }
        // The first bytes are there; the rest of a full pipe takes less than this.
        usleep(100_000)
        kill(child, signal)
        var status: Int32 = 0
        for _ in 0..<500 where waitpid(child, &status, WNOHANG) == 0 { usleep(10_000) }
        if kill(child, 0) == 0 {
            // The signal was ignored; the wait status will say so.
            kill(child, SIGKILL)
            waitpid(child, &status, 0)
        }
        return Outcome(
            status: shellStatus(status), waitStatus: status, output: [], errors: errors.content(),
            seconds: 0)
    }
}
