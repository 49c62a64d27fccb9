/// A JSON value, for what programs read: RFC 8259.
///
/// Write one as a literal. An object keeps its members in order; keys are words of ours, lower
/// case, with `_` between them.
///
/// JSON has no bytes, but names have. Where a text is not UTF-8, each bad sequence is written as
/// U+FFFD; and where it is the value of a member, or among the texts in an array that is, a member
/// `KEY_hex` follows with the exact bytes in hexadecimal: `"name": "caf\ufffd", "name_hex":
/// "636166E9"`. For an array that is an array of the same length.
public enum JSON: Sendable, Equatable {
    /// A member of an object.
    public struct Member: Sendable, Equatable {
        /// A word of ours.
        public var key: String
        /// What it has.
        public var value: JSON

        /// A member.
        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// Members in order; of two with one key the later counts, in the place of the first.
    case object([Member])
    /// Values in order.
    case array([JSON])
    /// A text, which need not be UTF-8.
    case string(Text)
    /// A whole number.
    case int(Int64)
    /// True or false.
    case bool(Bool)
    /// Nothing.
    case null

    /// The value as a text: members and elements on lines of their own, indented by two spaces, and
    /// a line feed at the end.
    ///
    /// It is UTF-8, and escaped where a terminal could be controlled or deceived by it, so it is
    /// fit for one as it is.
    public var text: Text {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: 0)
        bytes.append(.newline)
        return Text(bytes)
    }

    /// The value in one line, which has no other line feed than the one at its end.
    public var line: Text {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: Self.inOneLine)
        bytes.append(.newline)
        return Text(bytes)
    }

    /// So far to the left that no depth comes to the margin, from where lines are broken.
    private static let inOneLine = -1_000_000

    private func write(to bytes: inout [UInt8], indent: Int) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .int(let value): bytes += String(value).utf8
        case .string(let value): Self.write(value.bytes, to: &bytes)
        case .array(let elements):
            Self.write(elements, between: "[]", to: &bytes, indent) {
                $0.write(to: &$1, indent: indent + 1)
            }
        case .object(let members):
            Self.write(Self.complete(members), between: "{}", to: &bytes, indent) {
                Self.write(Array($0.key.utf8), to: &$1)
                $1 += ": ".utf8
                $0.value.write(to: &$1, indent: indent + 1)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between brackets: StaticString, to bytes: inout [UInt8], _ indent: Int,
        each: (Item, inout [UInt8]) -> Void
    ) {
        func newLine(_ indent: Int) {
            guard indent >= 0 else { return }
            bytes.append(.newline)
            bytes += repeatElement(0x20, count: 2 * indent)
        }
        bytes.append(brackets.utf8Start[0])
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(indent + 1)
            each(item, &bytes)
        }
        if !items.isEmpty { newLine(indent) }
        bytes.append(brackets.utf8Start[1])
    }

    /// Each key once, and what could not be said in UTF-8 beside it.
    private static func complete(_ members: [Member]) -> [Member] {
        var result: [Member] = []
        var places: [String: Int] = [:]
        func set(_ member: Member) {
            if let place = places[member.key] {
                result[place] = member
            } else {
                places[member.key] = result.count
                result.append(member)
            }
        }
        for member in members {
            set(member)
            if let exact = member.value.exact { set(Member(member.key + "_hex", exact)) }
        }
        return result
    }

    /// The bytes in hexadecimal of a text that is not UTF-8, or of all texts among which is one.
    private var exact: JSON? {
        switch self {
        case .string(let value):
            return Self.isUTF8(value.bytes) ? nil : .string(Text(value.bytes.hex.utf8))
        case .array(let elements):
            guard elements.contains(where: { $0.exact != nil && !$0.isArray }) else { return nil }
            return .array(
                elements.map { element in
                    guard case .string(let value) = element else { return .null }
                    return .string(Text(value.bytes.hex.utf8))
                })
        default: return nil
        }
    }

    private var isArray: Bool {
        if case .array = self { true } else { false }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }

    private static func write(_ value: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var previous: UInt32 = 0
        for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "\u{8}": bytes += "\\b".utf8
            case "\u{c}": bytes += "\\f".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{fffd}",
                _ where !TerminalText.isHarmless(scalar.value, after: previous):
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    bytes += "\\u".utf8
                    for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> shift & 15)]) }
                }
            default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
            previous = scalar.value
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0, $1) })
    }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(stringLiteral value: String) { self = .string(Text(value.utf8)) }
    public init(stringInterpolation: Text.Interpolation) {
        self = .string(Text(stringInterpolation: stringInterpolation))
    }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
}
