import Glibc

/// A server on 127.0.0.1 that a test starts; it ends with the object, and with the tests however
/// they end.
public final class Server {
    private let program: RunningProgram
    /// Where it listens.
    public private(set) var port = 0

    /// A program that prints its port and ends when its input does.
    public init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
        self.program = try RunningProgram(
            Invocation(
                program, arguments.map { Bytes($0.utf8) },
                environment: environment.map { Bytes("\($0.key)=\($0.value)".utf8) },
                directory: "/"))
        guard let port = Int(self.program.line().text) else {
            throw TestingProblem("\(program) \(arguments.first ?? "") does not start")
        }
        self.port = port
    }

    /// A program that listens on a port that it is given and runs until it is ended.
    public convenience init(
        listening program: String, environment: [String: String], log: String,
        _ arguments: (Int) throws -> [String]
    ) throws {
        let port = try Server.freePort()
        // The shell lives as long as its input, and ends the program with itself.
        let script =
            "log=$1; shift; echo \(port); \"$@\" </dev/null >>\"$log\" 2>&1 & pid=$!; "
            + "cat >/dev/null; kill $pid; wait"
        try self.init(
            "/bin/sh", ["-c", script, "sh", log, program] + arguments(port),
            environment: environment)
        guard Server.answers(port) else {
            end()
            throw TestingProblem("\(program) does not listen: \(Disk.read(log)?.text ?? "")")
        }
    }

    /// Ends it; happens by itself when the object goes.
    public func end() { program.end() }

    /// A port on which nobody listens.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = local(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
            }
        }
        guard code == 0 else { throw TestingProblem("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func local(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    /// Whether somebody listens within a minute.
    private static func answers(_ port: Int) -> Bool {
        for _ in 0..<6000 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = local(port)
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if code == 0 { return true }
            usleep(10_000)
        }
        return false
    }
}
