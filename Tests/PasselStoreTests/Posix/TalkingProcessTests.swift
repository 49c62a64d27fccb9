import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct TalkingProcessTests {
    /// The program itself never dies of a pipe that nobody reads.
    private static let ignoringBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

    init() { Self.ignoringBrokenPipes }

    private func shell(_ script: String) throws -> TalkingProcess {
        try TalkingProcess("sh", ["-c", script].map { Bytes($0.utf8) }, environment: .current)
    }

    private func ask(
        _ process: TalkingProcess, _ line: String = "hello", limit: Int = 1 << 20, within: Int = 60
    ) throws -> String {
        try process.answer(to: Secret(plain: line + "\n"), limit: limit, within: within)
            .withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `each line gets its answer, however long both are`() throws {
        let process = try shell("exec sed -u 's/^/got /'")
        for count in [1, 10, 300_000, 0] {
            let line = String(repeating: "x", count: count)
            #expect(try ask(process, line) == "got " + line)
        }
        #expect(process.end(within: 60) == 0)
        #expect(process.end(within: 60) == 0)
    }

    @Test func `what it complains about is kept apart, and does not stop it`() throws {
        let process = try shell(
            "while read -r line; do head -c 200000 /dev/zero | tr '\\0' e >&2; echo $line; done")
        #expect(try ask(process) == "hello" && ask(process, "again") == "again")
        process.end(within: 60)
        #expect(process.complaints.count == 64 << 10)
    }

    @Test func `one that ends instead tells its status`() throws {
        #expect(throws: TalkingProcess.Failure.ended(7)) { try ask(shell("exit 7")) }
        #expect(throws: TalkingProcess.Failure.ended(137)) { try ask(shell("kill -9 $$")) }
        // What it said before its end is no answer either, for it is no line.
        #expect(throws: TalkingProcess.Failure.ended(0)) { try ask(shell("printf half")) }
    }

    @Test func `one that does not answer is given up and killed`() throws {
        let process = try shell("trap '' TERM; while :; do sleep 1; done")
        #expect(throws: TalkingProcess.Failure.timedOut) { try ask(process, within: 1) }
        #expect(process.end(within: 0) == 137)
    }

    @Test func `one that says too much is no partner`() throws {
        #expect(throws: TalkingProcess.Failure.tooLarge) {
            try ask(shell("cat /dev/zero"), limit: 1 << 20)
        }
        #expect(throws: TalkingProcess.Failure.talksOn) { try ask(shell("printf 'a\\nb'; cat")) }
    }

    @Test func `one that cannot be started is a system error`() {
        #expect(throws: SystemError.self) {
            _ = try TalkingProcess("/nowhere/at all", [], environment: .current)
        }
    }

    @Test func `it ends with who asked`() throws {
        var process: TalkingProcess? = try shell("read -r line; echo $$; exec sleep 600")
        let answer = try process.map { try ask($0) }
        let pid = try #require(answer.flatMap { pid_t($0) })
        process = nil
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }
}
