import CPosix
import Foundation
import Glibc

/// A running program with the near ends of its streams.
struct Child: ~Copyable {
    private let pid: pid_t
    private var input: Int32 = -1
    private var unsent = Bytes()[...]
    private var output: Int32 = -1
    private var error: Int32 = -1
    private var terminal: Int32 = -1
    /// Whether the program has closed the terminal.
    ///
    /// Our end stays open until the program has ended: closing it would send a hang-up to a program
    /// that is about to end by itself.
    private var isHungUp = false
    private var typist: Typist?

    init(starting invocation: Invocation) throws {
        Child.prepareProcess
        var far: [Int32] = []
        defer { for descriptor in far { close(descriptor) } }
        var streams: (Int32, Int32, Int32) = (-1, -1, -1)
        switch invocation.input {
        case .nothing:
            streams.0 = open("/dev/null", O_RDONLY | O_CLOEXEC)
            far.append(streams.0)
        case .bytes(let bytes):
            let pipe = try Child.makePipe()
            (streams.0, input, unsent) = (pipe.reading, pipe.writing, bytes[...])
            far.append(pipe.reading)
        case .terminal(let typed), .terminalOnInput(let typed):
            var near: Int32 = -1
            var slave: Int32 = -1
            guard passel_open_pty(&near, &slave) == 0 else {
                throw TestingProblem("no pseudo-terminal")
            }
            far.append(slave)
            terminal = near
            streams = (slave, slave, slave)
            typist = Typist(typed)
            if case .terminalOnInput = invocation.input { streams = (slave, -1, -1) }
        }
        if streams.1 < 0 {
            let (out, err) = (try Child.makePipe(), try Child.makePipe())
            (output, error) = (out.reading, err.reading)
            (streams.1, streams.2) = (out.writing, err.writing)
            far += [out.writing, err.writing]
        }
        for near in [input, output, error, terminal] where near >= 0 {
            _ = fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK)
        }
        pid = try invocation.start(input: streams.0, output: streams.1, error: streams.2)
    }

    /// Feeds and reads the streams until the program has ended, or kills its process group.
    mutating func finish(within timeout: Double) -> Outcome {
        var outcome = Outcome(status: -1)
        let deadline = Clock.now + timeout
        var ended: Double?
        var last = Clock.now
        while true {
            let moved = transfer(into: &outcome)
            if moved { last = Clock.now }
            typist?.step(terminal: terminal, session: pid, seen: outcome.terminal.count)
            if ended == nil, let status = reap() {
                outcome.status = status
                ended = Clock.now
            }
            let open = [output, error].contains { $0 >= 0 } || (terminal >= 0 && !isHungUp)
            if let ended {
                if !open { break }
                // What a background process keeps open never ends; take what is there and go.
                if Clock.now - max(ended, last) > 0.25 {
                    outcome.leftOutputOpen = true
                    break
                }
            } else if Clock.now > deadline {
                // Programs get a second to clean up after themselves, undisturbed.
                if !outcome.timedOut { kill(-pid, SIGTERM) }
                if Clock.now > deadline + 1 { kill(-pid, SIGKILL) }
                outcome.timedOut = true
            } else if !open {
                usleep(500)
            }
        }
        _ = Child.drain(terminal, into: &outcome.terminal)
        for near in [input, output, error, terminal] where near >= 0 { close(near) }
        return outcome
    }

    private mutating func transfer(into outcome: inout Outcome) -> Bool {
        var polled: [pollfd] = []
        for descriptor in [output, error, isHungUp ? -1 : terminal] where descriptor >= 0 {
            polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
        if input >= 0 {
            if unsent.isEmpty {
                close(input)
                input = -1
            } else {
                polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
            }
        }
        guard !polled.isEmpty, poll(&polled, nfds_t(polled.count), 10) > 0 else { return false }
        if input >= 0 {
            let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 { unsent = unsent.dropFirst(count) }
            if count < 0, errno != EAGAIN { unsent = [] }
        }
        let before = outcome.stdout.count + outcome.stderr.count + outcome.terminal.count
        if Child.drain(output, into: &outcome.stdout) { Child.end(&output) }
        if Child.drain(error, into: &outcome.stderr) { Child.end(&error) }
        if Child.drain(terminal, into: &outcome.terminal) { isHungUp = true }
        return outcome.stdout.count + outcome.stderr.count + outcome.terminal.count > before
    }

    private func reap() -> Int32? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Reads what is there; true when nothing more will come.
    private static func drain(_ descriptor: Int32, into bytes: inout Bytes) -> Bool {
        guard descriptor >= 0 else { return false }
        var buffer = Bytes(repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
                continue
            }
            return !(count < 0 && (errno == EAGAIN || errno == EINTR))
        }
    }

    private static func end(_ descriptor: inout Int32) {
        close(descriptor)
        descriptor = -1
    }

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TestingProblem("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Writing to a program that has ended must not end the tests; and programs must not inherit a
    /// strict umask from them, because it is the programs' own that is tested.
    private static let prepareProcess: Void = {
        signal(SIGPIPE, SIG_IGN)
        umask(0o022)
    }()
}

/// Seconds that only go forward.
enum Clock {
    static var now: Double { ProcessInfo.processInfo.systemUptime }
}
