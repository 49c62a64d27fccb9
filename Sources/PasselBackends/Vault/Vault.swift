import PasselCore
import PasselPosix

/// Vault and OpenBao: places in secrets engines of the type `kv`, version 1 or 2.
///
/// A place is the path of a secret, a field one of its keys. Everything else that the secret holds
/// stays as it is. Version 2 compares states by the number of the secret's version, which the server
/// checks (`cas`); version 1 cannot.
final class Vault: RemoteBackend {
    private let server: VaultServer
    private let engines: VaultEngines
    private static let largest = 1 << 20

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        server = try VaultServer(setup)
        engines = try VaultEngines(setup, server)
    }

    var capabilities: BackendCapabilities {
        BackendCapabilities(
            reads: true, lists: true, deletes: true, compares: engines.only?.version != .one,
            largest: Self.largest)
    }

    func begin(_ deadline: Deadline) throws {
        server.deadline = deadline
        try server.logIn()
        try engines.find()
    }

    func begins(_ deadline: Deadline) { server.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        let place = try VaultPlace(location, engines)
        return try secret(place) { secret in
            guard let node = secret.field(place.field) else {
                return PlaceContent(.nothing, version: secret.version)
            }
            return PlaceContent(.value(try secret.value(node)), version: secret.version)
        }
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let place = try VaultPlace(location, engines)
        guard let text = value.asJSONString else {
            throw BackendFailure(.validation, "it keeps text, and the value is not UTF-8")
        }
        return try change(place, expected, hiding: [value]) { secret in
            let key = JSON.string(place.field).line.bytes.dropLast()
            return secret.others(than: place.field) + [[.plain(key + [0x3a]), .secret(text)]]
        }
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let place = try VaultPlace(location, engines)
        var isLast = false
        let version = try change(place, expected, hiding: []) { secret in
            guard secret.field(place.field) != nil else { return nil }
            let others = secret.others(than: place.field)
            isLast = others.isEmpty
            // Version 1 keeps no secret without fields.
            return isLast && place.engine.version == .one ? nil : others
        }
        guard isLast else { return version }
        // Exactly what is empty now is taken away, whatever somebody else has put there since.
        guard case .named(let number) = version else {
            _ = try server.answer(HTTPRequest("DELETE", place.dataPath), hiding: [])
            return version
        }
        var request = HTTPRequest("POST", place.path(under: "delete/"))
        request.body = Secret(plain: "{\"versions\":[\(number)]}")
        _ = try server.answer(request, hiding: [])
        return version
    }

    func places(below folder: Location) throws -> [Location] {
        try VaultListing(folder: folder, engines, server).places { place in
            try self.secret(place) { $0.fields }
        }
    }

    // MARK: Secrets

    /// Reads a secret; its memory lives as long as `body` runs.
    private func secret<R>(_ place: VaultPlace, _ body: (VaultSecret) throws -> R) throws -> R {
        let response = try server.response(HTTPRequest("GET", place.dataPath))
        // Where nothing is, there is no error: one is told where there is no such engine.
        guard response.status == 200 || response.status == 404 && !VaultServer.isRefusal(response)
        else {
            throw try server.failure(response, hiding: [])
        }
        return try response.body.withBytes { bytes in
            try body(VaultSecret(bytes, isThere: response.status == 200, place.engine.version))
        }
    }

    /// Writes what `members` makes of a secret, if it still is in the state that is expected.
    private func change(
        _ place: VaultPlace, _ expected: PlaceVersion, hiding secrets: [Secret],
        _ members: (VaultSecret) throws -> [[ContentPiece]]?
    ) throws -> PlaceVersion {
        let plan = try secret(place) { secret -> (body: Secret?, version: PlaceVersion) in
            guard expected == .unknown || expected == secret.version else {
                throw BackendFailure(.conflict, "")
            }
            guard let members = try members(secret) else { return (nil, secret.version) }
            let data = [["{"]] + [Array(members.joined(separator: [","]))] + [["}"]]
            let pieces = Array(data.joined())
            guard let number = secret.number else { return (Secret(pieces), .unknown) }
            return (
                Secret(["{\"options\":{\"cas\":\(number)},\"data\":"] + pieces + ["}"]),
                secret.version
            )
        }
        guard let body = plan.body else { return plan.version }
        var request = HTTPRequest("POST", place.dataPath)
        request.body = body
        let answer = try server.answer(request, hiding: secrets)
        guard place.engine.version == .two else { return .unknown }
        return try answer.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let data = json["data"],
                let version = json.integer(json[data, "version"])
            else { throw VaultServer.nonsense }
            return .named("\(version)")
        }
    }
}
