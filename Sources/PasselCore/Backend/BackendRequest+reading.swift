extension BackendRequest {
    /// A line that is no request.
    public struct NotRequest: Error {
        /// Its number, if it has one.
        public let number: Int?
    }

    /// Reads a line as a program does that speaks for a backend.
    ///
    /// - Parameter name: what the user calls the backend, as `open` said.
    /// - Throws: `NotRequest`.
    public init(reading line: Secret, of name: BackendName?) throws {
        self = try line.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: 10_000) else {
                throw NotRequest(number: nil)
            }
            let number = json.integer(json["id"]).flatMap { Int(exactly: $0) }
            let action = Self.action(json, name)
            guard let number, let action else { throw NotRequest(number: number) }
            return BackendRequest(number, action)
        }
    }

    private static func action(_ json: JSONPlaces, _ name: BackendName?) -> Action? {
        let what = json.text(json["do"])
        if what == "open" { return opening(json).map { .open($0) } }
        guard let name, let place = json.text(json["place"]), !place.bytes.isEmpty else {
            return nil
        }
        let location = Location(name, place, field: json.text(json["field"]))
        guard let expected = expected(json) else { return nil }
        switch what {
        case "read": return .read(location)
        case "list": return location.isFolder ? .list(location) : nil
        case "delete": return .delete(location, expected: expected)
        case "write":
            return secret(json, json["value"]).map { .write(location, $0, expected: expected) }
        default: return nil
        }
    }

    private static func expected(_ json: JSONPlaces) -> PlaceVersion? {
        switch json["expected"] {
        case nil: .unknown
        case .null: .absent
        case let node: json.text(node).map { .named($0) }
        }
    }

    private static func secret(_ json: JSONPlaces, _ node: JSONPlaces.Node?) -> Secret? {
        json.secret(node)?.withBytes { Base64.decode($0, .standard) }
    }

    private static func opening(_ json: JSONPlaces) -> BackendOpening? {
        guard json.integer(json["protocol"]) == version,
            let name = json.text(json["name"]).flatMap({ BackendName($0.bytes) })
        else { return nil }
        var opening = BackendOpening(name)
        for (key, value) in json.members(json["settings"]) {
            guard let text = json.text(value) else { return nil }
            opening.settings.append((key, text))
        }
        for (key, value) in json.members(json["credentials"]) {
            guard let secret = secret(json, value) else { return nil }
            opening.credentials.append((key, secret))
        }
        if let seconds = json.integer(json["timeout"]) {
            opening.timeout = Int(min(max(1, seconds), 86_400))
        }
        return opening
    }
}
