/// ASCII armour, which other programs may have put around an entry.
///
/// RFC 4880 §6.2.
enum Armor {
    /// The bytes within the armour, or nothing when it is not well formed.
    ///
    /// The checksum is gpg's to judge.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        let lines = text.split(separator: .newline, omittingEmptySubsequences: false).map { line in
            line.last == .carriageReturn ? line.dropLast() : line
        }
        // Headers end at the first line without a character.
        guard let blank = lines.firstIndex(where: { $0.trimmingBlanks.isEmpty }) else { return nil }
        var result: [UInt8] = []
        for line in lines[(blank + 1)...] {
            if line.first == UInt8(ascii: "=") || line.starts(with: "-----END".utf8) {
                return result
            }
            guard let bytes = base64(line) else { return nil }
            result += bytes
        }
        return nil
    }

    private static func base64(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in line.trimmingBlanks {
            if character == UInt8(ascii: "=") { break }
            guard let value = value(character) else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return result
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
