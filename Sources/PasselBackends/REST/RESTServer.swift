import PasselCore

/// A server that is asked in JSON, and knows us by a header.
final class RESTServer {
    /// By what it knows us.
    struct Credential {
        /// The header, and what stands before the token in it.
        let header: String
        let scheme: String
        let token: BackendSetup.Found<Secret>
    }

    /// Until when what is asked has to be answered.
    var deadline = Deadline(seconds: 30)
    private let connection: HTTPConnection
    private let credential: Credential
    private let headers: [(String, String)]

    /// - Parameter headers: what goes with every request.
    /// - Throws: a `BackendFailure` when the address is none.
    init(
        _ address: BackendSetup.Found<Text>, _ setup: BackendSetup, _ credential: Credential,
        headers: [(String, String)] = []
    ) throws {
        connection = try HTTPConnection(ServerAddress(address), authorities: setup.authorities())
        self.credential = credential
        self.headers = headers
    }

    /// The server, as messages name it.
    var host: Text { connection.server.host }

    /// What is thrown for an answer that makes no sense.
    func nonsense(_ what: Text) -> BackendFailure {
        BackendFailure(.validation, "what answers there is not \(what)", setting: "address")
    }

    /// What the server answers, whatever its status.
    func response(
        _ method: String, _ path: [UInt8], _ body: [ContentPiece]? = nil
    ) throws -> HTTPResponse {
        var request = HTTPRequest(method, path)
        request.body = body.map { Secret($0) }
        for (name, value) in headers { try request.set(name, .plain(Array(value.utf8))) }
        try request.set(
            credential.header,
            .secret(
                Secret([.plain(Array(credential.scheme.utf8)), .secret(credential.token.value)])),
            setting: credential.token.setting)
        if request.body != nil { try request.set("Content-Type", "application/json") }
        return try connection.response(to: request, by: deadline)
    }

    /// The body of the answer to what has to go well.
    ///
    /// - Parameter value: what was sent, of which nothing is told.
    /// - Throws: a `BackendFailure` for any other answer than success.
    @discardableResult
    func answer(
        _ method: String, _ path: [UInt8], _ body: [ContentPiece]? = nil,
        hiding value: Secret? = nil
    ) throws -> Secret {
        let response = try response(method, path, body)
        guard (200..<300).contains(response.status) else {
            throw failure(of: response, hiding: value)
        }
        return response.body
    }

    /// The body of the answer, or nothing where there is no such thing.
    ///
    /// - Throws: as `answer`.
    func found(_ path: [UInt8]) throws -> Secret? {
        let response = try response("GET", path)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw failure(of: response) }
        return response.body
    }

    /// What an answer that is no success means.
    func failure(of response: HTTPResponse, hiding value: Secret? = nil) -> BackendFailure {
        let token = credential.token
        let said = ServerMessage.text(
            Self.messages(response.body), hiding: [token.value] + (value.map { [$0] } ?? []))
        let status = "\(host) answers \(response.status)" as Text
        let message = said.bytes.isEmpty ? status : "\(status): \(said)"
        func failure(_ kind: BackendFailure.Kind, _ message: Text) -> BackendFailure {
            BackendFailure(kind, message, retryAfter: response.retryAfter)
        }
        switch response.status {
        case 401:
            return BackendFailure(
                .auth, "\(host) does not take the token of \(token.origin)",
                setting: token.setting)
        case 403 where response.isExhausted || response.retryAfter != nil, 429:
            return failure(.rateLimit, "\(host) is asked too often")
        case 403: return failure(.permission, message)
        case 404, 410: return failure(.missing, message)
        case 405, 501: return failure(.unsupported, message)
        case 409: return failure(.conflict, "")
        case 413: return failure(.validation, "the value is too large for the server")
        case 408, 425, 500...: return failure(.transient, message)
        default: return failure(.validation, message)
        }
    }

    /// What the server says of an error: the texts in `message`, `error` and `errors`.
    private static func messages(_ body: Secret) -> [Text] {
        body.withBytes { bytes in
            guard let json = JSONPlaces(bytes) else { return [] }
            var found: [Text] = []
            func take(_ node: JSONPlaces.Node?, _ key: Text?) {
                guard let node, found.count < 8 else { return }
                if let text = json.text(node) {
                    found.append(key.map { "\($0) \(text)" } ?? text)
                }
                for element in json.elements(node) { take(element, key) }
                for (name, value) in json.members(node) { take(value, name) }
            }
            for key in ["message", "error", "errors"] { take(json[key], nil) }
            return found
        }
    }
}

extension BackendSetup {
    /// The token of a server.
    ///
    /// - Throws: a `BackendFailure` when there is none.
    func token(_ variables: [String]) throws -> Found<Secret> {
        if let token = secret("token", variables), !token.value.isEmpty { return token }
        throw BackendFailure(
            .auth, "neither token nor \(variables.first ?? "") has a token", setting: "token")
    }
}
