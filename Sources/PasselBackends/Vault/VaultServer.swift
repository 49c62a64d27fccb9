import PasselCore
import PasselPosix

/// A server of Vault or OpenBao, and how we are known there.
final class VaultServer {
    /// Until when what is asked has to be answered.
    var deadline = Deadline(seconds: 30)
    private let connection: HTTPConnection
    private let namespace: BackendSetup.Found<Text>?
    private let login: VaultLogin
    private var token: Secret?

    /// What is thrown for an answer that makes no sense.
    static let nonsense = BackendFailure(
        .validation, "what answers there is neither Vault nor OpenBao", setting: "address")

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        guard let address = try setup.text("address", "BAO_ADDR", "VAULT_ADDR") else {
            throw BackendFailure(
                .validation, "neither address nor VAULT_ADDR says where the server is",
                setting: "address")
        }
        connection = try HTTPConnection(
            ServerAddress(address),
            authorities: setup.authorities("BAO_CACERT", "VAULT_CACERT"))
        namespace = try setup.text("namespace", "BAO_NAMESPACE", "VAULT_NAMESPACE")
        login = try VaultLogin(setup)
    }

    /// Asks whether the credentials are taken.
    ///
    /// - Throws: a `BackendFailure` when they are not.
    func logIn() throws {
        token = try newToken()
        let response = try send(HTTPRequest("GET", Array("/v1/auth/token/lookup-self".utf8)))
        switch response.status {
        case 200: return
        case 403 where Self.knowsToken(response): return
        case 401, 403: throw login.refusal(by: connection.server.host)
        default: throw failure(of: response, hiding: [])
        }
    }

    /// What the server answers, whatever its status.
    func response(_ request: HTTPRequest) throws -> HTTPResponse {
        let response = try send(request)
        guard response.status == 403, login.isRenewable, !(try acceptsToken()) else {
            return response
        }
        // The token that came from a login lives for some minutes only.
        token = try newToken()
        return try send(request)
    }

    /// The body of the answer to a change.
    ///
    /// - Throws: a `BackendFailure` for any other answer than success.
    func answer(_ request: HTTPRequest, hiding secrets: [Secret]) throws -> Secret {
        let response = try response(request)
        guard response.status == 200 || response.status == 204 else {
            throw try failure(response, hiding: secrets)
        }
        return response.body
    }

    /// What an answer that is no success means.
    func failure(_ response: HTTPResponse, hiding secrets: [Secret]) throws -> BackendFailure {
        if [401, 403].contains(response.status), !(try acceptsToken()) {
            return login.refusal(by: connection.server.host)
        }
        return failure(of: response, hiding: secrets)
    }

    // MARK: Credentials

    private func newToken() throws -> Secret {
        try login.token { path, body in
            var request = HTTPRequest("POST", path)
            request.body = body
            let response = try send(request)
            guard response.status == 200 else {
                guard ![400, 401, 403].contains(response.status) else {
                    throw login.refusal(by: connection.server.host)
                }
                throw failure(of: response, hiding: [body])
            }
            return response.body
        }
    }

    private func acceptsToken() throws -> Bool {
        let response = try send(HTTPRequest("GET", Array("/v1/auth/token/lookup-self".utf8)))
        return response.status == 200 || Self.knowsToken(response)
    }

    /// Whether a token that may not ask about itself is refused for that alone: one that is unknown
    /// is refused before any rule is looked at, so without a list of errors of rules.
    private static func knowsToken(_ response: HTTPResponse) -> Bool {
        response.status == 403
            && errors(response).contains { $0.bytes.starts(with: "1 error occurred".utf8) }
    }

    private func send(_ request: HTTPRequest) throws -> HTTPResponse {
        var request = request
        try request.set("X-Vault-Request", "true")
        if let token { try request.set("X-Vault-Token", .secret(token), setting: login.setting) }
        if let namespace {
            try request.set(
                "X-Vault-Namespace", .plain(namespace.value.bytes), setting: namespace.setting)
        }
        if request.body != nil { try request.set("Content-Type", "application/json") }
        return try connection.response(to: request, by: deadline)
    }

    // MARK: Errors

    /// Whether an answer tells of an error.
    static func isRefusal(_ response: HTTPResponse) -> Bool { !errors(response).isEmpty }

    private static func errors(_ response: HTTPResponse) -> [Text] {
        response.body.withBytes { bytes in
            guard let json = JSONPlaces(bytes) else { return [] }
            return json.elements(json["errors"]).compactMap { json.text($0) }
        }
    }

    private func failure(of response: HTTPResponse, hiding secrets: [Secret]) -> BackendFailure {
        let errors = Self.errors(response)
        let said = ServerMessage.text(errors, hiding: secrets + [token].compactMap(\.self))
        let status = "\(connection.server.host) answers \(response.status)" as Text
        let message = said.bytes.isEmpty ? status : "\(status): \(said)"
        func failure(_ kind: BackendFailure.Kind, _ message: Text) -> BackendFailure {
            BackendFailure(kind, message, retryAfter: response.retryAfter)
        }
        func says(_ words: String) -> Bool {
            errors.contains { $0.bytes.includes(Array(words.utf8)) }
        }
        switch response.status {
        case 400 where says("check-and-set"): return failure(.conflict, "")
        case 401, 403: return failure(.permission, "the token may not do that there")
        case 404: return failure(.missing, message)
        case 405, 501: return failure(.unsupported, message)
        case 413: return failure(.validation, "the value is too large for the server")
        case 429: return failure(.rateLimit, "\(connection.server.host) is asked too often")
        case 503 where says("sealed"):
            return failure(.unsupported, "the server is sealed: somebody has to unseal it")
        case 408, 412, 425, 500...: return failure(.transient, message)
        default: return failure(.validation, message)
        }
    }
}
