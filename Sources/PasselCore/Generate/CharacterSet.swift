/// The bytes that a password may be made of, written as a set of tr(1) in the C locale.
///
/// Characters, ranges `a-z`, classes `[:alnum:]`, equivalence `[=x=]` and the escapes `\n \t \\ \101 …`.
public struct CharacterSet: Sendable, Equatable {
    /// The bytes, ascending, each once.
    public let bytes: [UInt8]

    /// Reads the set; line feed and NUL, which no line of an entry can hold, are left out.
    ///
    /// - Throws: `Problem` for what tr refuses: an unknown class, a range that runs backwards, a repeat construct.
    public init(_ text: [UInt8]) throws {
        var found: Set<UInt8> = []
        var rest = text[...]
        while !rest.isEmpty {
            if let bracket = try Self.bracket(&rest) {
                found.formUnion(bracket)
                continue
            }
            let first = Self.character(&rest)
            guard rest.first == UInt8(ascii: "-"), rest.count > 1 else {
                found.insert(first)
                continue
            }
            rest = rest.dropFirst()
            let last = Self.character(&rest)
            guard first <= last else {
                throw Problem("the character range in the set runs backwards")
            }
            found.formUnion(first...last)
        }
        bytes = found.subtracting([0, .newline]).sorted()
    }

    /// A class or equivalence at the start of `rest`, taken from it; nothing when there is none.
    private static func bracket(_ rest: inout ArraySlice<UInt8>) throws -> [UInt8]? {
        guard rest.first == UInt8(ascii: "["), rest.count > 1 else { return nil }
        let kind = rest[rest.startIndex + 1]
        if kind == UInt8(ascii: ":") || kind == UInt8(ascii: "=") {
            let inner = rest.dropFirst(2)
            guard let end = inner.indices.first(where: {
                inner[$0] == kind && $0 + 1 < inner.endIndex && inner[$0 + 1] == UInt8(ascii: "]")
                    && $0 > inner.startIndex
            }) else { return nil }
            let name = Array(inner[..<end])
            rest = inner[(end + 2)...]
            if kind == UInt8(ascii: "=") {
                guard name.count == 1 else {
                    throw Problem("an equivalence in the character set needs exactly one character")
                }
                return name
            }
            guard let members = classes[String(decoding: name, as: UTF8.self)] else {
                throw Problem("the character set names an unknown class [:\(name):]")
            }
            return members
        }
        // [x*n] repeats x, which only a replacement can use.
        if rest.count > 3, rest[rest.startIndex + 2] == UInt8(ascii: "*"),
            rest.dropFirst(3).drop(while: \.isDigit).first == UInt8(ascii: "]")
        {
            throw Problem("the character set may not repeat characters with [x*n]")
        }
        return nil
    }

    private static func character(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
        let first = rest.removeFirst()
        guard first == UInt8(ascii: "\\"), let escaped = rest.first else { return first }
        let octal = rest.prefix(3).prefix { (0x30...0x37).contains($0) }
        if !octal.isEmpty {
            var digits = octal
            var value = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
            if value > 255 {
                digits = digits.dropLast()
                value = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
            }
            rest = rest.dropFirst(digits.count)
            return UInt8(value)
        }
        rest = rest.dropFirst()
        return escapes[escaped] ?? escaped
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
