import CPosix
import Glibc
public import PasselCore

/// A program to be run to its end, with what goes in and what is kept of what comes out.
public struct ChildProcess {
    /// Where standard input comes from.
    public enum Input {
        case inherited
        case nothing
        case secret(Secret)
        case bytes([UInt8])
    }

    /// Where standard output or standard error goes.
    public enum Output: Equatable {
        case inherited
        case discarded
        case captured
        /// To this program's own standard error.
        case standardError
    }

    /// How it ended and what it said.
    public struct Outcome {
        /// Exit code, or 128 + signal.
        public let status: Int32
        /// What came on standard output, if captured.
        public let output: Secret
        /// What came on standard error, if captured.
        public let errorOutput: Secret
        /// What came on descriptor 3, if that was asked for.
        public let reportOutput: Secret

        /// What came on standard error, where nothing in it is secret.
        public var error: [UInt8] { errorOutput.exposedBytes }
        /// What came on descriptor 3, where nothing in it is secret.
        public var report: [UInt8] { reportOutput.exposedBytes }
    }

    /// Thrown when more arrived on standard output than may be kept.
    public struct OutputTooLarge: Error {}

    /// The program: looked up on PATH unless it has a slash.
    public var program: Path
    /// The arguments after the program's own name.
    public var arguments: [[UInt8]]
    /// The program's own name, if it is not `program`.
    public var name: [UInt8]?
    /// Its variables.
    public var environment: ProcessEnvironment
    /// The folder that it starts in, if not this program's.
    public var directory: Path?
    /// Where standard input comes from.
    public var input: Input = .nothing
    /// Where standard output goes.
    public var output: Output = .captured
    /// Where standard error goes.
    public var error: Output = .inherited
    /// Whether descriptor 3 is open for it to report on.
    public var reports = false
    /// The most that may come on standard output.
    public var limit = 64 << 20
    /// Whether it leads a session of its own, away from the terminal.
    public var detached = false

    /// A program with its arguments and variables.
    public init(_ program: Path, _ arguments: [[UInt8]], environment: ProcessEnvironment) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// A program with its arguments, spelled as strings.
    public init(_ program: Path, _ arguments: [String], environment: ProcessEnvironment) {
        self.init(program, arguments.map { Array($0.utf8) }, environment: environment)
    }

    /// Runs it to its end.
    ///
    /// - Throws: `SystemError` when it cannot be started, `OutputTooLarge`.
    public func run() throws -> Outcome {
        var plumbing = Plumbing()
        let standardInput = try plumbing.input(input)
        let standardOutput = try plumbing.output(output)
        let standardError = try plumbing.output(error)
        let report = reports ? try plumbing.output(.captured) : -1
        let pid = try spawn(standardInput, standardOutput, standardError, report)
        plumbing.closeChildEnds()
        do {
            try plumbing.exchange(limit: limit)
        } catch {
            // Not SIGTERM: a child that is deaf to it, or stuck in a full pipe, would be waited for
            // forever.
            kill(pid, SIGKILL)
            _ = passel_wait(pid)
            throw error
        }
        let status = passel_wait(pid)
        return Outcome(
            status: status, output: plumbing.captured(standardOutput),
            errorOutput: plumbing.captured(standardError),
            reportOutput: plumbing.captured(report))
    }

    /// Starts it and hands `input` over without waiting for its end.
    public func start() throws {
        var plumbing = Plumbing()
        let standardInput = try plumbing.input(input)
        _ = try spawn(
            standardInput, try plumbing.output(output), try plumbing.output(error), -1)
        plumbing.closeChildEnds()
        try plumbing.exchange(limit: limit)
    }

    private func spawn(
        _ input: Int32, _ output: Int32, _ error: Int32, _ report: Int32
    ) throws -> pid_t {
        let pid = withArguments([name ?? program.bytes] + arguments) { argv in
            withArguments(environment.entries) { variables in
                program.withCString { program in
                    if let directory {
                        return directory.withCString {
                            passel_spawn(
                                program, argv, variables, $0, input, output, error, report,
                                detached ? 1 : 0)
                        }
                    }
                    return passel_spawn(
                        program, argv, variables, nil, input, output, error, report,
                        detached ? 1 : 0)
                }
            }
        }
        return try check("start", program, pid)
    }
}

extension Secret {
    /// The bytes in ordinary memory, for what another program says and is not secret.
    public var exposedBytes: [UInt8] { withBytes { Array($0) } }
}

/// Calls `body` with a NULL-terminated vector of NUL-terminated strings.
public func withArguments<R>(
    _ arguments: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { argument in
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: argument.count + 1)
        for (index, byte) in argument.enumerated() { copy[index] = CChar(bitPattern: byte) }
        copy[argument.count] = 0
        return copy
    }
    defer { for pointer in pointers { pointer?.deallocate() } }
    pointers.append(nil)
    // getopt permutes the vector, so what is freed is remembered here.
    var vector = pointers
    return vector.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
        return body(start)
    }
}
