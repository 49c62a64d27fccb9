import Foundation
import PasselTesting

/// Servers of CI systems and of Azure, which exist for tests nowhere: what they do is written down
/// by those who run them, and their own clients take these for real ones.
///
/// One of each kind serves all tests; each has names of its own.
struct TestCI: Sendable {
    static let (admin, reader) = ("admin-of-the-tests", "reader-of-the-tests")
    /// The application of Azure that may do everything, with `admin` for its secret.
    static let application = "11111111-2222-3333-4444-555555555555"
    static let shared: [String: Result<TestCI, any Error>] = Dictionary(
        uniqueKeysWithValues: ["azure", "github", "gitlab", "circleci"].map { name in
            (name, Result { try TestCI(name) })
        })

    /// The one of a kind.
    static func get(_ name: String) throws -> TestCI {
        guard let server = shared[name] else { throw TestingProblem("no server \(name)") }
        return try server.get()
    }

    let port: Int
    // Ends with the tests.
    nonisolated(unsafe) private let server: Server
    private static let python = Source.root + "/.build-clients/bin/python"

    private init(_ name: String) throws {
        server = try Server(
            Self.python,
            [Source.root + "/Tests/Support/Servers/\(name).py", Self.admin, Self.reader],
            environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"])
        port = server.port
    }

    var address: String { "http://127.0.0.1:\(port)" }

    /// What the server is asked past everything that it checks: a path below `/own/`.
    @discardableResult
    func own(_ path: String, _ body: [String: String]? = nil) throws -> Any {
        let text = try body.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        let outcome = try Invocation.tool(
            "curl",
            ["-sS", "--noproxy", "*", address + "/own/" + path] + (text.map { ["-d", $0] } ?? []))
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        guard !outcome.stdout.isEmpty else { return NSNull() }
        return try JSONSerialization.jsonObject(
            with: Data(outcome.stdout), options: .fragmentsAllowed)
    }

    /// What a script of Python prints, which uses a client of the people who run such servers.
    func client(_ script: String, _ arguments: String...) throws -> String {
        let outcome = try Invocation.tool(
            Self.python, ["-c", script, address, Self.admin] + arguments)
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        return outcome.stdout.text
    }

    /// The bytes that a secret of GitHub has, by its path there.
    func githubValue(_ path: String) throws -> Bytes? {
        let word = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? path
        guard let found = try own("value?path=\(word)") as? [String: Any],
            let value = found["value"] as? String, let data = Data(base64Encoded: value)
        else { return nil }
        return Bytes(data)
    }
}
