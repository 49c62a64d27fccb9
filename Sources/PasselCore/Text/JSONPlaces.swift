/// A JSON text as the places of its parts: RFC 8259.
///
/// Nothing is copied out of the memory it stands in, which may be secret, until a part is asked
/// for; so it lives no longer than that memory. Strict and bounded: one value, in UTF-8, no depth,
/// size or number of parts beyond reason, no key twice in an object.
public struct JSONPlaces {
    /// A value.
    public enum Node {
        /// Its members, in order.
        case object([Member])
        /// Its elements.
        case array([Node])
        /// Between its quotes.
        case string(Range<Int>)
        /// As it stands.
        case number(Range<Int>)
        /// True or false.
        case bool(Bool)
        /// Nothing.
        case null
    }

    /// A member of an object.
    public struct Member {
        /// Between its quotes.
        public let key: Range<Int>
        /// What it has.
        public let value: Node
    }

    /// What all of it is.
    public let root: Node
    private let bytes: UnsafeRawBufferPointer

    /// Reads a text; nothing for what is not JSON or unreasonable.
    ///
    /// - Parameter parts: how many values there may be at most; of a megabyte, when not given.
    public init?(_ bytes: UnsafeRawBufferPointer, parts: Int? = nil) {
        guard parts != nil || bytes.count <= 1 << 20, bytes.isUTF8 else { return nil }
        var reader = JSONPlaceReader(bytes, most: parts ?? 10_000)
        guard let root = reader.document() else { return nil }
        self.bytes = bytes
        self.root = root
    }

    /// The value of an object's member; nothing when there is none.
    public subscript(_ node: Node, _ key: String) -> Node? {
        guard case .object(let members) = node else { return nil }
        return members.first { Self.unescaped(bytes[$0.key]).elementsEqual(key.utf8) }?.value
    }

    /// The value of a member of the whole.
    public subscript(_ key: String) -> Node? { self[root, key] }

    /// A string's text.
    public func text(_ node: Node?) -> Text? {
        guard case .string(let place) = node else { return nil }
        return Text(Self.unescaped(bytes[place]))
    }

    /// The strings of an array, or a string alone; nothing when there is anything else among them.
    public func texts(_ node: Node?) -> [Text]? {
        guard case .array(let elements) = node else { return text(node).map { [$0] } }
        let texts = elements.map { text($0) }
        return texts.contains(nil) ? nil : texts.compactMap(\.self)
    }

    /// A number without its fraction; nothing when it is too large for one.
    public func integer(_ node: Node?) -> Int64? {
        guard case .number(let place) = node else { return nil }
        let text = String(decoding: bytes[place], as: UTF8.self)
        if let exact = Int64(text) { return exact }
        // Beyond 2^53 the fraction is no matter.
        guard let value = Double(text), value.magnitude < 0x1p63 else { return nil }
        return Int64(value)
    }

    /// A string's text, which is a secret; nothing where there is no string.
    public func secret(_ node: Node?) -> Secret? {
        guard case .string(let place) = node else { return nil }
        // No escape is shorter than what it stands for.
        return Secret(capacity: place.count) { memory in
            var used = 0
            Self.unescape(bytes[place]) { byte in
                memory[used] = byte
                used += 1
            }
            return used
        }
    }

    /// The elements of an array; none of anything else.
    public func elements(_ node: Node?) -> [Node] {
        if case .array(let elements) = node { elements } else { [] }
    }

    /// The members of an object, their keys resolved; none of anything else.
    public func members(_ node: Node?) -> [(key: Text, value: Node)] {
        guard case .object(let members) = node else { return [] }
        return members.map { (Text(Self.unescaped(bytes[$0.key])), $0.value) }
    }

    /// The digits of a number, as they stand.
    public func digits(_ place: Range<Int>) -> Text { Text(bytes[place]) }

    /// A value as it stands, without what is between its parts.
    public func source(_ node: Node) -> [ContentPiece] {
        switch node {
        case .null: ["null"]
        case .bool(let value): [.plain(Array((value ? "true" : "false").utf8))]
        case .number(let place): [.secret(copy(place))]
        case .string(let place): ["\"", .secret(copy(place)), "\""]
        case .array(let elements): ["["] + list(elements.map(source)) + ["]"]
        case .object(let members): ["{"] + list(members.map(source)) + ["}"]
        }
    }

    /// A member as it stands.
    public func source(_ member: Member) -> [ContentPiece] {
        ["\"", .secret(copy(member.key)), "\":"] + source(member.value)
    }

    /// The key of a member.
    public func key(_ member: Member) -> Text { Text(Self.unescaped(bytes[member.key])) }

    private func list(_ parts: [[ContentPiece]]) -> [ContentPiece] {
        Array(parts.joined(separator: [","]))
    }

