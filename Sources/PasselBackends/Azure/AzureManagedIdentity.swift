import PasselCore

/// What runs on a machine of Azure, and gets tokens from a server of that machine.
struct AzureManagedIdentity: AzureIdentity {
    private let connection: HTTPConnection
    private let path: [UInt8]
    private let version: String
    private let client: Text?
    private let header: (name: String, value: Secret)

    /// Nothing where the setup has none.
    ///
    /// - Throws: a `BackendFailure` when something of it is missing.
    init?(_ setup: BackendSetup) throws {
        client = try setup.text("client-id", "AZURE_CLIENT_ID")?.value
        if let endpoint = try setup.text("identity-endpoint", "IDENTITY_ENDPOINT"),
            let secret = setup.secret("identity-header", "IDENTITY_HEADER")
        {
            connection = try HTTPConnection(
                ServerAddress(endpoint, isOnLink: true), authorities: nil)
            (path, version) = ([], "2019-08-01")
            header = ("X-IDENTITY-HEADER", secret.value)
            return
        }
        guard let chosen = try setup.text("managed-identity") else { return nil }
        guard chosen.value == "yes" else {
            throw BackendFailure(
                .validation, "managed-identity is yes, or not there", setting: chosen.setting)
        }
        // The address that every machine of Azure has for this.
        let usual = BackendSetup.Found(
            value: "http://169.254.169.254" as Text, setting: nil, origin: "the usual address")
        let host = try setup.text("identity-endpoint", "AZURE_POD_IDENTITY_AUTHORITY_HOST")
        connection = try HTTPConnection(
            ServerAddress(host ?? usual, isOnLink: true), authorities: nil)
        (path, version) = (Array("/metadata/identity/oauth2/token".utf8), "2018-02-01")
        header = ("Metadata", Secret(plain: "true"))
    }

    var credential: BackendSetup.Found<Secret?> {
        BackendSetup.Found(value: nil, setting: nil, origin: "the managed identity")
    }

    func token(
        for service: Text, _ deadline: Deadline, challenge: () throws -> AzureChallenge
    ) throws -> Secret {
        var query = Array("?api-version=\(version)&resource=".utf8)
        query += PercentEncoding.encode(service.bytes)
        if let client { query += Array("&client_id=".utf8) + PercentEncoding.encode(client.bytes) }
        var request = HTTPRequest("GET", path + query)
        try request.set(header.name, .secret(header.value))
        let response = try connection.response(to: request, by: deadline)
        guard response.status == 200, let token = AzureToken.token(in: response.body) else {
            let kind: BackendFailure.Kind =
                response.status == 429
                ? .rateLimit : response.status >= 500 || response.status == 410 ? .transient : .auth
            throw BackendFailure(
                kind,
                "\(connection.server.host) answers \(response.status) to the managed identity",
                retryAfter: response.retryAfter)
        }
        return token
    }
}
