import PasselCore

/// What a secret is to have: text, or bytes that are none.
struct AWSContent {
    let bytes: Secret

    /// The members of a request that have it.
    var pieces: [ContentPiece] {
        if let text = bytes.asJSONString { return ["\"SecretString\":", .secret(text)] }
        return ["\"SecretBinary\":\"", .secret(bytes.base64), "\""]
    }
}

/// A secret as it is.
struct AWSSecret {
    /// Its current content; nothing where there is none.
    let content: Secret?
    /// The current version, or how else it is.
    let version: PlaceVersion

    /// The states of a secret that is to be deleted, and of one without a value: shorter than what
    /// any version is called.
    static let (deleting, empty) = ("deleting" as Text, "empty" as Text)

    /// - Throws: a `BackendFailure` when it is no such answer.
    init(_ answer: Secret) throws {
        self = try answer.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let id = json.text(json["VersionId"]),
                id.bytes.count >= 32
            else { throw AWSServer.nonsense }
            if let text = json.secret(json["SecretString"]) {
                return AWSSecret(text, .named(id))
            }
            guard let letters = json.secret(json["SecretBinary"]),
                let binary = letters.withBytes({ Base64.decode($0, .standard) })
            else { throw AWSServer.nonsense }
            return AWSSecret(binary, .named(id))
        }
    }

    /// The secret that a refusal to show its value tells of; nothing when it tells of none.
    init?(_ refusal: AWSRefusal) {
        switch refusal.type {
        case "ResourceNotFoundException":
            // The other message says that there is no such secret.
            self.init(nil, refusal.says("staging label") ? .named(Self.empty) : .absent)
        case "InvalidRequestException" where refusal.says("delet"):
            self.init(nil, .named(Self.deleting))
        default: return nil
        }
    }

    private init(_ content: Secret?, _ version: PlaceVersion) {
        self.content = content
        self.version = version
    }

    /// Looks at the object in it; nothing where there is none.
    private func inObject<R>(_ body: (JSONPlaces, [JSONPlaces.Member]) throws -> R) rethrows -> R? {
        try content?.withBytes { bytes in
            guard let json = JSONPlaces(bytes), case .object(let members) = json.root else {
                return nil
            }
            return try body(json, members)
        }
    }

    /// The keys of the object in it; nothing where there is none.
    var fields: [Text]? { inObject { json, members in members.map { json.key($0) } } }

    /// The value of a field, or the whole; nothing where there is none.
    ///
    /// - Throws: a `BackendFailure` for what is more than a text or a number.
    func value(_ field: Text?) throws -> Secret? {
        guard let field else { return content }
        return try inObject { json, members in
            guard let node = members.first(where: { json.key($0) == field })?.value else {
                return nil
            }
            switch node {
            case .null: return nil
            case .string: return json.secret(node)
            case .number, .bool: return Secret(json.source(node))
            default: throw BackendFailure(.validation, "the field holds more than one value")
            }
        } ?? nil
    }

    /// What it is to have when a field, or the whole, gets a value.
    ///
    /// - Throws: a `BackendFailure` when that cannot be.
    func content(with value: Secret, in field: Text?) throws -> AWSContent {
        guard let field else { return AWSContent(bytes: value) }
        guard let text = value.asJSONString else {
            throw BackendFailure(
                .validation, "a field holds text, and the value is not UTF-8")
        }
        guard let others = content == nil ? [] : others(than: field) else {
            throw BackendFailure(
                .validation, "the secret has one value and no fields: leave #\(field) out")
        }
        let key = JSON.string(field).line.bytes.dropLast()
        return Self.object(others + [[.plain(key + [0x3a]), .secret(text)]])
    }

    /// What it is to have without a field; nothing where nothing is left.
    func content(without field: Text) throws -> AWSContent? {
        guard let others = others(than: field), !others.isEmpty else { return nil }
        return Self.object(others)
    }

    private func others(than field: Text) -> [[ContentPiece]]? {
        inObject { json, members in
            members.filter { json.key($0) != field }.map { json.source($0) }
        }
    }

    private static func object(_ members: [[ContentPiece]]) -> AWSContent {
        AWSContent(bytes: Secret(["{"] + Array(members.joined(separator: [","])) + ["}"]))
    }
}
