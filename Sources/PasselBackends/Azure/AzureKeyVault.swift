import Glibc
import PasselCore
import PasselPosix

/// Secrets of Azure Key Vault.
///
/// A place is `secrets/NAME`, as in the address of a secret; its newest version is the state. Key Vault compares nothing
/// itself, so the state is looked at once more right before a change. What was deleted and can be
/// recovered is, when something is written there.
final class AzureKeyVault: RemoteBackend {
    private let connection: HTTPConnection
    private let identity: any AzureIdentity
    /// For whom the token is.
    private let service: Text
    private var token: Secret?
    private var deadline = Deadline(seconds: 30)

    private static let version = "api-version=7.4"
    /// What places begin with, as the addresses of secrets do.
    private static let folder: Text = "secrets/"
    /// Where vaults are, and what a token for each of them is for.
    private static let clouds: [(suffix: String, service: Text)] = [
        (".vault.azure.net", "https://vault.azure.net"),
        (".vault.azure.cn", "https://vault.azure.cn"),
        (".vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net"),
    ]

    let capabilities = BackendCapabilities(
        reads: true, lists: true, deletes: true, compares: false, ignoresCase: true,
        largest: 25 << 10)

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        let vault = try setup.text("vault").map { name in
            BackendSetup.Found(
                value: "https://\(name.value).vault.azure.net" as Text, setting: name.setting,
                origin: name.origin)
        }
        let found = try setup.text("address", "AZURE_KEYVAULT_URL", "KEY_VAULT_URL")
        guard let address = found ?? vault else {
            throw BackendFailure(
                .validation, "neither vault nor AZURE_KEYVAULT_URL says which vault",
                setting: "vault")
        }
        connection = try HTTPConnection(ServerAddress(address), authorities: setup.authorities())
        let host = connection.server.address.hostName.map(\.asciiLowercased)
        let cloud = Self.clouds.first { host.ends(with: $0.suffix) }
        // A token for vaults goes nowhere else, unless somebody said where.
        guard cloud != nil || address.setting == "address" else {
            throw BackendFailure(
                .validation, "\(address.origin) is not the address of a vault", setting: "address")
        }
        service = cloud?.service ?? Self.clouds[0].service
        identity = try AzureLogin.identity(setup)
    }

    func begin(_ deadline: Deadline) throws {
        self.deadline = deadline
        token = try identity.token(for: service, deadline) { try challenge() }
        let response = try response("GET", "/secrets?maxresults=1&\(Self.version)")
        // Who may not list has good credentials all the same.
        guard ![200, 403].contains(response.status) else { return }
        throw failure(of: response)
    }

    func begins(_ deadline: Deadline) { self.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        guard let secret = try secret(name(location)) else {
            return PlaceContent(.nothing, version: .absent)
        }
        return PlaceContent(.value(secret.value), version: .named(secret.version))
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let name = try name(location)
        guard let text = value.asJSONString else {
            throw BackendFailure(.validation, "a secret is text, and the value is not UTF-8")
        }
        try check(secret(name), expected)
        let body: [ContentPiece] = ["{\"value\": ", .secret(text), "}"]
        let path = Self.path(name)
        var response = try response("PUT", path, body)
        if response.status == 409, Self.says("ObjectIsDeletedButRecoverable", response) {
            try recover(name)
            response = try self.response("PUT", path, body)
        }
        guard response.status == 200 else { throw failure(of: response, hiding: value) }
        return .named(try Known(response.body).version)
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let name = try name(location)
        let known = try secret(name)
        try check(known, expected)
        guard known != nil else { return .absent }
        let response = try response("DELETE", Self.path(name))
        guard response.status == 200 else { throw failure(of: response) }
        return .absent
    }

    func places(below folder: Location) throws -> [Location] {
        guard folder.place == Self.folder else {
            throw BackendFailure(.validation, "only all secrets can be listed: secrets/")
        }
        var places: [Location] = []
        var next: Text? = "/secrets?maxresults=25&\(Self.version)"
        while let path = next {
            let response = try response("GET", path)
            guard response.status == 200 else { throw failure(of: response) }
            let page = try page(response.body)
            places += page.names.compactMap { folder.below(folder.place + $0, field: nil) }
            guard page.next != path else { throw Self.nonsense }
            next = page.next
            guard places.count <= BackendAnswer.mostPlaces else {
                throw BackendFailure(
                    .validation, "there are more than \(BackendAnswer.mostPlaces) places")
            }
        }
        return places.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    /// The names on a page of a list, and where the next one is.
    private func page(_ body: Secret) throws -> (names: [Text], next: Text?) {
        try body.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: 100_000), let list = json["value"] else {
                throw Self.nonsense
            }
            let names = try json.elements(list).map { item -> Text in
                guard let id = json.text(json[item, "id"]),
                    let slash = id.bytes.lastIndex(of: .slash)
                else { throw Self.nonsense }
                return Text(id.bytes[(slash + 1)...])
            }
            guard let link = json.text(json["nextLink"]) else { return (names, nil) }
            let query = link.bytes.firstIndex(of: UInt8(ascii: "?")) ?? link.bytes.endIndex
            // A token goes to no other server.
            guard let address = WebAddress(Array(link.bytes[..<query])),
                connection.server.isSame(address)
            else { throw Self.nonsense }
            return (names, Text(address.path + link.bytes[query...]))
        }
    }

    /// What the vault says to who has no token.
    private func challenge() throws -> AzureChallenge {
        let response = try response("GET", "/secrets?maxresults=1&\(Self.version)")
        guard let challenge = response.challenge.flatMap({ AzureChallenge($0) }) else {
            throw Self.nonsense
        }
        return challenge
    }

    // MARK: Secrets

    private struct Known {
        let value: Secret
        let version: Text

        /// - Throws: a `BackendFailure` when it is no such answer.
        init(_ body: Secret) throws {
            self = try body.withBytes { bytes in
                guard let json = JSONPlaces(bytes), let id = json.text(json["id"]),
                    let value = json.secret(json["value"]),
                    let slash = id.bytes.lastIndex(of: .slash)
                else { throw AzureKeyVault.nonsense }
                return Known(value: value, version: Text(id.bytes[(slash + 1)...]))
            }
        }

        private init(value: Secret, version: Text) {
            self.value = value
            self.version = version
        }
    }

    private static let nonsense = BackendFailure(
        .validation, "what answers there is not Azure Key Vault", setting: "address")

    private func check(_ known: Known?, _ expected: PlaceVersion) throws {
        let now: PlaceVersion = known.map { .named($0.version) } ?? .absent
        guard expected == .unknown || expected == now else { throw BackendFailure(.conflict, "") }
    }

    private func name(_ location: Location) throws -> Text {
        guard location.field == nil else {
            throw BackendFailure(.validation, "a secret has one value: leave #FIELD out")
        }
        guard location.place.bytes.starts(with: Self.folder.bytes) else {
            throw BackendFailure(.validation, "a place is secrets/NAME")
        }
        let bytes = location.place.bytes.dropFirst(Self.folder.bytes.count)
        guard (1...127).contains(bytes.count),
            bytes.allSatisfy({
                $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || $0 == UInt8(ascii: "-")
            })
        else {
            throw BackendFailure(
                .validation, "a secret's name has at most 127 letters, digits and -")
        }
        return Text(bytes)
    }

    private static func path(_ name: Text) -> Text { "/secrets/\(name)?\(version)" }

    private func secret(_ name: Text) throws -> Known? {
        let response = try response("GET", Self.path(name))
        switch response.status {
        case 200: return try Known(response.body)
        case 404 where Self.says("SecretNotFound", response): return nil
        default: throw failure(of: response)
        }
    }

    /// Brings back what was deleted, which takes some seconds.
    private func recover(_ name: Text) throws {
        let response = try response("POST", "/deletedsecrets/\(name)/recover?\(Self.version)", [])
        guard response.status == 200 else { throw failure(of: response) }
        while try secret(name) == nil {
            guard deadline.milliseconds > 0 else {
                throw BackendFailure(.transient, "the deleted secret is not back in time")
            }
            sleep(1)
        }
    }

    private func response(
        _ method: String, _ path: Text, _ body: [ContentPiece]? = nil
    ) throws -> HTTPResponse {
        var request = HTTPRequest(method, path.bytes)
        request.body = body.map { Secret($0) }
        if let token {
            try request.set(
                "Authorization", .secret(Secret(["Bearer ", .secret(token)])),
                setting: identity.credential.setting)
        }
        if request.body != nil { try request.set("Content-Type", "application/json") }
        return try connection.response(to: request, by: deadline)
    }

    private static func says(_ words: String, _ response: HTTPResponse) -> Bool {
        response.body.withBytes { Array($0).includes(Array(words.utf8)) }
    }

    private func failure(of response: HTTPResponse, hiding value: Secret? = nil) -> BackendFailure {
        let host = connection.server.host
        let secrets = [token, identity.credential.value, value].compactMap(\.self)
        let said = ServerMessage.text(Self.messages(response.body), hiding: secrets)
        let message: Text =
            "\(host) answers \(response.status)" + (said.bytes.isEmpty ? "" : ": \(said)")
        func failure(_ kind: BackendFailure.Kind, _ message: Text) -> BackendFailure {
            BackendFailure(kind, message, retryAfter: response.retryAfter)
        }
        switch response.status {
        case 401:
            return BackendFailure(
                .auth, "\(host) does not take the token of \(identity.credential.origin)",
                setting: identity.credential.setting)
        case 403: return failure(.permission, message)
        case 404: return failure(.missing, message)
        case 409: return failure(.conflict, "")
        case 429: return failure(.rateLimit, "\(host) is asked too often")
        case 408, 500...: return failure(.transient, message)
        default: return failure(.validation, message)
        }
    }

    private static func messages(_ body: Secret) -> [Text] {
        body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let error = json["error"] else { return [] }
            return ["code", "message"].compactMap { json.text(json[error, $0]) }
        }
    }
}
