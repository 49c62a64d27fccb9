/// Makes bytes of others harmless for a terminal.
///
/// Control characters, C1 controls, bidirectional overrides and invisible characters become visible
/// escapes: `\x1b`, `\u{202e}`. Bytes that are not UTF-8 become `\xNN`. What is left prints as it
/// is.
public enum TerminalText {
    /// The bytes as a terminal may see them.
    ///
    /// With `keepingLines`, line feeds and tabs stay, for bodies of several lines; names have them
    /// escaped.
    public static func sanitised(_ bytes: [UInt8], keepingLines: Bool = false) -> [UInt8] {
        bytes.withUnsafeBytes { sanitised($0, keepingLines: keepingLines) }
    }

    /// The bytes as a terminal may see them, handed out piece by piece so that secrets need no
    /// copy.
    public static func sanitise(
        _ bytes: UnsafeRawBufferPointer, keepingLines: Bool,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var start = 0
        var index = 0
        var previous: UInt32 = 0
        while index < bytes.count {
            let (scalar, length) = decode(bytes, at: index)
            let next = index + length
            if let scalar,
                isHarmless(scalar, after: previous)
                    || (keepingLines && (scalar == 0x0a || scalar == 0x09))
            {
                previous = scalar
                index = next
                continue
            }
            if start < index { try sink(UnsafeRawBufferPointer(rebasing: bytes[start..<index])) }
            let escape = escaped(scalar, byte: bytes[index])
            try escape.withUnsafeBytes(sink)
            previous = 0
            index = next
            start = next
        }
        if start < bytes.count { try sink(UnsafeRawBufferPointer(rebasing: bytes[start...])) }
    }

    private static func sanitised(
        _ bytes: UnsafeRawBufferPointer, keepingLines: Bool
    ) -> [UInt8] {
        var result: [UInt8] = []
        sanitise(bytes, keepingLines: keepingLines) { result += $0 }
        return result
    }

    /// The scalar at `index` and how many bytes it takes; nothing and 1 where the bytes are not
    /// UTF-8.
    private static func decode(
        _ bytes: UnsafeRawBufferPointer, at index: Int
    ) -> (scalar: UInt32?, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length: Int
        let smallest: UInt32
        switch first {
        case 0xc2...0xdf: (length, smallest) = (2, 0x80)
        case 0xe0...0xef: (length, smallest) = (3, 0x800)
        case 0xf0...0xf4: (length, smallest) = (4, 0x10000)
        default: return (nil, 1)
        }
        guard index + length <= bytes.count else { return (nil, 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for byte in bytes[(index + 1)..<(index + length)] {
            guard byte & 0xc0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        let valid = value >= smallest && value <= 0x10ffff && !(0xd800...0xdfff).contains(value)
        return valid ? (value, length) : (nil, 1)
    }

    static func isHarmless(_ scalar: UInt32, after previous: UInt32) -> Bool {
        switch scalar {
        case ..<0x20, 0x7f...0x9f: false
        // A joiner binds the parts of an emoji; anywhere else it only hides.
        case 0x200d: previous >= 0x2190
        case 0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180f: false
        case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f: false
        case 0x3164, 0xfeff, 0xffa0, 0xfff0...0xfffb: false
        case 0x1bca0...0x1bca3, 0x1d173...0x1d17a, 0xe0000...0xe0fff: false
        default: true
        }
    }

    private static func escaped(_ scalar: UInt32?, byte: UInt8) -> [UInt8] {
        guard let scalar, scalar >= 0x80 else { return Array("\\x\(hex(UInt32(byte), 2))".utf8) }
        return Array("\\u{\(hex(scalar, 4))}".utf8)
    }

    private static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
