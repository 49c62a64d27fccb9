/// The content of an entry as its parts in order, of which it can be put together again byte for
/// byte.
///
/// The first line is the secret, whatever it holds; an armoured block that starts there belongs to
/// it to the block's end. A field is a key, a colon, and a blank or the line's end; lines below it
/// that start with a blank continue it. Other armoured blocks are one text each, and every other
/// line is a text of its own. What is no text, and a document that is one whole such as JSON, is
/// all secret.
///
/// Only places in the secret memory are kept, nothing is copied out of it.
public struct EntryText: Sendable {
    /// How a line ends.
    public enum LineEnd: Sendable, Hashable {
        /// Line feed.
        case lf
        /// Carriage return and line feed.
        case crlf
    }

    /// One part, in most cases one line.
    public struct Unit: Sendable {
        enum Kind: Hashable {
            case secret, field, otpauth, text
        }

        let kind: Kind
        /// Its place, without the line end.
        public let content: Range<Int>
        /// Of a field; empty elsewhere.
        let key: Range<Int>
        /// Of a field, without blanks around it; elsewhere the same as the content.
        let value: Range<Int>
        /// How its last line ends.
        public let end: LineEnd
    }

    /// What was read.
    public let source: Secret
    /// The parts; the first is the secret, even of an empty entry.
    public let units: [Unit]
    /// Whether the last line has an end.
    public let endsInNewline: Bool
    /// Whether it is not made of lines: binary content, or one document such as JSON.
    public let isOpaque: Bool

    /// The longest key that is one; longer words before a colon are prose.
    static let longestKey = 64

    /// Reads an entry; anything can be read.
    public init(_ source: Secret) {
        self.source = source
        let isOpaque = source.withBytes(Self.isOpaque)
        self.isOpaque = isOpaque
        guard !isOpaque else {
            let all = 0..<source.count
            units = [Unit(kind: .secret, content: all, key: 0..<0, value: all, end: .lf)]
            endsInNewline = false
            return
        }
        (units, endsInNewline) = source.withBytes { bytes in
            var reader = UnitReader(bytes)
            return (reader.units(), bytes.last == .newline)
        }
    }

    /// Whether the bytes are no text: they hold control characters that text has not.
    public static func isBinary(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.contains { $0 < 0x20 && ![0x09, 0x0a, 0x0d].contains($0) }
    }

    private static func isOpaque(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if isBinary(bytes) { return true }
        // Lines of two versions of a document, mixed, are no document.
        let isInk: (UInt8) -> Bool = { $0 > 0x20 }
        guard let first = bytes.first(where: isInk), let last = bytes.last(where: isInk),
            bytes.first.map(isInk) == true, bytes.dropLast().contains(.newline)
        else { return false }
        let pairs: [(Character, Character)] = [("{", "}"), ("[", "]"), ("<", ">")]
        return pairs.contains { first == $0.asciiValue && last == $1.asciiValue }
    }

    /// What a person calls a part.
    public func part(of unit: Unit) -> EntryPart {
        switch unit.kind {
        case .secret: .secret
        case .field: .field(Text(source.withBytes { Array($0[unit.key]) }))
        case .otpauth: .otpauth
        case .text: .text
        }
    }

    /// What a part holds: of a field the value, of others all of it.
    public func value(of unit: Unit) -> Secret { source.slice(unit.value) }

    /// All of a part, without the line end.
    public func content(of unit: Unit) -> Secret { source.slice(unit.content) }

    /// The parts of a field with this key, in either case of letters.
    public func fields(_ key: Text) -> [Unit] {
        let wanted = key.bytes.map(\.asciiLowercased)
        return source.withBytes { bytes in
            units.filter { unit in
                unit.kind == .field
                    && bytes[unit.key].lazy.map(\.asciiLowercased).elementsEqual(wanted)
            }
        }
    }

    /// The entry again; the same bytes as were read.
    public var assembled: Secret {
        Secret(assembling: units.map { Piece(self, $0, end: $0.end) }, endsInNewline: endsInNewline)
    }
}

extension EntryText {
    /// The entry with the fields of a key as they are in another; where it has fewer, the rest goes
    /// behind the last of them, or else of all fields.
    public func replacing(_ key: Text, byThoseOf other: EntryText) -> Secret {
        var wanted = other.fields(key)[...]
        let places = Set(fields(key).map(\.content.lowerBound))
        var pieces: [Piece] = []
        var last = 0
        for unit in units {
            if unit.kind == .field, places.contains(unit.content.lowerBound) {
                guard let field = wanted.popFirst() else { continue }
                pieces.append(Piece(other, field, end: unit.end))
                last = pieces.count
            } else {
                pieces.append(Piece(self, unit, end: unit.end))
                if unit.kind != .text, places.isEmpty { last = pieces.count }
            }
        }
        let rest = wanted.map { Piece(other, $0, end: units[0].end) }
        pieces.insert(contentsOf: rest, at: last)
        return Secret(assembling: pieces, endsInNewline: endsInNewline)
    }
}
