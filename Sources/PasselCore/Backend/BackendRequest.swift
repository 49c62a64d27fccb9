/// What passel asks a backend's program: one line of JSON for each request.
///
/// Values and credentials are in base64, and travel in no other way.
public struct BackendRequest: Sendable {
    /// What is asked.
    public enum Action: Sendable {
        /// How it is set up, before anything else is asked; it answers with what it can do.
        case open(BackendOpening)
        /// What a place holds.
        case read(Location)
        /// A value for a place that still is in the state in which it was read.
        case write(Location, Secret, expected: PlaceVersion)
        /// The places below one.
        case list(Location)
        /// That nothing is in a place, which still is in the state in which it was read.
        case delete(Location, expected: PlaceVersion)
    }

    /// The number by which its answer is known.
    public let number: Int
    /// What is asked.
    public let action: Action

    /// The version of the protocol that is spoken.
    public static let version: Int64 = 1

    /// A request.
    public init(_ number: Int, _ action: Action) {
        self.number = number
        self.action = action
    }

    /// The line, with its end.
    public var line: Secret {
        var members: [JSON.Member] = [.init("id", .int(Int64(number)))]
        var value: Secret?
        func place(_ location: Location) -> [JSON.Member] {
            [.init("place", .string(location.place))]
                + (location.field.map { [.init("field", .string($0))] } ?? [])
        }
        switch action {
        case .open(let opening): return opening.line(members)
        case .read(let location):
            members += [.init("do", "read")] + place(location)
        case .write(let location, let secret, let expected):
            members += [.init("do", "write")] + place(location) + expected.members
            value = secret
        case .list(let location):
            members += [.init("do", "list")] + place(location)
        case .delete(let location, let expected):
            members += [.init("do", "delete")] + place(location) + expected.members
        }
        let line = JSON.object(members).line.bytes
        guard let value else { return line.withUnsafeBytes { Secret(copying: $0) } }
        return Secret([
            .plain(line.dropLast(2) + Array(", \"value\": \"".utf8)),
            .secret(Base64.padded(value)), .plain(Array("\"}\n".utf8)),
        ])
    }
}

extension PlaceVersion {
    /// How a request names the state: nothing where no state can be named.
    fileprivate var members: [JSON.Member] {
        switch self {
        case .absent: [.init("expected", .null)]
        case .named(let name): [.init("expected", .string(name))]
        case .unknown: []
        }
    }
}

/// How a backend is set up.
public struct BackendOpening: Sendable {
    /// What the user calls it.
    public var name: BackendName
    /// The settings that are no secrets, in order.
    public var settings: [(key: Text, value: Text)]
    /// The credentials, in order.
    public var credentials: [(key: Text, value: Secret)]
    /// After how many seconds passel gives an answer up.
    public var timeout: Int

    /// A set-up.
    public init(
        _ name: BackendName, settings: [(key: Text, value: Text)] = [],
        credentials: [(key: Text, value: Secret)] = [], timeout: Int = 30
    ) {
        self.name = name
        self.settings = settings
        self.credentials = credentials
        self.timeout = timeout
    }

    fileprivate func line(_ head: [JSON.Member]) -> Secret {
        let plain = JSON.object(
            head + [
                .init("do", "open"), .init("protocol", .int(BackendRequest.version)),
                .init("name", .string(name.text)), .init("timeout", .int(Int64(timeout))),
                .init(
                    "settings",
                    .object(settings.map { .init($0.key.description, .string($0.value)) })),
            ])
        var pieces: [ContentPiece] = [
            .plain(plain.line.bytes.dropLast(2) + Array(", \"credentials\": {".utf8))
        ]
        for (index, credential) in credentials.enumerated() {
            let key = JSON.string(credential.key).line.bytes.dropLast()
            pieces.append(.plain(Array((index > 0 ? ", " : "").utf8) + key + Array(": \"".utf8)))
            pieces.append(.secret(Base64.padded(credential.value)))
            pieces.append(.plain(Array("\"".utf8)))
        }
        return Secret(pieces + [.plain(Array("}}\n".utf8))])
    }
}
