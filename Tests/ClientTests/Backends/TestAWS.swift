import Foundation
import PasselTesting

/// AWS as moto has it, which checks signatures and policies: botocore makes each signature once more.
///
/// One serves all tests; each has names of its own.
struct TestAWS: Sendable {
    static let region = "eu-central-1"
    static let shared = Result { try TestAWS() }

    let port: Int
    /// The role that all but `reader` may take on.
    let role: String
    // Ends with the tests.
    nonisolated(unsafe) private let server: Server
    private let keys: [String: [String]]
    private static let python = Source.root + "/.build-clients/bin/python"

    private init() throws {
        let folder = NSTemporaryDirectory() + "/passel-aws.\(getpid())"
        try Disk.makeFolder(folder)
        defer { Disk.remove(folder) }
        server = try Server(
            Self.python, [Source.root + "/Tests/Support/Servers/aws.py", folder + "/keys"],
            environment: ["HOME": folder, "PATH": "/usr/bin:/bin"])
        port = server.port
        let content = Data(Disk.read(folder + "/keys") ?? [])
        guard let json = try JSONSerialization.jsonObject(with: content) as? [String: Any],
            let role = json["role"] as? String
        else { throw TestingProblem("no access keys") }
        self.role = role
        keys = json.compactMapValues { $0 as? [String] }
    }

    /// An access key: identifier, secret and perhaps session token.
    func key(_ user: String) throws -> [String] {
        guard let key = keys[user] else { throw TestingProblem("nobody is \(user)") }
        return key
    }

    /// An access key as settings.
    func settings(_ user: String) throws -> [String: String] {
        let names = ["access-key-id", "secret-access-key", "session-token"]
        return Dictionary(uniqueKeysWithValues: zip(names, try key(user)))
    }

    /// An access key as a section of a file of the tools.
    func section(_ name: String, _ user: String) throws -> String {
        let names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
        return "[\(name)]\n"
            + zip(names, try key(user)).map { "\($0) = \($1)\n" }.joined()
    }

    /// What Secrets Manager answers to boto3.
    @discardableResult
    func ask(_ operation: String, _ parameters: [String: Any]) throws -> [String: Any] {
        let client = """
            import boto3, json, sys
            address, region, key, secret, operation, parameters = sys.argv[1:]
            client = boto3.client("secretsmanager", endpoint_url=address, region_name=region,
                                  aws_access_key_id=key, aws_secret_access_key=secret)
            answer = getattr(client, operation)(**json.loads(parameters))
            if "SecretBinary" in answer:
                answer["SecretBinary"] = list(answer["SecretBinary"])
            print(json.dumps(answer, default=str))
            """
        let text = try JSONSerialization.data(withJSONObject: parameters)
        let outcome = try Invocation.tool(
            Self.python,
            ["-c", client, "http://127.0.0.1:\(port)", Self.region] + key("admin")
                + [operation, String(decoding: text, as: UTF8.self)])
        guard outcome.status == 0 else {
            throw TestingProblem("\(operation): \(outcome.stderr.text)")
        }
        let json = try JSONSerialization.jsonObject(with: Data(outcome.stdout))
        return json as? [String: Any] ?? [:]
    }
}
