import Foundation
import Glibc

/// Servers of the git repositories in a folder.
public struct GitServers {
    /// The folder with everything that they need.
    public let folder: String
    /// The folder with the repositories.
    public let repositories: String

    /// Servers of what is in `repositories`, with keys and logs in `folder`.
    public init(_ folder: String, repositories: String) throws {
        self.folder = folder
        self.repositories = repositories
        try Disk.makeFolder(folder)
    }

    private var environment: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder,
            "LC_ALL": "C.UTF-8",
        ]
    }

    private static var python: String { "/usr/bin/python3" }
    private static func script(_ name: String) -> String {
        Source.root + "/Tests/Support/Servers/" + name
    }

    private func tool(_ program: String, _ arguments: [String]) throws {
        let outcome = try Invocation.tool(program, arguments, directory: folder)
        guard outcome.status == 0 else {
            throw TestingProblem("\(program): \(outcome.stderr.text)")
        }
    }

    // MARK: git

    /// `git daemon`, which lets everybody push.
    public func git() throws -> Server {
        try Server(listening: "git", environment: environment, log: folder + "/git.log") { port in
            [
                "daemon", "--listen=127.0.0.1", "--port=\(port)",
                "--base-path=\(repositories)", "--enable=receive-pack", "--export-all",
                "--reuseaddr", "--timeout=20",
            ]
        }
    }

    // MARK: ssh

    /// sshd, which knows the key `identity` of the folder as the tests' own user.
    public func ssh() throws -> Server {
        for key in ["host", "identity", "stranger"]
        where Disk.facts(Bytes("\(folder)/\(key)".utf8)) == nil {
            try tool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)"])
        }
        if geteuid() == 0 { try Disk.makeFolder("/run/sshd", mode: 0o755) }
        let authorised = Disk.read(folder + "/identity.pub") ?? []
        try Disk.write(authorised, to: Bytes((folder + "/authorized").utf8), mode: 0o600)
        return try Server(
            listening: "/usr/sbin/sshd", environment: environment, log: folder + "/ssh.log"
        ) { port in
            let settings = """
                ListenAddress 127.0.0.1:\(port)
                HostKey \(folder)/host
                AuthorizedKeysFile \(folder)/authorized
                PidFile \(folder)/sshd.pid
                UsePAM no
                StrictModes no
                PasswordAuthentication no
                KbdInteractiveAuthentication no

                """
            try Disk.write(settings, to: folder + "/sshd_config")
            return ["-D", "-e", "-f", folder + "/sshd_config"]
        }
    }

    /// The line of known_hosts for the ssh server.
    public func knownHost(_ server: Server) -> String {
        let key = (Disk.read(folder + "/host.pub")?.text ?? "").split(separator: " ").prefix(2)
        return "[127.0.0.1]:\(server.port) \(key.joined(separator: " "))\n"
    }

    // MARK: https

    /// The certificate of the authority that vouches for the https servers.
    public var authority: String { folder + "/ca.pem" }

    /// An https server for `alice` with a password.
    ///
    /// - Parameters:
    ///   - log: gets a line for each request, with whether it came with credentials.
    ///   - elsewhere: where those who are let in are sent to.
    public func https(
        password: String, log: String? = nil, elsewhere: String? = nil
    ) throws -> Server {
        if Disk.facts(Bytes(authority.utf8)) == nil { try makeCertificates() }
        return try Server(
            Self.python,
            [
                Self.script("https.py"), repositories, folder + "/srv.pem", folder + "/srv.key",
                "alice", password, log ?? "/dev/null",
            ] + (elsewhere.map { [$0] } ?? []), environment: environment)
    }

    /// Makes `ca.pem`, and `srv.pem` with `srv.key` for this machine.
    public func makeCertificates() throws {
        let elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try tool(
            "openssl",
            ["req", "-x509"] + elliptic + [
                "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test CA",
                "-addext", "basicConstraints=critical,CA:TRUE",
            ])
        try tool(
            "openssl",
            ["req"] + elliptic + [
                "-keyout", "srv.key", "-out", "srv.csr", "-subj", "/CN=localhost",
            ])
        try Disk.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n", to: folder + "/ext")
        try tool(
            "openssl",
            [
                "x509", "-req", "-in", "srv.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", "ext", "-out", "srv.pem",
            ])
    }

    // MARK: A bad line

    /// A way to a server that can be cut.
    public func badLine(to server: Server) throws -> BadLine {
        let control = folder + "/line"
        try Disk.write("pass\n", to: control)
        let proxy = try Server(
            Self.python, [Self.script("proxy.py"), control, "\(server.port)"],
            environment: environment)
        return BadLine(server: proxy, control: control)
    }
}

/// A way to a server that can be cut.
public struct BadLine {
    /// What happens to a connection.
    public enum Fault: Sendable, Equatable {
        /// Nothing.
        case none
        /// It ends after so many bytes to the server, or from it.
        case cut(up: Bool, Int)
        /// It is reset.
        case reset(up: Bool, Int)
        /// Nothing more goes through.
        case stall(up: Bool, Int)
    }

    /// Where it listens.
    public let server: Server
    let control: String

    /// What happens to the connections from now on.
    public func set(_ fault: Fault) throws {
        let line =
            switch fault {
            case .none: "pass"
            case .cut(let up, let offset): "cut \(up ? "up" : "down") \(offset)"
            case .reset(let up, let offset): "rst \(up ? "up" : "down") \(offset)"
            case .stall(let up, let offset): "stall \(up ? "up" : "down") \(offset)"
            }
        try Disk.write(line + "\n", to: control)
    }

    /// How many bytes went through the last connection that ended.
    public var counts: (up: Int, down: Int) {
        let words = (Disk.read(control + ".count")?.text ?? "").split(
            whereSeparator: \.isWhitespace)
        return (Int(words.first ?? "") ?? 0, Int(words.dropFirst().first ?? "") ?? 0)
    }
}
