/// Reads XML as password managers write it, part by part: XML 1.0 without a document type.
///
/// A document type is refused, and with it every entity but the five that XML itself has: nothing
/// is ever fetched or grows. Values stay in the memory they stand in until one is asked for.
struct XMLReader {
    /// What keeps a text from being XML.
    struct Flaw: Error, Equatable {
        /// The number of the line, from 1.
        let line: Int
        let reason: Text
    }

    /// The name of an element or attribute, and where an attribute's value stands.
    struct Attribute {
        let name: [UInt8]
        fileprivate let value: Range<Int>
    }

    enum Event {
        case start([UInt8], [Attribute])
        case end([UInt8])
        /// Text as it is written, or between `<![CDATA[` and `]]>`, where nothing is escaped.
        case text(Range<Int>, isRaw: Bool)
    }

    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    private var open: [[UInt8]] = []
    /// The end of an element that was opened and closed in one.
    private var pendingEnd: [UInt8]?
    private static let deepest = 128

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    }

    /// The next part; nothing at the end.
    mutating func next() throws(Flaw) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            open.removeLast()
            return .end(name)
        }
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                let start = place
                while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
                if open.isEmpty {
                    guard bytes[start..<place].allSatisfy({ $0 <= 0x20 }) else {
                        throw flaw("text stands outside of the document")
                    }
                    continue
                }
                return .text(start..<place, isRaw: false)
            }
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<?") {
                try skip(past: "?>")
            } else if take("<![CDATA[") {
                guard !open.isEmpty else { throw flaw("text stands outside of the document") }
                let start = place
                try skip(past: "]]>")
                return .text(start..<(place - 3), isRaw: true)
            } else if take("<!") {
                throw flaw("it has a document type, which is not read")
            } else if take("</") {
                return try end()
            } else {
                place += 1
                return try start()
            }
        }
        guard open.isEmpty else { throw flaw("it ends in the middle") }
        return nil
    }

    private mutating func start() throws(Flaw) -> Event {
        let name = try word()
        guard open.count < Self.deepest else { throw flaw("its elements are nested too deeply") }
        var attributes: [Attribute] = []
        while true {
            skipBlanks()
            if take("/>") {
                pendingEnd = name
                open.append(name)
                return .start(name, attributes)
            }
            if take(">") {
                open.append(name)
                return .start(name, attributes)
            }
            let key = try word()
            skipBlanks()
            guard take("=") else { throw flaw("an attribute has no value") }
            skipBlanks()
            guard place < bytes.count, "\"'".utf8.contains(bytes[place]) else {
                throw flaw("an attribute has no quotes")
            }
            let quote = bytes[place]
            place += 1
            let from = place
            while place < bytes.count, bytes[place] != quote { place += 1 }
            guard place < bytes.count else { throw flaw("a quote is not closed") }
            attributes.append(Attribute(name: key, value: from..<place))
            place += 1
        }
    }

    private mutating func end() throws(Flaw) -> Event {
        let name = try word()
        skipBlanks()
        guard take(">"), open.popLast() == name else { throw flaw("an element is closed wrongly") }
        return .end(name)
    }

    private mutating func word() throws(Flaw) -> [UInt8] {
        let start = place
        while place < bytes.count, bytes[place] > 0x20, !"<>/=\"'&".utf8.contains(bytes[place]) {
            place += 1
        }
        guard start < place else { throw flaw("a name is missing") }
        return Array(bytes[start..<place])
    }

    /// What an attribute says, which is no secret.
    func text(_ attribute: Attribute) throws(Flaw) -> Text {
        try value([(attribute.value, isRaw: false)]).asText
    }

    /// What pieces of text say together.
    ///
    /// - Throws: `Flaw` for an entity that XML itself does not have.
    func value(_ pieces: [(place: Range<Int>, isRaw: Bool)]) throws(Flaw) -> Secret {
        var wrong: Int?
        let value = Secret(capacity: pieces.reduce(0) { $0 + $1.place.count }) { memory in
            var used = 0
            func put(_ byte: UInt8) {
                memory[used] = byte
                used += 1
            }
            for piece in pieces {
                var rest = piece.place
                while !rest.isEmpty {
                    let byte = bytes[rest.lowerBound]
                    if byte == .carriageReturn {
                        // As XML wants it: a line ends in a line feed.
                        rest = (rest.lowerBound + 1)..<rest.upperBound
                        if rest.isEmpty || bytes[rest.lowerBound] != .newline { put(.newline) }
                        continue
                    }
                    guard byte == UInt8(ascii: "&"), !piece.isRaw else {
                        put(byte)
                        rest = (rest.lowerBound + 1)..<rest.upperBound
                        continue
                    }
                    let from = rest.lowerBound + 1
                    guard
                        let end = bytes[from..<min(rest.upperBound, from + 12)]
                            .firstIndex(of: UInt8(ascii: ";")),
                        let scalar = Self.entity(bytes[from..<end])
                    else {
                        wrong = from
                        return 0
                    }
                    // No reference is shorter than what it stands for.
                    for byte in UTF8.encode(scalar) ?? .init() { put(byte) }
                    rest = (end + 1)..<rest.upperBound
                }
            }
            return used
        }
        if let wrong { throw flaw("it has an entity that is not known", at: wrong) }
        return value
    }

    private static func entity(_ name: Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar? {
        switch String(decoding: name, as: UTF8.self) {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.first == UInt8(ascii: "#") else { return nil }
            let digits = name.dropFirst()
            let isHex = digits.first == UInt8(ascii: "x")
            let number = String(decoding: isHex ? digits.dropFirst() : digits, as: UTF8.self)
            return UInt32(number, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
        }
    }

    private mutating func take(_ mark: StaticString) -> Bool {
        let mark = UnsafeRawBufferPointer(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
        guard bytes[place...].starts(with: mark) else { return false }
        place += mark.count
        return true
    }

    private mutating func skip(past mark: StaticString) throws(Flaw) {
        while place < bytes.count {
            if take(mark) { return }
            place += 1
        }
        throw flaw("it ends in the middle")
    }

    private mutating func skipBlanks() {
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    }

    private func flaw(_ reason: Text, at place: Int? = nil) -> Flaw {
        let before = bytes[..<min(place ?? self.place, bytes.count)]
        return Flaw(line: 1 + before.count { $0 == .newline }, reason: reason)
    }
}
