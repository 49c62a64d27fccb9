import CPosix
import Foundation
import Glibc

/// A program to run: what it is called with, what it reads, and how long it may take.
public struct Invocation: Sendable {
    /// What a program finds on its standard streams.
    public enum Input: Sendable {
        /// `/dev/null`.
        case nothing
        /// A pipe that carries these bytes and then ends.
        case bytes(Bytes)
        /// A controlling terminal on all three streams, on which these lines are typed.
        case terminal(typed: Bytes)
        /// A controlling terminal on standard input only; the others are pipes.
        case terminalOnInput(typed: Bytes)
    }

    /// The program, searched on the PATH of `environment`; becomes `argv[0]` as it stands.
    public var program: String
    /// The arguments after the program.
    public var arguments: [Bytes]
    /// The whole environment, as `NAME=value`.
    public var environment: [Bytes]
    /// Where it runs.
    public var directory: String
    /// Its standard input.
    public var input: Input
    /// After so many seconds the program and its process group are killed.
    public var timeout: Double

    /// A program with its arguments; nothing runs yet.
    public init(
        _ program: String, _ arguments: [Bytes], environment: [Bytes], directory: String,
        input: Input = .nothing, timeout: Double = 300
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.timeout = timeout
    }

    /// Runs one of the tests' own tools in a fixed, empty environment plus `extra`.
    public static func tool(
        _ program: String, _ arguments: [String], extra: [String] = [], input: Bytes? = nil,
        directory: String = "/"
    ) throws -> Outcome {
        let fixed = [
            "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/nonexistent",
            "GIT_CONFIG_NOSYSTEM=1", "GIT_OPTIONAL_LOCKS=0",
        ]
        return try Invocation(
            program, arguments.map { Bytes($0.utf8) },
            environment: (fixed + extra).map { Bytes($0.utf8) }, directory: directory,
            input: input.map { .bytes($0) } ?? .nothing
        ).run()
    }

    /// Runs the program to its end.
    public func run() throws -> Outcome {
        var child = try Child(starting: self)
        return child.finish(within: timeout)
    }

    /// Starts the program without waiting; the result is a process that leads its own group.
    func start(input: Int32, output: Int32, error: Int32) throws -> pid_t {
        var words = [Bytes(program.utf8)] + arguments
        var found = try locate(program)
        var ownSession: Int32 = 1
        switch self.input {
        case .nothing, .bytes: break
        case .terminal, .terminalOnInput:
            // setsid -c makes the terminal on standard input the controlling one of a new session.
            words = [Bytes("setsid".utf8), Bytes("-c".utf8)] + words
            found = "/usr/bin/setsid"
            ownSession = 0
        }
        let pid = withCStrings(words) { argv in
            withCStrings(environment) { environment in
                passel_spawn(
                    found, argv, environment, directory, input, output, error, -1, ownSession)
            }
        }
        guard pid > 0 else { throw TestingProblem("cannot run \(found) in \(directory)") }
        return pid
    }

    private func locate(_ program: String) throws -> String {
        if program.contains("/") { return program }
        let path = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? []
        for folder in path.split(separator: 0x3A) {
            let candidate = Bytes(folder).text + "/" + program
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw TestingProblem("\(program) is not on PATH")
    }
}

/// What a finished program left behind.
public struct Outcome: Sendable, Equatable {
    /// Its exit status as a shell reports it: the code, or 128 + signal.
    public var status: Int32
    /// Its standard output, when that was a pipe.
    public var stdout = Bytes()
    /// Its standard error, when that was a pipe.
    public var stderr = Bytes()
    /// Everything that the terminal showed, when it had one.
    public var terminal = Bytes()
    /// Whether it was killed because its time was over.
    public var timedOut = false
    /// Whether something it left running kept its output open.
    public var leftOutputOpen = false
}

private func withCStrings<Result>(
    _ strings: [Bytes], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { string in
        Disk.withCString(string) { strdup($0) }
    }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        guard let address = buffer.baseAddress else { preconditionFailure("never empty") }
        return body(address)
    }
}
