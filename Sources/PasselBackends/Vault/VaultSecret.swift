import PasselCore

/// What the server says of one secret; lives no longer than the answer's memory.
struct VaultSecret {
    /// The number of its newest version, 0 where there is none; nothing where there are no versions.
    let number: Int64?
    private let json: JSONPlaces?
    private let data: JSONPlaces.Node?

    /// - Throws: a `BackendFailure` when it is no such answer.
    init(_ bytes: UnsafeRawBufferPointer, isThere: Bool, _ version: VaultEngine.Version) throws {
        guard let json = JSONPlaces(bytes, parts: 100_000) else {
            // What is not there need not be told in JSON.
            guard !isThere else { throw VaultServer.nonsense }
            (self.json, data, number) = (nil, nil, version == .two ? 0 : nil)
            return
        }
        self.json = json
        let outer = json["data"]
        guard version == .two else {
            number = nil
            data = isThere ? outer : nil
            guard !isThere || data != nil else { throw VaultServer.nonsense }
            return
        }
        // A version that was deleted is answered with 404 and its number.
        let metadata = outer.flatMap { json[$0, "metadata"] }
        let newest = metadata.flatMap { json.integer(json[$0, "version"]) }
        guard let newest = newest ?? (isThere ? nil : 0) else { throw VaultServer.nonsense }
        number = newest
        data = isThere ? outer.flatMap { json[$0, "data"] } : nil
    }

    /// The state that this is.
    var version: PlaceVersion {
        switch number {
        case nil: .unknown
        case 0: .absent
        case let number?: .named("\(number)")
        }
    }

    private var members: [JSONPlaces.Member] {
        if case .object(let members) = data { members } else { [] }
    }

    /// The keys.
    var fields: [Text] { members.compactMap { json?.key($0) } }

    /// What stands under a key; nothing where that is nothing.
    func field(_ name: Text) -> JSONPlaces.Node? {
        let found = members.first { json?.key($0) == name }?.value
        if case .null = found { return nil }
        return found
    }

    /// The value that stands there.
    ///
    /// - Throws: a `BackendFailure` for what is more than a text or a number.
    func value(_ node: JSONPlaces.Node) throws -> Secret {
        switch node {
        case .string:
            if let text = json?.secret(node) { return text }
        case .number, .bool: return Secret(json?.source(node) ?? [])
        default: break
        }
        throw BackendFailure(.validation, "the field holds more than one value")
    }

    /// All other members, as they stand.
    func others(than name: Text) -> [[ContentPiece]] {
        guard let json else { return [] }
        return members.filter { json.key($0) != name }.map { json.source($0) }
    }
}
