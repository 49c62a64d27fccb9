import PasselCore
import PasselPosix

/// Variables of GitLab CI: of projects, groups and the whole server.
///
/// A new one is masked and taken as it stands (`raw`); of one that is there only the value is
/// changed, and that it is taken as it stands. GitLab compares nothing itself, so the state is looked
/// at once more right before a change. A hidden variable cannot be read back.
final class GitLab: RemoteBackend {
    private let server: RESTServer
    private let token: Secret
    private let masking: Masking
    private let isProtected: Bool

    /// What job logs show of a new variable's value, and who can read it.
    private enum Masking: String, CaseIterable {
        case yes, no
        /// Nobody, ever; only a new variable can be.
        case hidden
    }

    /// GitLab's database takes longer ones, but its runners do not.
    let capabilities = BackendCapabilities(
        reads: true, lists: true, deletes: true, compares: false, largest: 10_000)

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        let own = try setup.text("address", [])
        let host = try setup.text("host", ["GITLAB_HOST", "GL_HOST"]).map { host in
            BackendSetup.Found(
                value: host.value.bytes.starts(with: "http".utf8)
                    ? host.value : "https://\(host.value)" as Text,
                setting: host.setting, origin: host.origin)
        }
        let standard = BackendSetup.Found(
            value: "https://gitlab.com" as Text, setting: "address", origin: "the setting address")
        let found = own ?? host ?? standard
        let address = BackendSetup.Found(
            value: "\(found.value)/api/v4" as Text, setting: found.setting, origin: found.origin)
        let token = try setup.token(["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"])
        self.token = token.value
        server = try RESTServer(
            address, setup, .init(header: "Authorization", scheme: "Bearer ", token: token))
        let masked = try setup.text("masked", [])
        guard let masking = Masking(rawValue: masked?.value.description ?? "yes") else {
            throw BackendFailure(
                .validation, "masked is yes, no or hidden", setting: masked?.setting)
        }
        self.masking = masking
        let protected = try setup.text("protected", [])
        guard [nil, "yes", "no"].contains(protected?.value) else {
            throw BackendFailure(
                .validation, "protected is yes or no", setting: protected?.setting)
        }
        isProtected = protected?.value == "yes"
    }

    func begin(_ deadline: Deadline) throws {
        server.deadline = deadline
        try server.answer("GET", Array("/version".utf8))
    }

    func begins(_ deadline: Deadline) { server.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        let place = try GitLabPlace(location)
        guard let variable = try variable(place) else {
            return PlaceContent(.nothing, version: .absent)
        }
        let holding: PlaceContent.Holding =
            variable.value.map { .value($0) } ?? .unreadable(lastFour: nil, updated: nil)
        return PlaceContent(holding, version: variable.version)
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let place = try GitLabPlace(location)
        guard let text = value.asJSONString else {
            throw BackendFailure(.validation, "a variable is text, and the value is not UTF-8")
        }
        let known = try variable(place)
        try check(known, expected)
        let own: [ContentPiece] = ["{\"raw\": true, \"value\": ", .secret(text)]
        if known != nil {
            try server.answer("PUT", place.path, own + ["}"], hiding: value)
        } else {
            try refuseUnmaskable(value)
            var members: [JSON.Member] = [
                .init("key", .string(Text(place.key))), .init("variable_type", "env_var"),
                .init("masked", .bool(masking != .no)), .init("protected", .bool(isProtected)),
            ]
            if masking == .hidden { members.append(.init("masked_and_hidden", .bool(true))) }
            if let scope = place.scope {
                members.append(.init("environment_scope", .string(scope)))
            }
            let rest = JSON.object(members).line.bytes.dropFirst()
            let response = try server.response(
                "POST", place.variables, own + [", ", .plain(Array(rest))])
            if response.status == 400, Self.says("has already been taken", response) {
                throw BackendFailure(.conflict, "")
            }
            guard response.status == 201 else {
                throw server.failure(of: response, hiding: value)
            }
        }
        return Variable(value, token).version
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let place = try GitLabPlace(location)
        let known = try variable(place)
        try check(known, expected)
        if known != nil { try server.answer("DELETE", place.path) }
        return .absent
    }

    func places(below folder: Location) throws -> [Location] {
        let place = try GitLabPlace(folder: folder)
        guard place.key.isEmpty else {
            throw BackendFailure(.validation, "only all variables of a place can be listed")
        }
        let pages = place.variables + Array("?per_page=100&page=".utf8)
        let found = try server.pages(pages, by: 100) { json in
            json.elements(json.root).map {
                (json.text(json[$0, "key"]), json.text(json[$0, "environment_scope"]))
            }
        }
        return found.compactMap { key, scope in
            key.flatMap {
                folder.below(folder.place + $0, field: scope.flatMap { $0 == "*" ? nil : $0 })
            }
        }.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    // MARK: Variables

    private struct Variable {
        /// Nothing for one that is hidden.
        let value: Secret?
        let version: PlaceVersion

        /// The state follows from the value, by a key that nobody else has.
        init(_ value: Secret?, _ key: Secret) {
            self.value = value
            version =
                value.map { value in
                    .named(Text(value.withBytes { Digest(code: $0, key: key) }.hex.utf8.prefix(32)))
                } ?? .named("hidden")
        }
    }

    private func check(_ known: Variable?, _ expected: PlaceVersion) throws {
        guard expected == .unknown || expected == known?.version ?? .absent else {
            throw BackendFailure(.conflict, "")
        }
    }

    /// What is known of a variable; nothing where there is none.
    private func variable(_ place: GitLabPlace) throws -> Variable? {
        let response = try server.response("GET", place.path)
        if response.status == 404 {
            guard Self.says("Variable Not Found", response) else {
                throw BackendFailure(
                    .permission,
                    "there is no \(place.holder), or the token may not have variables there")
            }
            return nil
        }
        guard response.status == 200 else { throw server.failure(of: response) }
        return try response.body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let key = json.text(json["key"]),
                key.bytes == place.key
            else { throw server.nonsense("GitLab") }
            return Variable(json.secret(json["value"]), token)
        }
    }

    private static func says(_ words: String, _ response: HTTPResponse) -> Bool {
        response.body.withBytes { Array($0).includes(Array(words.utf8)) }
    }

    /// Never unmasked in secret: what job logs cannot hide is refused.
    private func refuseUnmaskable(_ value: Secret) throws {
        guard masking != .no else { return }
        let isMaskable = value.withBytes { bytes in
            bytes.count >= 8 && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7f }
        }
        guard isMaskable else {
            throw BackendFailure(
                .validation,
                "job logs could show the value: GitLab masks only one line of 8 characters or more, without blanks",
                setting: "masked")
        }
    }
}
