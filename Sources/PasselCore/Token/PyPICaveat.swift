/// A restriction in a PyPI token.
enum PyPICaveat: Equatable {
    /// Good from the one second on, and before the other.
    case times(notBefore: Int64, expires: Int64)
    /// Good for these projects, by their normalised names.
    case projects([Text])
    /// Good for these projects, by their ids.
    case projectIDs([Text])
    /// Good for this user.
    case user(Text)
    /// Made for a trusted publisher, by its id.
    case publisher(Text)
    /// Good for the whole account.
    case account

    /// Reads the newer forms, which are arrays, and the older ones, which are objects; nothing for
    /// one that is not known.
    init?(_ text: [UInt8]) {
        let read = text.withUnsafeBytes { bytes -> PyPICaveat? in
            guard let json = JSONPlaces(bytes) else { return nil }
            switch json.root {
            case .array(let elements): return Self.newer(elements, json)
            case .object(let members): return Self.older(members.count, json)
            default: return nil
            }
        }
        guard let read else { return nil }
        self = read
    }

    private static func newer(_ elements: [JSONPlaces.Node], _ json: JSONPlaces) -> PyPICaveat? {
        guard let tag = json.integer(elements.first), elements.count > 1 else { return nil }
        switch (tag, elements.count) {
        case (0, 3):
            // The later time comes first.
            guard let expires = json.integer(elements[1]), let start = json.integer(elements[2])
            else { return nil }
            return .times(notBefore: start, expires: expires)
        case (1, 2): return list(elements[1], json).map { .projects($0) }
        case (2, 2): return list(elements[1], json).map { .projectIDs($0) }
        case (3, 2): return json.text(elements[1]).map { .user($0) }
        case (4, 2...3): return json.text(elements[1]).map { .publisher($0) }
        default: return nil
        }
    }

    private static func older(_ count: Int, _ json: JSONPlaces) -> PyPICaveat? {
        if let expires = json.integer(json["exp"]), let start = json.integer(json["nbf"]) {
            return count == 2 ? .times(notBefore: start, expires: expires) : nil
        }
        if let ids = json["project_ids"] {
            return count == 1 ? list(ids, json).map { .projectIDs($0) } : nil
        }
        guard json.integer(json["version"]) == 1, count == 2, let given = json["permissions"] else {
            return nil
        }
        if json.text(given) == "user" { return .account }
        return json[given, "projects"].flatMap { list($0, json) }.map { .projects($0) }
    }

    private static func list(_ node: JSONPlaces.Node, _ json: JSONPlaces) -> [Text]? {
        guard case .array = node else { return nil }
        return json.texts(node)
    }

    /// The bytes that are signed, as PyPI itself writes them.
    var encoded: [UInt8] {
        switch self {
        case .times(let start, let expires): Array("[0,\(expires),\(start)]".utf8)
        case .projects(let names): Self.encoded(1, names)
        case .projectIDs(let ids): Self.encoded(2, ids)
        case .user(let id): Array("[3,".utf8) + Self.quoted(id) + Array("]".utf8)
        case .publisher(let id): Array("[4,".utf8) + Self.quoted(id) + Array("]".utf8)
        case .account: Array(#"{"version":1,"permissions":"user"}"#.utf8)
        }
    }

    private static func encoded(_ tag: Int, _ texts: [Text]) -> [UInt8] {
        Array("[\(tag),[".utf8) + texts.map(quoted).joined(separator: ",".utf8) + Array("]]".utf8)
    }

    /// Names of projects and ids hold nothing that needs an escape.
    private static func quoted(_ text: Text) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        return [quote] + text.bytes + [quote]
    }
}
