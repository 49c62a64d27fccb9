/// The bytes that a password may be made of, written as a set of tr(1) in the C locale.
///
/// Characters, ranges `a-z`, classes `[:alnum:]`, equivalence `[=x=]`, repetition `[x*3]` and the
/// escapes `\n \t \\ \101 …`. Follows tr of coreutils 9.1 for `tr -dc SET`.
public struct CharacterSet: Sendable, Equatable {
    /// The bytes, ascending, each once.
    public let bytes: [UInt8]

    /// Reads the set; line feed and NUL, which no line of an entry can hold, are left out.
    ///
    /// - Throws: `Problem` for what tr refuses: an unknown class, a range that runs backwards, a
    ///   repetition without end.
    public init(_ text: [UInt8]) throws {
        let symbols = Self.unescaped(text)
        var found: Set<UInt8> = []
        var rest = symbols[...]
        while let first = rest.first {
            // Only what has two more characters behind it can be more than a character.
            guard rest.count > 2 else {
                found.formUnion(rest.map(\.byte))
                break
            }
            if first.isPlain("["), let members = try Self.bracket(&rest) {
                found.formUnion(members)
            } else if rest[rest.startIndex + 1].isPlain("-") {
                let last = rest[rest.startIndex + 2].byte
                guard first.byte <= last else {
                    throw Problem("the character range in the set runs backwards")
                }
                found.formUnion(first.byte...last)
                rest = rest.dropFirst(3)
            } else {
                found.insert(first.byte)
                rest = rest.dropFirst()
            }
        }
        bytes = found.subtracting([0, .newline]).sorted()
    }

    /// A byte of the set, and whether a backslash takes its special meaning from it.
    private struct Symbol {
        let byte: UInt8
        let isEscaped: Bool

        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            !isEscaped && byte == UInt8(ascii: scalar)
        }
    }

    private static func unescaped(_ text: [UInt8]) -> [Symbol] {
        var symbols: [Symbol] = []
        var rest = text[...]
        while let first = rest.popFirst() {
            guard first == UInt8(ascii: "\\"), let escaped = rest.first else {
                symbols.append(Symbol(byte: first, isEscaped: false))
                continue
            }
            var digits = rest.prefix(3).prefix { (0x30...0x37).contains($0) }
            // What does not fit into a byte is two digits and a character.
            if value(digits) > 255 { digits = digits.dropLast() }
            rest = rest.dropFirst(max(1, digits.count))
            let byte = digits.isEmpty ? escapes[escaped] ?? escaped : UInt8(value(digits))
            symbols.append(Symbol(byte: byte, isEscaped: true))
        }
        return symbols
    }

    private static func value(_ octalDigits: ArraySlice<UInt8>) -> Int {
        octalDigits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
    }

    /// The class, equivalence or repetition at the start of `rest`, taken from it; nothing when
    /// there is none.
    private static func bracket(_ rest: inout ArraySlice<Symbol>) throws -> [UInt8]? {
        let kind = rest[rest.startIndex + 1]
        guard kind.isPlain(":") || kind.isPlain("="),
            let end = closing(kind.byte, rest.dropFirst(2))
        else {
            return try repetition(&rest)
        }
        let name = rest[(rest.startIndex + 2)..<end].map(\.byte)
        let isClass = kind.byte == UInt8(ascii: ":")
        let members = isClass ? classes[String(decoding: name, as: UTF8.self)] : name
        guard let members, isClass || name.count == 1 else {
            // [:*3] and [=*3] repeat a colon or an equals sign.
            if rest[rest.startIndex + 2].isPlain("*"), let repeated = try repetition(&rest) {
                return repeated
            }
            throw Problem(
                isClass
                    ? "the character set names an unknown class [:\(name):]"
                    : "an equivalence in the character set needs exactly one character")
        }
        rest = rest[(end + 2)...]
        return members
    }

    private static func closing(_ delimiter: UInt8, _ rest: ArraySlice<Symbol>) -> Int? {
        let scalar = Unicode.Scalar(delimiter)
        return rest.indices.dropLast().first {
            rest[$0].isPlain(scalar) && rest[$0 + 1].isPlain("]")
        }
    }

    /// `[x*3]` is x; without a count, x would fill up a set of another length, which there is not.
    private static func repetition(_ rest: inout ArraySlice<Symbol>) throws -> [UInt8]? {
        let start = rest.startIndex
        guard rest[start + 2].isPlain("*") else { return nil }
        let tail = rest[(start + 3)...].prefix { !$0.isEscaped }
        guard let end = tail.indices.first(where: { tail[$0].isPlain("]") }) else { return nil }
        let digits = tail[..<end].map(\.byte)
        let text = String(decoding: digits, as: UTF8.self)
        let count = UInt64(text, radix: digits.first == UInt8(ascii: "0") ? 8 : 10)
        guard digits.allSatisfy(\.isDigit), let count, count > 0 else {
            throw Problem("the character set repeats a character without a count: [x*n]")
        }
        defer { rest = rest[(end + 1)...] }
        return [rest[start + 1].byte]
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    private static let classes: [String: [UInt8]] = {
        let upper = Array(UInt8(0x41)...0x5a)
        let lower = Array(UInt8(0x61)...0x7a)
        let digit = Array(UInt8(0x30)...0x39)
        let graph = Array(UInt8(0x21)...0x7e)
        let alnum = upper + lower + digit
        return [
            "upper": upper, "lower": lower, "digit": digit, "graph": graph, "alnum": alnum,
            "alpha": upper + lower, "punct": graph.filter { !alnum.contains($0) },
            "print": [0x20] + graph, "blank": [0x09, 0x20], "space": Array(0x09...0x0d) + [0x20],
            "cntrl": Array(0...0x1f) + [0x7f],
            "xdigit": digit + Array(0x41...0x46) + Array(0x61...0x66),
        ]
    }()
}
