/// What a backend's program answers: one line of JSON, with the number of the request.
///
/// Nothing of what it says is believed to be well formed, short, or about what was asked.
public enum BackendAnswer: Sendable {
    /// What it can do: the answer to `open`.
    case open(BackendCapabilities)
    /// What a place holds.
    case content(PlaceContent)
    /// It is done; the state that the place is in now.
    case done(PlaceVersion)
    /// The places below one.
    case places([Location])

    /// A line that is no answer to the request.
    public struct NotProtocol: Error, Sendable, Equatable {
        /// What is wrong with it, without anything from it.
        public let reason: Text

        init(_ reason: Text) { self.reason = reason }
    }

    /// The longest line that is read.
    public static let longest = 16 << 20
    /// The largest value that is taken from a place.
    public static let largestValue = 1 << 20
    /// The most places that a list may have.
    public static let mostPlaces = 20_000

    /// Reads the answer to a request.
    ///
    /// - Throws: a `BackendFailure` that the backend tells of, `NotProtocol` for anything that is no
    ///   answer to this request.
    public init(_ line: Secret, to request: BackendRequest) throws {
        guard line.count <= Self.longest else { throw NotProtocol("the answer is too long") }
        self = try line.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: 4 * Self.mostPlaces) else {
                throw NotProtocol("the answer is not one line of JSON")
            }
            guard json.integer(json["id"]) == Int64(request.number) else {
                throw NotProtocol("the answer has not the request's id")
            }
            if let failure = json["error"] { throw try Self.failure(failure, json, request) }
            switch request.action {
            case .open: return .open(try BackendCapabilities(json))
            case .read: return .content(try Self.content(json))
            case .write, .delete: return .done(try Self.version(json))
            case .list(let folder): return .places(try Self.places(json, below: folder))
            }
        }
    }

    private static func content(_ json: JSONPlaces) throws -> PlaceContent {
        let version = try version(json)
        if let value = json["value"] {
            guard case .string(let place) = value else { throw NotProtocol("value is not a text") }
            guard place.count <= largestValue / 3 * 4 + 4 else {
                throw BackendFailure(
                    .validation, "the value there is larger than \(largestValue) bytes")
            }
            guard let letters = json.secret(value),
                let secret = letters.withBytes({ Base64.decode($0, .standard) })
            else { throw NotProtocol("value is not base64") }
            return PlaceContent(.value(secret), version: version)
        }
        guard case .bool(let isPresent) = json["present"] else {
            throw NotProtocol("neither value nor present is there")
        }
        guard isPresent else { return PlaceContent(.nothing, version: version) }
        let four = json.text(json["last4"])
        if let four, four.bytes.count != 4 { throw NotProtocol("last4 has not four characters") }
        return PlaceContent(
            .unreadable(lastFour: four, updated: json.integer(json["updated"])), version: version)
    }

    /// `"version": null` stands for nothing there, no `version` for a backend that knows none.
    private static func version(_ json: JSONPlaces) throws -> PlaceVersion {
        switch json["version"] {
        case nil: return .unknown
        case .null: return .absent
        case let node:
            guard let name = json.text(node), name.bytes.count <= 512 else {
                throw NotProtocol("version is not a short text")
            }
            return .named(name)
        }
    }

    private static func places(_ json: JSONPlaces, below folder: Location) throws -> [Location] {
        guard case .array(let elements) = json["places"] else {
            throw NotProtocol("places is not an array")
        }
        guard elements.count <= mostPlaces else { throw NotProtocol("there are too many places") }
        return try elements.map { element in
            guard let place = json.text(json[element, "place"]),
                let location = folder.below(place, field: json.text(json[element, "field"]))
            else { throw NotProtocol("a place is none below the one that was asked about") }
            return location
        }
    }

    private static func failure(
        _ node: JSONPlaces.Node, _ json: JSONPlaces, _ request: BackendRequest
    ) throws -> BackendFailure {
        guard let word = json.text(json[node, "class"]),
            let kind = BackendFailure.Kind.allCases.first(where: {
                $0.rawValue.utf8.elementsEqual(word.bytes)
            })
        else { throw NotProtocol("the error has no class that is known") }
        let said = json.text(json[node, "message"])?.bytes ?? []
        let setting = json.text(json[node, "setting"]).flatMap {
            BackendSetting.isKey($0.bytes) ? $0 : nil
        }
        let wait = json.integer(json[node, "retry_after"]).map { Int(min(max(0, $0), 86_400)) }
        let message = TerminalText.sanitised(Array(said.cutBetweenCharacters(to: 400)))
        return BackendFailure(
            kind, request.repeats(said) ? "" : Text(message), setting: setting, retryAfter: wait)
    }
}

extension BackendRequest {
    /// Whether a message has something of what must not be shown.
    fileprivate func repeats(_ message: [UInt8]) -> Bool {
        let secrets: [Secret] =
            switch action {
            case .open(let opening): opening.credentials.map(\.value)
            case .write(_, let value, _): [value]
            default: []
            }
        return secrets.contains { secret in
            [secret, Base64.padded(secret)].contains { spelling in
                !spelling.isEmpty && spelling.withBytes { message.includes(Array($0)) }
            }
        }
    }
}

/// What a backend can do.
public struct BackendCapabilities: Sendable, Equatable {
    /// Whether values can be read back.
    public var reads: Bool
    /// Whether it can be asked what is in a place, with the value or without.
    public var looks: Bool
    /// Whether it can tell which places there are.
    public var lists: Bool
    /// Whether it can take a value away.
    public var deletes: Bool
    /// Whether it tells states apart, so that nothing of others is overwritten.
    public var compares: Bool
    /// Whether upper and lower case are the same in its names.
    public var ignoresCase: Bool
    /// The largest value that it takes, in bytes.
    public var largest: Int?

    /// What a backend can do.
    public init(
        reads: Bool, looks: Bool = false, lists: Bool, deletes: Bool, compares: Bool,
        ignoresCase: Bool = false, largest: Int? = nil
    ) {
        self.reads = reads
        self.looks = looks || reads
        self.lists = lists
        self.deletes = deletes
        self.compares = compares
        self.ignoresCase = ignoresCase
        self.largest = largest
    }

    init(_ json: JSONPlaces) throws {
        guard json.integer(json["protocol"]) == BackendRequest.version else {
            throw BackendAnswer.NotProtocol("it speaks another version of the protocol")
        }
        guard let able = json.texts(json["can"] ?? .array([])) else {
            throw BackendAnswer.NotProtocol("can is not an array of texts")
        }
        self.init(
            reads: able.contains("read"), looks: able.contains("look"),
            lists: able.contains("list"), deletes: able.contains("delete"),
            compares: able.contains("compare"),
            ignoresCase: able.contains("ignore-case"))
        if let size = json.integer(json["largest"]) {
            guard size > 0 else { throw BackendAnswer.NotProtocol("largest is not positive") }
            largest = Int(size)
        }
    }
}
