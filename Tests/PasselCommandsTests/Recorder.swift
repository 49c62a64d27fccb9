import CPosix
import Glibc
import PasselPosix
import PasselTesting

@testable import PasselCommands

/// A session whose words are kept, with files or a terminal in the place of its streams.
final class Recorder {
    let box: Sandbox
    private let master: Int32?
    private let results: Int32
    private let messages: Int32
    private let input: Int32

    /// With `onTerminal` all three streams are one terminal, on which `typed` has been typed.
    init(onTerminal: Bool = false, typed: String = "") throws {
        box = try Sandbox()
        guard onTerminal else {
            (master, input) = (nil, open("/dev/null", O_RDONLY | O_CLOEXEC))
            results = open(box.root + "/results", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            messages = open(box.root + "/messages", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            return
        }
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        guard passel_open_pty(&ends.master, &ends.slave) == 0 else {
            throw TestingProblem("no terminal")
        }
        // What is typed would show at any time.
        var mode = termios()
        tcgetattr(ends.slave, &mode)
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(ends.slave, TCSANOW, &mode)
        (master, input) = (ends.master, ends.slave)
        (results, messages) = (ends.slave, ends.slave)
        _ = Bytes(typed.utf8).withUnsafeBytes { write(ends.master, $0.baseAddress, $0.count) }
    }

    deinit {
        for descriptor in Set([results, messages, input, master ?? -1]) where descriptor >= 0 {
            close(descriptor)
        }
    }

    /// A session called by this name.
    func session(
        _ program: String = "passel", _ commands: OwnCommands = .all,
        environment: [String: String] = [:]
    ) -> Session {
        let base = [
            "HOME": box.home, "PATH": "/usr/bin:/bin", "PASSWORD_STORE_UMASK": "022",
            "TERM": "xterm", "PASSWORD_STORE_DIR": box.store,
        ]
        let all = base.merging(environment) { _, new in new }
        return Session(
            program: Bytes(program.utf8),
            environment: ProcessEnvironment(all.mapValues { Bytes($0.utf8) }),
            output: Output(results: results, messages: messages),
            input: input, ownCommands: commands)
    }

    /// What went to standard output.
    var stdout: Bytes { Disk.read(box.root + "/results") ?? [] }
    /// What went to standard error.
    var stderr: Bytes { Disk.read(box.root + "/messages") ?? [] }

    /// What the terminal shows by now, without what was typed, with plain line feeds.
    var shown: String {
        guard let master else { return "" }
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 4096)
        while true {
            var poll = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, 50) == 1 else { break }
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes.filter { $0 != 0x0D }.text
    }
}
