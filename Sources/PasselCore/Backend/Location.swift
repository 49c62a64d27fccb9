/// One place that a token's value must be in: `NAME:PLACE[#FIELD]`, such as
/// `vault:secret/ci/pypi#token`.
///
/// The first `:` ends the backend's name. Nothing is escaped in the rest: the last `#` divides it, so
/// a place whose own name has one is spelled with another at its end.
public struct Location: Sendable, Hashable {
    /// The backend that knows the place.
    public let backend: BackendName
    /// What the backend calls it; UTF-8 in one line, never empty.
    public let place: Text
    /// The part of it that is meant, where it has parts; never empty.
    public let field: Text?

    /// More than any backend takes.
    public static let longest = 1024

    /// The location that is spelled so.
    ///
    /// - Throws: a `Problem` that says what is wrong with it.
    public init(_ spelling: some Collection<UInt8>) throws(Problem) {
        let bytes = Array(spelling)
        func refused(_ reason: Text) -> Problem {
            Problem(
                "\(ShellWord.text(bytes)) is not a location: \(reason)",
                hints: [
                    "one is spelled NAME:PLACE or NAME:PLACE#FIELD, as vault:secret/ci/pypi#token"
                ])
        }
        guard bytes.count <= Self.longest else {
            throw Problem("a location has at most \(Self.longest) bytes, not \(bytes.count)")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw refused("there is no : behind the name of a backend")
        }
        guard let backend = BackendName(bytes[..<colon]) else {
            throw refused("a backend's name has lower-case letters, digits and -")
        }
        let rest = bytes[(colon + 1)...]
        guard !rest.starts(with: "//".utf8) else { throw refused("it is an address") }
        let hash = rest.lastIndex(of: UInt8(ascii: "#")) ?? rest.endIndex
        let (place, field) = (rest[..<hash], rest[hash...].dropFirst())
        guard !place.isEmpty else { throw refused("it names no place") }
        for part in [place, field] {
            guard String(validating: part, as: UTF8.self) != nil,
                TerminalText.sanitised(Array(part)) == Array(part)
            else { throw refused("it has characters that cannot be seen") }
            guard part.first.map(\.isBlank) != true, part.last.map(\.isBlank) != true else {
                throw refused("a blank stands at an end")
            }
        }
        self.init(backend, Text(place), field: field.isEmpty ? nil : Text(field))
    }

    /// A place that a backend itself named.
    init(_ backend: BackendName, _ place: Text, field: Text?) {
        self.backend = backend
        self.place = place
        self.field = field
    }

    /// Whether it stands for all places that begin so.
    public var isFolder: Bool { place.bytes.last == .slash && field == nil }

    /// `NAME:PLACE[#FIELD]`.
    public var spelling: Text {
        if let field { return "\(backend.text):\(place)#\(field)" }
        let hasHash = place.bytes.contains(UInt8(ascii: "#"))
        return "\(backend.text):\(place)\(hasHash ? "#" : "")"
    }

    /// The location of a place below this folder that its backend named; nothing for what is not
    /// below it, or cannot be spelled.
    public func below(_ place: Text, field: Text?) -> Location? {
        let location = Location(backend, place, field: field)
        let isBelow = place.bytes.starts(with: self.place.bytes) && place != self.place
        // What a server calls its places must not be taken for something else when it is read back.
        guard isFolder, isBelow, !location.isFolder,
            let again = try? Location(location.spelling.bytes),
            again == location
        else { return nil }
        return location
    }
}
