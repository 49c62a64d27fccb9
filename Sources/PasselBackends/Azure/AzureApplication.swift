import PasselCore
import PasselPosix

/// An application, or what runs in a cluster, which gets tokens by what it is registered with.
struct AzureApplication: AzureIdentity {
    /// How it proves who it is.
    private enum Proof {
        case secret(Secret)
        /// A token of a cluster, which vouches for what runs in it, from a file.
        case assertion(Secret)
    }

    private let tenant: BackendSetup.Found<Text>?
    private let client: BackendSetup.Found<Text>
    private let proof: BackendSetup.Found<Proof>
    private let connection: HTTPConnection

    /// Nothing where the setup has no application.
    ///
    /// - Throws: a `BackendFailure` when something of it is missing.
    init?(_ setup: BackendSetup) throws {
        if let secret = setup.secret("client-secret", "AZURE_CLIENT_SECRET") {
            proof = BackendSetup.Found(
                value: .secret(secret.value), setting: secret.setting, origin: secret.origin)
        } else if let file = try setup.text("token-file", "AZURE_FEDERATED_TOKEN_FILE") {
            let path = setup.path(file.value)
            let token = try Files.readSecret(path, limit: 1 << 16).line(1) ?? Secret(plain: "")
            proof = BackendSetup.Found(
                value: .assertion(token), setting: file.setting, origin: file.origin)
        } else {
            return nil
        }
        guard let client = try setup.text("client-id", "AZURE_CLIENT_ID") else {
            throw BackendFailure(
                .auth, "neither client-id nor AZURE_CLIENT_ID says who asks", setting: "client-id")
        }
        self.client = client
        tenant = try setup.text("tenant", "AZURE_TENANT_ID")
        let usual = BackendSetup.Found(
            value: "https://login.microsoftonline.com" as Text, setting: "authority",
            origin: "the setting authority")
        connection = try HTTPConnection(
            ServerAddress(setup.text("authority", "AZURE_AUTHORITY_HOST") ?? usual),
            authorities: setup.authorities())
    }

    /// The credential, and how it is to be mended, for messages.
    var credential: BackendSetup.Found<Secret?> {
        switch proof.value {
        case .secret(let secret), .assertion(let secret):
            BackendSetup.Found(value: secret, setting: proof.setting, origin: proof.origin)
        }
    }

    func token(
        for service: Text, _ deadline: Deadline, challenge: () throws -> AzureChallenge
    ) throws -> Secret {
        let tenant = try self.tenant?.value ?? tenant(of: challenge())
        guard !tenant.bytes.isEmpty, tenant.bytes.allSatisfy(Self.isPlain) else {
            throw BackendFailure(.validation, "the tenant is none", setting: "tenant")
        }
        var form: [ContentPiece] = [
            "grant_type=client_credentials&client_id=", .plain(Self.encoded(client.value.bytes)),
            "&scope=", .plain(Self.encoded(service.bytes + Array("/.default".utf8))),
        ]
        switch proof.value {
        case .secret(let secret):
            form += ["&client_secret=", .secret(Self.encoded(secret))]
        case .assertion(let token):
            form += [
                "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
                "&client_assertion=", .secret(Self.encoded(token)),
            ]
        }
        var request = HTTPRequest(
            "POST", [.slash] + tenant.bytes + Array("/oauth2/v2.0/token".utf8))
        request.body = Secret(form)
        try request.set("Content-Type", "application/x-www-form-urlencoded")
        let response = try connection.response(to: request, by: deadline)
        guard response.status == 200 else { throw refusal(response) }
        guard let token = AzureToken.token(in: response.body) else {
            throw BackendFailure(
                .validation, "what answers there gives no tokens", setting: "authority")
        }
        return token
    }

    /// The vault says whose it is; a secret goes to nobody else for that.
    private func tenant(of challenge: AzureChallenge) throws -> Text {
        guard connection.server.isSame(challenge.authority) else {
            throw BackendFailure(
                .validation,
                "the vault wants tokens of \(Text(challenge.authority.host)), to which nothing was sent",
                setting: "authority")
        }
        return challenge.tenant
    }

    private func refusal(_ response: HTTPResponse) -> BackendFailure {
        let host = connection.server.host
        guard [400, 401, 403].contains(response.status) else {
            return BackendFailure(
                response.status == 429
                    ? .rateLimit : response.status >= 500 ? .transient : .validation,
                "\(host) answers \(response.status)", setting: "authority",
                retryAfter: response.retryAfter)
        }
        // Its first word is a number by which the reason is found.
        let said = response.body.withBytes { bytes -> Text in
            guard let json = JSONPlaces(bytes), let text = json.text(json["error_description"])
            else { return "" }
            let word = text.bytes.prefix { $0.isDigit || (0x41...0x5a).contains($0) }.prefix(16)
            return word.starts(with: "AADSTS".utf8) ? ": \(Array(word))" : ""
        }
        return BackendFailure(
            .auth, "\(host) does not take the credentials of \(proof.origin)\(said)",
            setting: proof.setting)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "-._".utf8.contains(byte)
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { isPlain($0) ? [$0] : Array("%\([$0].hex)".utf8) }
    }

    private static func encoded(_ secret: Secret) -> Secret {
        secret.replacing { isPlain($0) ? nil : Array("%\([$0].hex)".utf8) }
    }
}
