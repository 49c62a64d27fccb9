import PasselCore
import PasselPosix

/// Environment variables of CircleCI: of projects and contexts.
///
/// Of a value only the last four characters can be read back, of a short one not even those.
/// CircleCI compares nothing itself, so the state is looked at once more right before a change.
final class CircleCI: RemoteBackend {
    private let server: RESTServer

    let capabilities = BackendCapabilities(
        reads: false, looks: true, lists: true, deletes: true, compares: false, largest: 32 << 10)

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws {
        let standard = BackendSetup.Found(
            value: "https://circleci.com" as Text, setting: "address",
            origin: "the setting address")
        let found =
            try setup.text("address", ["CIRCLE_HOST", "CIRCLECI_CLI_HOST"]) ?? standard
        let address = BackendSetup.Found(
            value: "\(found.value)/api/v2" as Text, setting: found.setting, origin: found.origin)
        let token = try setup.token(["CIRCLE_TOKEN", "CIRCLECI_CLI_TOKEN"])
        server = try RESTServer(
            address, setup, .init(header: "Circle-Token", scheme: "", token: token))
    }

    func begin(_ deadline: Deadline) throws {
        server.deadline = deadline
        try server.answer("GET", Array("/me".utf8))
    }

    func begins(_ deadline: Deadline) { server.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        guard let known = try variable(CircleCIPlace(location)) else {
            return PlaceContent(.nothing, version: .absent)
        }
        return PlaceContent(
            .unreadable(lastFour: known.lastFour, updated: known.updated), version: known.version)
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let place = try CircleCIPlace(location)
        guard let text = value.asJSONString else {
            throw BackendFailure(.validation, "a variable is text, and the value is not UTF-8")
        }
        try check(variable(place), expected)
        let own: [ContentPiece] = ["{\"value\": ", .secret(text)]
        switch place.holder {
        case .context:
            try server.answer("PUT", place.path, own + ["}"], hiding: value)
        case .project:
            let name: ContentPiece = .plain(JSON.string(Text(place.name)).line.bytes.dropLast())
            try server.answer(
                "POST", place.variables, own + [", \"name\": ", name, "}"], hiding: value)
        }
        return try variable(place)?.version ?? .absent
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let place = try CircleCIPlace(location)
        let known = try variable(place)
        try check(known, expected)
        if known != nil { try server.answer("DELETE", place.path) }
        return .absent
    }

    func places(below folder: Location) throws -> [Location] {
        let place = try CircleCIPlace(folder: folder)
        guard place.name.isEmpty else {
            throw BackendFailure(.validation, "only all variables of a place can be listed")
        }
        return try all(place).compactMap { folder.below(folder.place + $0.name, field: nil) }
            .sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    // MARK: Variables

    private struct Known {
        let name: Text
        let lastFour: Text?
        let updated: Int64?
        let version: PlaceVersion

        /// Of a project `value` is `xxxx` and the end, of a context `truncated_value` is the end.
        init?(_ json: JSONPlaces, _ node: JSONPlaces.Node) {
            guard let name = json.text(json[node, "name"]) ?? json.text(json[node, "variable"])
            else { return nil }
            self.name = name
            let masked = json.text(json[node, "value"])?.bytes
            let end =
                masked.map { Array($0.dropFirst(4)) }
                ?? json.text(json[node, "truncated_value"])?.bytes ?? []
            lastFour = end.count == 4 ? Text(end) : nil
            let written =
                json.text(json[node, "updated_at"]) ?? json.text(json[node, "created_at"]) ?? ""
            // A project does not say when a variable was changed.
            updated = json[node, "updated_at"] == nil ? nil : Instant(written.bytes)?.second
            version = .named("\(written) \(end)")
        }
    }

    private func check(_ known: Known?, _ expected: PlaceVersion) throws {
        guard expected == .unknown || expected == known?.version ?? .absent else {
            throw BackendFailure(.conflict, "")
        }
    }

    private func variable(_ place: CircleCIPlace) throws -> Known? {
        guard case .project = place.holder else {
            return try all(place).first { $0.name.bytes == place.name }
        }
        guard let body = try server.found(place.path) else {
            // Only who may have variables there at all is told that there is none.
            _ = try server.answer("GET", place.variables)
            return nil
        }
        return try body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let known = Known(json, json.root) else {
                throw server.nonsense("CircleCI")
            }
            return known
        }
    }

    private func all(_ place: CircleCIPlace) throws -> [Known] {
        var found: [Known] = []
        var token: Text?
        repeat {
            let query = token.map { Array("?page-token=".utf8) + PercentEncoding.encode($0.bytes) }
            let body = try server.answer("GET", place.variables + (query ?? []))
            let next = try body.withBytes { bytes -> Text? in
                guard let json = JSONPlaces(bytes, parts: 200_000), let items = json["items"] else {
                    throw server.nonsense("CircleCI")
                }
                found += json.elements(items).compactMap { Known(json, $0) }
                return json.text(json["next_page_token"])
            }
            guard next == nil || next != token else { throw server.nonsense("CircleCI") }
            token = next
            guard found.count <= BackendAnswer.mostPlaces else {
                throw BackendFailure(
                    .validation, "there are more than \(BackendAnswer.mostPlaces) places")
            }
        } while token != nil
        return found
    }
}
