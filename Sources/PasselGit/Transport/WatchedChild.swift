import CGit2
import Glibc
import PasselCore
import PasselPosix

/// A program that talks to another machine: watched while it does, and ended with all that it
/// started when nothing comes any more.
struct WatchedChild {
    /// How it ended.
    struct Outcome {
        /// Exit code, or 128 + signal.
        let status: Int32
        let output: [UInt8]
        let lines: [Text]
        let end: End
    }

    enum End {
        case byItself
        /// Nothing came for too long, or it went on for too long.
        case timedOut
        /// It wrote more than anybody needs.
        case talkedTooMuch
    }

    let program: Path
    let arguments: [[UInt8]]
    let environment: ProcessEnvironment
    let directory: Path
    /// In seconds: how long nothing may come.
    let patience: Int
    /// Whether it shares the terminal, on which it can ask questions.
    let isInteractive: Bool

    private static let outputLimit = 8 << 20
    /// Of each process; what is sent as a few bytes may unpack to any size.
    private static let memoryLimit: UInt = 192 << 20
    private static let fileLimit: UInt = 1 << 30
    /// How many times `patience` it may take in all.
    private static let longest = 40
    /// In seconds: how long a person may take to answer.
    private static let thinking = 300

    /// Runs it to its end.
    ///
    /// - Throws: `SystemError` when it cannot be started.
    func run(told: @escaping (Text) -> Void) throws -> Outcome {
        var output = try Pipe()
        var error = try Pipe()
        let pid = try start(output.writing, error.writing)
        output.closeWriting()
        error.closeWriting()
        var watch = passel_git_watch(pid)
        defer { if watch >= 0 { close(watch) } }

        var text = RemoteText(told: told)
        var kept: [UInt8] = []
        let started = Self.now
        var last = started
        var (heard, ended): (Bool, Double?) = (false, nil)
        var status: Int32 = -1
        var end = End.byItself
        while output.isOpen || error.isOpen || ended == nil {
            var polled = [output.reading, error.reading, watch].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            // Without a watch the end is looked for.
            _ = poll(&polled, 3, ended != nil ? 50 : watch < 0 ? 20 : 250)
            let came = output.read()
            if !came.isEmpty {
                kept += came
                if kept.count > Self.outputLimit { end = .talkedTooMuch }
            }
            let said = error.read()
            text.take(said)
            let now = Self.now
            if !came.isEmpty || !said.isEmpty { (last, heard) = (now, true) }
            if ended == nil, let code = Self.reap(pid) {
                (status, ended) = (code, now)
                if watch >= 0 { close(watch) }
                watch = -1
            }
            if let ended {
                // What a program in the background keeps open never ends.
                if now - max(ended, last) > 0.3 { break }
                continue
            }
            if now - last > Double(patience), !isWaitedFor(pid, heard: heard, now - last) {
                end = .timedOut
            }
            if now - started > Double(patience * Self.longest) { end = .timedOut }
            if end != .byItself {
                status = Self.stop(pid, isApart: !isInteractive)
                break
            }
        }
        text.finish()
        return Outcome(status: status, output: kept, lines: text.lines, end: end)
    }

    /// Whether a person, and not the other machine, is waited for.
    private func isWaitedFor(_ pid: pid_t, heard: Bool, _ silence: Double) -> Bool {
        guard isInteractive else { return false }
        // A window that asks cannot be told from a silent server; it comes before all else.
        let limit = Self.readsTerminal(pid) ? Self.thinking : heard ? 0 : 2 * patience
        return silence < Double(limit)
    }

    /// Whether it, or what it started, waits for something to be typed.
    private static func readsTerminal(_ pid: pid_t) -> Bool {
        ([pid] + descendants(of: pid)).contains { pid in
            let process: Path = "/proc" / Array(String(pid).utf8)
            // The number of the system call and its arguments, of which the first is what is read.
            guard let call = try? Files.read(process / "syscall"),  // not ours to see: no
                let word = call.split(separator: 0x20).dropFirst().first,
                word.starts(with: "0x".utf8), word.count < 8,
                let number = Int(String(decoding: word.dropFirst(2), as: UTF8.self), radix: 16),
                let file = try? Files.target(of: process / "fd" / Array(String(number).utf8))
            else { return false }
            return file == "/dev/tty" || file.isWithin("/dev/pts")
        }
    }

    private func start(_ output: Int32, _ error: Int32) throws -> pid_t {
        let pid = withArguments([program.name] + arguments) { arguments in
            withArguments(environment.entries) { variables in
                program.withCString { program in
                    directory.withCString { directory in
                        var child = passel_git_child(
                            program: program, arguments: arguments, environment: variables,
                            directory: directory, output: output, error: error,
                            apart: isInteractive ? 0 : 1, memory: Self.memoryLimit,
                            file: Self.fileLimit)
                        return passel_git_start(&child)
                    }
                }
            }
        }
        guard pid > 0 else { throw SystemError("start", program) }
        return pid
    }

    private static func reap(_ pid: pid_t) -> Int32? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }

    /// Ends it and all that it started: a second to tidy up, then at once.
    private static func stop(_ pid: pid_t, isApart: Bool) -> Int32 {
        // On the terminal it is in our own group.
        let family = isApart ? [-pid] : [pid] + descendants(of: pid)
        for one in family { kill(one, SIGTERM) }
        var status: Int32?
        let start = now
        while status == nil, now - start < 1 {
            status = reap(pid)
            if status == nil { usleep(10_000) }
        }
        for one in family where one != pid || status == nil { kill(one, SIGKILL) }
        while status == nil {
            status = reap(pid)
            if status == nil { usleep(10_000) }
        }
        return status ?? -1
    }

    private static func descendants(of pid: pid_t) -> [pid_t] {
        let list: Path = "/proc" / Array("\(pid)/task/\(pid)/children".utf8)
        // Ended by now, or a kernel without the list: then nobody else is ended.
        guard let text = try? Files.read(list) else { return [] }
        let children = text.split(separator: 0x20).compactMap {
            pid_t(String(decoding: $0, as: UTF8.self))
        }
        return children + children.flatMap(descendants)
    }

    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Where a child writes to and we read from.
private struct Pipe: ~Copyable {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard passel_git_pipe(&ends) == 0 else { throw SystemError("open", "a pipe") }
        (reading, writing) = (ends[0], ends[1])
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if reading >= 0 { close(reading) }
        if writing >= 0 { close(writing) }
    }

    var isOpen: Bool { reading >= 0 }

    mutating func closeWriting() {
        close(writing)
        writing = -1
    }

    /// What is there; at its end it is closed.
    mutating func read() -> [UInt8] {
        guard reading >= 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(reading, &bytes, bytes.count)
        if count > 0 { return Array(bytes[..<count]) }
        if count == 0 || (errno != EAGAIN && errno != EINTR) {
            close(reading)
            reading = -1
        }
        return []
    }
}