    private func copy(_ place: Range<Int>) -> Secret {
        Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[place]))
    }

    /// What a string's bytes mean once its escapes are resolved.
    static func unescaped(_ raw: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        guard raw.contains(UInt8(ascii: "\\")) else { return Array(raw) }
        var result: [UInt8] = []
        unescape(raw) { result.append($0) }
        return result
    }

    private static func unescape(
        _ raw: Slice<UnsafeRawBufferPointer>, _ put: (UInt8) -> Void
    ) {
        var rest = raw
        var high: UInt32?
        func encode(_ scalar: Unicode.Scalar) {
            for byte in UTF8.encode(scalar) ?? .init() { put(byte) }
        }
        func flush() {
            if high != nil { encode("\u{fffd}") }
            high = nil
        }
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                flush()
                put(byte)
                continue
            }
            guard escape == UInt8(ascii: "u") else {
                flush()
                put(Self.escapes[escape] ?? escape)
                continue
            }
            let unit = rest.prefix(4).reduce(UInt32(0)) { $0 << 4 | UInt32($1.hexValue ?? 0) }
            rest = rest.dropFirst(4)
            if let first = high, (0xDC00...0xDFFF).contains(unit),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00))
            {
                high = nil
                encode(scalar)
            } else {
                flush()
                if (0xD800...0xDBFF).contains(unit) {
                    high = unit
                } else {
                    encode(Unicode.Scalar(unit) ?? "\u{fffd}")
                }
            }
        }
        flush()
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9,
    ]
}

/// Finds the parts of a JSON text.
private struct JSONPlaceReader {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    private var parts = 0

    private let mostParts: Int
    private static let deepest = 32

    init(_ bytes: UnsafeRawBufferPointer, most: Int) {
        self.bytes = bytes
        mostParts = most
    }

    mutating func document() -> JSONPlaces.Node? {
        guard let node = value(depth: 0) else { return nil }
        skipBlanks()
        return place == bytes.count ? node : nil
    }

    private mutating func value(depth: Int) -> JSONPlaces.Node? {
        parts += 1
        guard depth <= Self.deepest, parts <= mostParts else { return nil }
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return word("true").map { _ in .bool(true) }
        case UInt8(ascii: "f"): return word("false").map { _ in .bool(false) }
        case UInt8(ascii: "n"): return word("null").map { _ in .null }
        default: return number().map { .number($0) }
        }
    }

    private mutating func object(_ depth: Int) -> JSONPlaces.Node? {
        var members: [JSONPlaces.Member] = []
        var known: Set<[UInt8]> = []
        let isWhole = list("}") { reader in
            reader.skipBlanks()
            guard let key = reader.string(),
                known.insert(JSONPlaces.unescaped(reader.bytes[key])).inserted
            else { return false }
            reader.skipBlanks()
            guard reader.take(UInt8(ascii: ":")), let value = reader.value(depth: depth + 1) else {
                return false
            }
            members.append(JSONPlaces.Member(key: key, value: value))
            return true
        }
        return isWhole ? .object(members) : nil
    }

    private mutating func array(_ depth: Int) -> JSONPlaces.Node? {
        var elements: [JSONPlaces.Node] = []
        let isWhole = list("]") { reader in
            guard let element = reader.value(depth: depth + 1) else { return false }
            elements.append(element)
            return true
        }
        return isWhole ? .array(elements) : nil
    }

    /// An opening bracket, elements with commas between them, and the closing one.
    private mutating func list(
        _ end: Unicode.Scalar, _ element: (inout JSONPlaceReader) -> Bool
    ) -> Bool {
        place += 1
        skipBlanks()
        if take(UInt8(ascii: end)) { return true }
        repeat {
            guard element(&self) else { return false }
            skipBlanks()
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: end))
    }

    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = place
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return start..<(place - 1)
            case ..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let escape = peek, "\"\\/bfnrtu".utf8.contains(escape) else { return nil }
                place += 1
                guard escape == UInt8(ascii: "u") else { continue }
                for _ in 0..<4 {
                    guard peek?.hexValue != nil else { return nil }
                    place += 1
                }
            default: continue
            }
        }
        return nil
    }

    private mutating func number() -> Range<Int>? {
        let start = place
        _ = take(UInt8(ascii: "-"))
        let isZero = peek == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !isZero || whole == 1 else { return nil }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { return nil }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "-")) || take(UInt8(ascii: "+"))
            guard digits() > 0 else { return nil }
        }
        return start..<place
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = peek, byte.isDigit { place += 1 }
        return place - start
    }

    private mutating func word(_ word: String) -> Bool? {
        guard bytes[place...].starts(with: word.utf8) else { return nil }
        place += word.utf8.count
        return true
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, " \t\r\n".utf8.contains(byte) { place += 1 }
    }
}
