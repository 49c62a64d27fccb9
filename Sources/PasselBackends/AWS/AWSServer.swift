import PasselCore
import PasselPosix

/// What AWS answers.
enum AWSAnswer {
    case done(Secret)
    case refused(AWSRefusal)
}

/// Secrets Manager of one region, and how we are known there.
final class AWSServer {
    /// Until when what is asked has to be answered.
    var deadline = Deadline(seconds: 30)
    private let connection: HTTPConnection
    private let region: Text
    private let source: AWSCredentialSource
    private var credentials: AWSCredentials?

    /// What is thrown for an answer that makes no sense.
    static let nonsense = BackendFailure(
        .validation, "what answers there is not AWS Secrets Manager", setting: "address")

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        let profiles = try AWSProfiles(setup)
        region = try profiles.region(setup)
        source = try AWSCredentialSource(setup, profiles, region)
        connection = try Self.connection(
            setup, "secretsmanager", profiles, region, setting: "address",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER")
    }

    /// A way to a service, where the settings, variables or the profile have it, or else AWS.
    ///
    /// - Throws: a `BackendFailure` when the address is none.
    static func connection(
        _ setup: BackendSetup, _ service: String, _ profiles: AWSProfiles, _ region: Text,
        setting: String, _ variable: String
    ) throws -> HTTPConnection {
        let suffix = region.bytes.starts(with: "cn-".utf8) ? "amazonaws.com.cn" : "amazonaws.com"
        let usual = BackendSetup.Found(
            value: "https://\(service).\(region).\(suffix)" as Text, setting: "region",
            origin: "the setting region")
        let own = profiles.address.map {
            BackendSetup.Found(
                value: $0, setting: "profile", origin: "the profile \(profiles.name)")
        }
        let address = try setup.text(setting, variable, "AWS_ENDPOINT_URL") ?? own ?? usual
        return try HTTPConnection(
            ServerAddress(address), authorities: setup.authorities("AWS_CA_BUNDLE"))
    }

    /// Asks whether the credentials are taken.
    ///
    /// - Throws: a `BackendFailure` when they are not.
    func logIn() throws {
        if credentials == nil { credentials = try source.credentials(deadline) }
        // Who may not list has good credentials all the same.
        guard case .refused(let refusal) = try call("ListSecrets", [.init("MaxResults", 1)]),
            refusal.failure.kind != .permission
        else { return }
        throw refusal.failure
    }

    /// The answer to a call that is to succeed.
    ///
    /// - Throws: a `BackendFailure` when it does not.
    func result(_ operation: String, _ members: [JSON.Member]) throws -> Secret {
        switch try call(operation, members) {
        case .done(let body): return body
        case .refused(let refusal): throw refusal.failure
        }
    }

    /// What Secrets Manager answers to a call.
    ///
    /// - Parameter content: what a secret gets.
    func call(
        _ operation: String, _ members: [JSON.Member], _ content: AWSContent? = nil
    ) throws -> AWSAnswer {
        guard let credentials else { throw BackendFailure(.auth, "there are no credentials") }
        let head = JSON.object(members).line.bytes.dropLast(2)
        var request = HTTPRequest("POST", [.slash])
        request.body = Secret(
            [.plain(Array(head))] + (content.map { [","] + $0.pieces } ?? []) + ["}"])
        try request.set("Content-Type", "application/x-amz-json-1.1")
        try request.set("X-Amz-Target", .plain(Array("secretsmanager.\(operation)".utf8)))
        try credentials.sign(&request, region, "secretsmanager")
        let response = try connection.response(to: request, by: deadline)
        guard response.status != 200 else { return .done(response.body) }
        return .refused(
            AWSRefusal(
                response, by: connection.server.host, key: credentials, isSafe: content == nil))
    }

    /// The name of the version that a change makes: the same for the same change, which is so made
    /// once; keyed, so that nobody can try out contents.
    func token(for name: Text, after version: PlaceVersion, _ content: AWSContent) -> Text {
        let before: Text =
            if case .named(let id) = version { id } else { "" }
        let plain = Secret([
            .plain(name.bytes + [0] + before.bytes + [0]), .secret(content.bytes),
        ])
        let key = credentials?.secret ?? Secret(plain: "")
        return Text(
            plain.withBytes { Digest(code: $0, key: key) }.hex.utf8.prefix(40))
    }
}
