import CPosix
import Glibc
public import PasselCore

/// A program that answers each line that it is given with one line.
///
/// It is never waited for longer than was said, nothing of it is kept beyond a limit, and it ends
/// with this object at the latest.
public final class TalkingProcess {
    /// Why there is no answer.
    public enum Failure: Error, Equatable {
        /// None came in time; the program was killed.
        case timedOut
        /// It ended instead: exit code, or 128 + signal.
        case ended(Int32)
        /// More came than may be kept.
        case tooLarge
        /// It said more than one line.
        case talksOn
    }

    private let pid: pid_t
    private var input: Int32
    private var output: Int32
    private var error: Int32
    private var status: Int32?
    private var complaint = SecretReader(limit: TalkingProcess.longestComplaint)

    private static let longestComplaint = 64 << 10

    /// Starts a program, which is looked up on PATH unless it has a slash.
    ///
    /// - Throws: `SystemError` when it cannot be started.
    public init(_ program: Path, _ arguments: [[UInt8]], environment: ProcessEnvironment) throws {
        var ends: [(Int32, Int32)] = []
        func pipe() throws -> (reading: Int32, writing: Int32) {
            var pair: [Int32] = [-1, -1]
            try check("open", "a pipe", passel_pipe(&pair))
            ends.append((pair[0], pair[1]))
            return (pair[0], pair[1])
        }
        do {
            let (forth, back, aside) = (try pipe(), try pipe(), try pipe())
            let started = withArguments([program.bytes] + arguments) { argv in
                withArguments(environment.entries) { variables in
                    program.withCString {
                        passel_spawn(
                            $0, argv, variables, nil, forth.reading, back.writing, aside.writing,
                            -1,
                            0)
                    }
                }
            }
            pid = try check("start", program, started)
            for end in [forth.reading, back.writing, aside.writing] { close(end) }
            (input, output, error) = (forth.writing, back.reading, aside.reading)
            // A pipe that is full must not stop us from draining the others.
            for end in [input, output, error] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        } catch {
            for (reading, writing) in ends {
                close(reading)
                close(writing)
            }
            throw error
        }
    }

    deinit { _ = end(within: 0) }

    /// Gives it a line, which has its end, and waits for the line that it answers.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that the answer may have.
    ///   - seconds: how long the answer may take.
    /// - Throws: `Failure`; it is of no more use then.
    public func answer(to line: Secret, limit: Int, within seconds: Int) throws -> Secret {
        let deadline = Self.now + Int64(seconds) * 1000
        var reader = SecretReader(limit: limit)
        var sent = 0
        while true {
            let left = deadline - Self.now
            guard left > 0 else {
                kill()
                throw Failure.timedOut
            }
            let wantsMore = sent < line.count && input >= 0
            var polled = [
                pollfd(fd: wantsMore ? input : -1, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: error, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 3, Int32(clamping: left)) > 0 else { continue }
            if polled[2].revents != 0 { hear() }
            if polled[0].revents != 0 { sent += give(line, from: sent) }
            guard polled[1].revents != 0 else { continue }
            if let answer = try take(&reader) { return answer }
        }
    }

    /// What it said on standard error, as far as it is kept.
    public var complaints: Secret { complaint.secret }

    /// Lets it end, and kills it if it takes longer; its exit code, or 128 + signal.
    @discardableResult
    public func end(within seconds: Int) -> Int32 {
        if let status { return status }
        closeInput()
        let deadline = Self.now + Int64(seconds) * 1000
        while output >= 0 || error >= 0, deadline > Self.now {
            var polled = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: error, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, Int32(clamping: deadline - Self.now)) > 0 else { continue }
            if polled[1].revents != 0 { hear() }
            if polled[0].revents != 0 { drain() }
        }
        // One that closed everything and goes on all the same is not waited for.
        return kill()
    }

    /// Ends it in any case; its exit code, or 128 + signal.
    @discardableResult
    private func kill() -> Int32 {
        if let status { return status }
        let ended = reaped()
        status = ended
        closeInput()
        for end in [output, error] where end >= 0 { close(end) }
        (output, error) = (-1, -1)
        return ended
    }

    private func reaped() -> Int32 {
        var code: Int32 = 0
        // What closed everything is about to end by itself, and tells its own status.
        for _ in 0..<(output < 0 && error < 0 ? 100 : 1) {
            if waitpid(pid, &code, WNOHANG) == pid {
                return code & 0x7f == 0 ? code >> 8 & 0xff : 128 + (code & 0x7f)
            }
            usleep(2000)
        }
        Glibc.kill(pid, SIGKILL)
        return passel_wait(pid)
    }

    private func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    // MARK: The pipes

    private func give(_ line: Secret, from sent: Int) -> Int {
        let count = line.withBytes { bytes in
            uninterrupted { write(input, bytes.baseAddress.map { $0 + sent }, bytes.count - sent) }
        }
        // One that reads no further may have answered all the same; else it ends.
        if count < 0, passel_errno() != EAGAIN { closeInput() }
        return max(0, count)
    }

    /// Takes what came; the line, once it is whole.
    private func take(_ reader: inout SecretReader) throws -> Secret? {
        let before = reader.count
        let count: Int
        do {
            count = try reader.fillOnce { memory in
                uninterrupted { read(output, memory.baseAddress, memory.count) }
            }
        } catch is SecretReader.TooLarge {
            kill()
            throw Failure.tooLarge
        }
        if count < 0, passel_errno() == EAGAIN { return nil }
        guard count > 0 else {
            close(output)
            output = -1
            throw Failure.ended(end(within: 2))
        }
        guard let end = reader.firstIndex(of: .newline, from: before) else { return nil }
        guard end == reader.count - 1 else {
            kill()
            throw Failure.talksOn
        }
        return reader.secret.slice(0..<end)
    }

    /// Takes what it complains about; what is too much is read and forgotten.
    private func hear() {
        var scrap = [UInt8](repeating: 0, count: 4096)
        let count = scrap.withUnsafeMutableBytes { memory in
            uninterrupted { read(error, memory.baseAddress, memory.count) }
        }
        if count < 0, passel_errno() == EAGAIN { return }
        guard count > 0 else {
            close(error)
            error = -1
            return
        }
        let room = Self.longestComplaint - complaint.count
        guard room > 0 else { return }
        // There is room for that much.
        _ = try? complaint.fillOnce { memory in
            let taken = min(count, room, memory.count)
            memory.copyBytes(from: scrap[..<taken])
            return taken
        }
    }

    private func drain() {
        var scrap = [UInt8](repeating: 0, count: 4096)
        let count = scrap.withUnsafeMutableBytes { memory in
            uninterrupted { read(output, memory.baseAddress, memory.count) }
        }
        scrap.withUnsafeMutableBytes { wipe($0) }
        if count < 0, passel_errno() == EAGAIN { return }
        guard count <= 0 else { return }
        close(output)
        output = -1
    }

    /// Milliseconds of a clock that nobody sets.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
