import CPosix
import Glibc
public import PasselCore

/// A program through which more passes than fits into memory.
public struct StreamingProcess {
    /// The program: looked up on PATH unless it has a slash.
    public var program: Path
    /// The arguments after the program's own name.
    public var arguments: [[UInt8]]
    /// Its variables.
    public var environment: ProcessEnvironment
    /// The folder that it starts in, if not this program's.
    public var directory: Path?
    /// What it gets before everything else.
    public var lead: Secret?
    /// Whether descriptor 3 is open for it to report on.
    public var reports = false
    /// Whether its standard error is this program's; else nobody hears it.
    public var isHeard = false
    /// Whether its standard error comes with its standard output.
    public var mergesError = false

    /// How it ended and what it reported.
    public struct Outcome {
        /// Exit code, or 128 + signal.
        public let status: Int32
        /// What came on descriptor 3.
        public let report: Secret
    }

    /// A program with its arguments and variables.
    public init(_ program: Path, _ arguments: [[UInt8]], environment: ProcessEnvironment) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Runs it to its end, giving it what `feed` gives until that is nothing, and `drain` what it
    /// writes.
    ///
    /// What it does not want to read any more is not fed to it.
    ///
    /// - Throws: `SystemError` when it cannot be started; what `feed` and `drain` throw, and it is
    ///   killed then.
    public func run(
        feed: () throws -> [UInt8]?, drain: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Outcome {
        var pipes = try Pipes(isHeard: isHeard || mergesError, reports: reports)
        let pid = try spawn(pipes)
        pipes.closeChildEnds()
        do {
            try pipes.exchange(lead, feed: feed, drain: drain)
        } catch {
            kill(pid, SIGKILL)
            _ = passel_wait(pid)
            throw error
        }
        let status = passel_wait(pid)
        return Outcome(status: status, report: try pipes.report())
    }

    private func spawn(_ pipes: borrowing Pipes) throws -> pid_t {
        let (input, output) = (pipes.input.reading, pipes.output.writing)
        let error = mergesError ? output : pipes.error
        let report = pipes.reportFile
        let pid = withArguments([program.bytes] + arguments) { argv in
            withArguments(environment.entries) { variables in
                program.withCString { program in
                    guard let directory else {
                        return passel_spawn(
                            program, argv, variables, nil, input, output, error, report, 0)
                    }
                    return directory.withCString {
                        passel_spawn(
                            program, argv, variables, $0, input, output, error, report, 0)
                    }
                }
            }
        }
        return try check("start", program, pid)
    }
}

/// The descriptors between this program and the other, which are closed in any case.
private struct Pipes: ~Copyable {
    fileprivate private(set) var input: (reading: Int32, writing: Int32) = (-1, -1)
    fileprivate private(set) var output: (reading: Int32, writing: Int32) = (-1, -1)
    /// Of the child; -1 for this program's own.
    fileprivate private(set) var error: Int32 = -1
    /// A file in memory, which nobody needs to read while the program runs; -1 for none.
    fileprivate private(set) var reportFile: Int32 = -1

    /// How much is read at a time.
    private static let piece = 256 << 10
    /// Linux's `F_SETPIPE_SZ`, which the module leaves out.
    private static let setSize: Int32 = 1031

    init(isHeard: Bool, reports: Bool) throws {
        func pipe() throws -> (Int32, Int32) {
            var ends: [Int32] = [-1, -1]
            try check("open", "a pipe", passel_pipe(&ends))
            return (ends[0], ends[1])
        }
        input = try pipe()
        output = try pipe()
        // A pipe that is full must not stop us from draining the other.
        _ = fcntl(input.writing, F_SETFL, O_NONBLOCK)
        // Fewer turns; where it is refused, more.
        _ = fcntl(input.writing, Self.setSize, Int32(Self.piece))
        _ = fcntl(output.reading, Self.setSize, Int32(Self.piece))
        if !isHeard {
            error = try check(
                "open", "/dev/null", passel_open("/dev/null", O_WRONLY | O_CLOEXEC, 0))
        }
        if reports { reportFile = try check("make", "a file in memory", passel_memory_file()) }
    }

    deinit {
        for end in [
            input.reading, input.writing, output.reading, output.writing, error, reportFile,
        ] where end >= 0 { close(end) }
    }

    mutating func closeChildEnds() {
        close(input.reading)
        input.reading = -1
        close(output.writing)
        output.writing = -1
    }

    mutating func exchange(
        _ lead: Secret?, feed: () throws -> [UInt8]?,
        drain: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 16)
        defer {
            wipe(buffer)
            buffer.deallocate()
        }
        var lead = lead
        var (piece, sent): ([UInt8], Int) = ([], 0)
        while output.reading >= 0 {
            if input.writing >= 0, lead == nil, sent == piece.count {
                sent = 0
                if let next = try feed() {
                    piece = next
                    if next.isEmpty { continue }
                } else {
                    piece = []
                    closeInput()
                }
            }
            var polled = [
                pollfd(fd: input.writing, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, -1) > 0 else { continue }
            if polled[0].revents != 0, input.writing >= 0 {
                if let secret = lead {
                    // Shorter than any pipe: it goes in whole.
                    let count = secret.withBytes { write(input.writing, $0.baseAddress, $0.count) }
                    if count < 0, passel_errno() != EAGAIN, passel_errno() != EINTR { closeInput() }
                    if count >= 0 { lead = nil }
                } else {
                    sent += give(piece, from: sent)
                }
            }
            if polled[1].revents != 0 {
                let count = uninterrupted { read(output.reading, buffer.baseAddress, buffer.count) }
                try check("read", "a pipe", count)
                if count == 0 {
                    close(output.reading)
                    output.reading = -1
                } else {
                    try drain(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        }
    }

    private mutating func give(_ piece: [UInt8], from sent: Int) -> Int {
        let count = piece.withUnsafeBytes {
            write(input.writing, $0.baseAddress.map { $0 + sent }, $0.count - sent)
        }
        if count < 0, passel_errno() != EAGAIN, passel_errno() != EINTR { closeInput() }
        return max(0, count)
    }

    private mutating func closeInput() {
        close(input.writing)
        input.writing = -1
    }

    func report() throws -> Secret {
        guard reportFile >= 0 else { return Secret(plain: "") }
        try check("read", "a report", lseek(reportFile, 0, SEEK_SET))
        var reader = SecretReader(limit: 1 << 20)
        let end = try reader.fill { read(reportFile, $0.baseAddress, $0.count) }
        try check("read", "a report", end)
        return reader.secret
    }
}
