import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct ChildProcessTests {
    /// The program itself never dies of a pipe that nobody reads.
    private static let ignoringBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

    init() { Self.ignoringBrokenPipes }

    private func child(_ program: Path, _ arguments: String...) -> ChildProcess {
        ChildProcess(program, arguments, environment: .current)
    }

    private func shell(_ script: String) -> ChildProcess { child("sh", "-c", script) }

    @Test func `more than the pipes hold goes in and out at the same time`() throws {
        var cat = child("cat")
        let input = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        cat.input = .bytes(input)
        let outcome = try cat.run()
        #expect(outcome.status == 0)
        #expect(outcome.output.exposedBytes == input)
    }

    @Test func `output, error and report are kept apart however much there is`() throws {
        var program = shell(
            """
            cat >/dev/null
            head -c 300000 /dev/zero | tr '\\0' e >&2
            head -c 300000 /dev/zero | tr '\\0' r >&3
            head -c 300000 /dev/zero | tr '\\0' o
            """)
        program.input = .secret(Secret(plain: String(repeating: "i", count: 300_000)))
        program.error = .captured
        program.reports = true
        let outcome = try program.run()
        #expect(outcome.output.exposedBytes == Bytes(repeating: UInt8(ascii: "o"), count: 300_000))
        #expect(outcome.error == Bytes(repeating: UInt8(ascii: "e"), count: 300_000))
        #expect(outcome.report == Bytes(repeating: UInt8(ascii: "r"), count: 300_000))
    }

    @Test(arguments: [
        ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143),
        ("kill -KILL $$", 137), ("kill -SEGV $$", 139),
    ]) func `the status is the code, or 128 and the signal`(script: String, status: Int32) throws {
        #expect(try shell(script).run().status == status)
    }

    @Test func `a child that reads nothing does no harm`() throws {
        var program = shell("exit 3")
        program.input = .bytes(Bytes(repeating: 0x61, count: 1 << 20))
        #expect(try program.run().status == 3)
    }

    @Test func `too much output ends the child`() throws {
        var program = child("yes")
        program.limit = 100_000
        #expect(throws: ChildProcess.OutputTooLarge.self) { try program.run() }
    }

    @Test func `a child that ignores being ended is ended all the same`() throws {
        var program = shell("trap '' TERM; yes; sleep 1; yes")
        program.limit = 1000
        program.error = .discarded
        #expect(throws: ChildProcess.OutputTooLarge.self) { try program.run() }
    }

    @Test func `exactly the limit is fine`() throws {
        var program = shell("head -c 1000 /dev/zero")
        program.limit = 1000
        #expect(try program.run().output.count == 1000)
    }

    @Test func `a program that is not there is an error`() throws {
        let error = try #require(throws: SystemError.self) {
            try child("no-such-program-anywhere").run()
        }
        #expect(error.code == ENOENT)
        #expect(throws: SystemError.self) { try child("/etc/passwd").run() }
    }

    @Test func `nothing goes in unless it is said`() throws {
        #expect(try child("cat").run().output.isEmpty)
        var cat = child("cat")
        cat.input = .bytes([])
        #expect(try cat.run().output.isEmpty)
    }

    @Test func `arguments and variables arrive byte for byte`() throws {
        let odd: [Bytes] = [[], [0xFF, 0x0A, 0x27], Bytes("a b".utf8)]
        var program = ChildProcess(
            "sh", [Bytes("-c".utf8), Bytes("printf '%s|' \"$@\" \"$ODD\"".utf8), [0x78]] + odd,
            environment: .current)
        program.environment["ODD"] = [0xFE]
        let expected = Bytes((odd + [[0xFE]]).map { $0 + [0x7C] }.joined())
        #expect(try program.run().output.exposedBytes == expected)
    }

    @Test func `it starts in its folder under its name`() throws {
        var program = ChildProcess(
            "/bin/sh", ["-c", "pwd; ps -o args= -p $$"], environment: .current)
        program.directory = "/usr"
        program.name = Bytes("other-name".utf8)
        let lines = try program.run().output.exposedBytes.lines.map(\.text)
        #expect(lines.first == "/usr")
        #expect(lines.last?.hasPrefix("other-name -c") == true)
    }

    @Test func `no other descriptor is open in it`() throws {
        let extra = open("/dev/null", O_RDONLY)
        defer { close(extra) }
        let outcome = try shell("ls /proc/$$/fd").run()
        let open = Set(outcome.output.exposedBytes.lines.map(\.text))
        #expect(open == ["0", "1", "2"])
    }

    @Test func `signals are handled as by default, whatever we do`() throws {
        // SIGPIPE is ignored here; `yes` must still die of it.
        #expect(try shell("yes | head -n 1").run().output.exposedBytes == Bytes("y\n".utf8))
        let line = try child("grep", "SigIgn", "/proc/self/status").run().output.exposedBytes
        let ignored = try #require(UInt64(line.trimmed.suffix(16).map { $0 }.text, radix: 16))
        // Bits 31 and up: signals that glibc keeps to itself.
        #expect(ignored & 0x7FFF_FFFF == 0)
    }

    @Test func `a detached child leads a session of its own`() throws {
        var program = shell("ps -o pid=,sid= -p $$")
        program.detached = true
        let ids = try program.run().output.exposedBytes.text.split(whereSeparator: \.isWhitespace)
        #expect(ids.count == 2 && ids.first == ids.last)
    }

    @Test func `no descriptor is left open afterwards`() throws {
        func count() throws -> Int { try Files.names(in: "/proc/self/fd").count }
        let fds = try (0..<3).map { _ -> Int in
            for _ in 0..<30 {
                var program = shell("cat >/dev/null; echo x; echo y >&2")
                program.input = .bytes([0x61])
                program.error = .captured
                program.reports = true
                _ = try program.run()
            }
            return try count()
        }
        // Other tests run beside this one; a leak would be 90 and more each time.
        #expect((fds.last ?? 0) - (fds.first ?? 0) < 60)
    }
}
