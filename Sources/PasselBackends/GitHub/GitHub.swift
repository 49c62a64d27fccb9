import PasselCore
import PasselPosix

/// Secrets of GitHub's Actions, environments, Dependabot and Codespaces.
///
/// None can be read back: what is known is when it was changed last, to the second. Values are sealed
/// for the public key of the place. GitHub compares nothing itself, so the state is looked at once
/// more right before a change.
final class GitHub: RemoteBackend {
    private let server: RESTServer
    /// Who gets a new secret of an organisation.
    private let visibility: Text
    /// Keys change, but not while the program runs, or else it asks once more.
    private var keys: [[UInt8]: PublicKey] = [:]

    private struct PublicKey {
        let id: Text
        let bytes: [UInt8]
    }

    let capabilities = BackendCapabilities(
        reads: false, looks: true, lists: true, deletes: true, compares: false, ignoresCase: true,
        largest: 48 << 10)

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        let own = try setup.text("address", []) ?? Self.host(setup)
        let usual = try setup.text("address", ["GITHUB_API_URL"])
        let standard = BackendSetup.Found(
            value: "https://api.github.com" as Text, setting: "address",
            origin: "the setting address")
        // A token for one server is not sent to another.
        let variables =
            own == nil
            ? ["GH_TOKEN", "GITHUB_TOKEN"] : ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
        server = try RESTServer(
            own ?? usual ?? standard, setup,
            .init(header: "Authorization", scheme: "Bearer ", token: try setup.token(variables)),
            headers: [
                ("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"),
            ])
        let visibility = try setup.text("visibility", [])
        self.visibility = visibility?.value ?? "private"
        guard ["all", "private"].contains(self.visibility) else {
            throw BackendFailure(
                .validation, "visibility is all or private", setting: visibility?.setting)
        }
    }

    /// The server of a company, as GitHub's own tool knows it.
    private static func host(_ setup: BackendSetup) throws -> BackendSetup.Found<Text>? {
        guard let host = try setup.text("host", ["GH_HOST"]), host.value != "github.com" else {
            return nil
        }
        return BackendSetup.Found(
            value: "https://\(host.value)/api/v3", setting: host.setting, origin: host.origin)
    }

    func begin(_ deadline: Deadline) throws {
        server.deadline = deadline
        // Any token may ask that; servers without limits do not know it.
        let response = try server.response("GET", Array("/rate_limit".utf8))
        guard ![200, 403, 404].contains(response.status) || response.isExhausted else { return }
        throw server.failure(of: response)
    }

    func begins(_ deadline: Deadline) { server.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        let place = try GitHubPlace(location)
        guard let secret = try secret(place) else {
            return PlaceContent(.nothing, version: .absent)
        }
        return PlaceContent(
            .unreadable(lastFour: nil, updated: secret.updated.second),
            version: .named(secret.version))
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let place = try GitHubPlace(location)
        let known = try secret(place)
        try check(known, expected)
        let rights = try place.isOrganisation ? rights(known, place) : []
        var response = try put(value, place, rights, key(of: place))
        if response.status == 422 {
            // The key may be another one by now.
            keys[place.secrets] = nil
            response = try put(value, place, rights, key(of: place))
        }
        guard [201, 204].contains(response.status) else {
            throw server.failure(of: response, hiding: value)
        }
        return try secret(place).map { .named($0.version) } ?? .absent
    }

    private func put(
        _ value: Secret, _ place: GitHubPlace, _ rights: [JSON.Member], _ key: PublicKey
    ) throws -> HTTPResponse {
        guard let box = SealedBox.seal(value, to: key.bytes) else {
            throw BackendFailure(
                .validation, "the public key of \(place.holder) is none", setting: "address")
        }
        let sealed = box.withUnsafeBytes { Secret(copying: $0).base64 }
        let body = JSON.object(
            [
                .init("encrypted_value", .string(Text(sealed.withBytes { Array($0) }))),
                .init("key_id", .string(key.id)),
            ] + rights)
        return try server.response("PUT", place.path, [.plain(body.line.bytes)])
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let place = try GitHubPlace(location)
        let known = try secret(place)
        try check(known, expected)
        if known != nil { try server.answer("DELETE", place.path) }
        return .absent
    }

    func places(below folder: Location) throws -> [Location] {
        let place = try GitHubPlace(folder: folder)
        guard place.name.isEmpty else {
            throw BackendFailure(.validation, "only all secrets of a place can be listed")
        }
        let names = try server.pages(place.secrets + Array("?per_page=100&page=".utf8), by: 100) {
            json in json.elements(json["secrets"]).map { json.text(json[$0, "name"]) }
        }
        return names.compactMap { name in
            name.flatMap { folder.below(folder.place + $0, field: nil) }
        }.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    // MARK: Secrets

    private struct Known {
        /// When it was changed last, as the server spells it.
        let version: Text
        let updated: Instant
        let visibility: Text?
    }

    private func check(_ known: Known?, _ expected: PlaceVersion) throws {
        let now: PlaceVersion = known.map { .named($0.version) } ?? .absent
        guard expected == .unknown || expected == now else { throw BackendFailure(.conflict, "") }
    }

    /// What is known of a secret; nothing where there is none.
    private func secret(_ place: GitHubPlace) throws -> Known? {
        guard let body = try server.found(place.path) else {
            // Only who may have secrets there at all is told that there is none.
            _ = try key(of: place)
            return nil
        }
        return try body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let version = json.text(json["updated_at"]),
                let updated = Instant(version.bytes)
            else { throw server.nonsense("GitHub") }
            return Known(
                version: version, updated: updated, visibility: json.text(json["visibility"]))
        }
    }

    private func key(of place: GitHubPlace) throws -> PublicKey {
        if let key = keys[place.secrets] { return key }
        guard let body = try server.found(place.secrets + Array("/public-key".utf8)) else {
            throw BackendFailure(
                .permission, "there is no \(place.holder), or the token may not have secrets there")
        }
        let key = try body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let id = json.text(json["key_id"]),
                let letters = json.text(json["key"]),
                let key = letters.bytes.withUnsafeBytes({ Base64.decode($0, .standard) }),
                key.count == SealedBox.keySize
            else { throw server.nonsense("GitHub") }
            return PublicKey(id: id, bytes: key.withBytes { Array($0) })
        }
        keys[place.secrets] = key
        return key
    }

    /// Who may read a secret of an organisation: who may now, or those that the setting names.
    private func rights(_ known: Known?, _ place: GitHubPlace) throws -> [JSON.Member] {
        guard let known else { return [.init("visibility", .string(visibility))] }
        guard let visibility = known.visibility else { throw server.nonsense("GitHub") }
        guard visibility == "selected" else { return [.init("visibility", .string(visibility))] }
        let path = place.path + Array("/repositories?per_page=100&page=".utf8)
        let ids = try server.pages(path, by: 100) { json in
            json.elements(json["repositories"]).map { json.integer(json[$0, "id"]) }
        }
        return [
            .init("visibility", .string(visibility)),
            .init(
                "selected_repository_ids",
                .array(
                    ids.compactMap(\.self).map {
                        place.isDependabot ? .string(Text(String($0).utf8)) : .int($0)
                    })),
        ]
    }
}

extension RESTServer {
    /// What is on all pages of a list, whose number is put behind the path.
    ///
    /// - Throws: a `BackendFailure` when there are too many, or one cannot be read.
    func pages<Item>(
        _ path: [UInt8], by size: Int, _ items: (JSONPlaces) -> [Item]
    ) throws -> [Item] {
        var all: [Item] = []
        for number in 1... {
            let body = try answer("GET", path + Array(String(number).utf8))
            let page = try body.withBytes { bytes in
                guard let json = JSONPlaces(bytes, parts: 200_000) else {
                    throw nonsense("what is asked for")
                }
                return items(json)
            }
            all += page
            guard page.count >= size else { break }
            guard all.count <= BackendAnswer.mostPlaces else {
                throw BackendFailure(
                    .validation, "there are more than \(BackendAnswer.mostPlaces) places")
            }
        }
        return all
    }
}
