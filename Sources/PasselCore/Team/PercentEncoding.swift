/// Bytes as one word of printable ASCII, for files of ours whose lines hold names.
///
/// RFC 3986 §2.1: letters, digits and `-._~/@+` stand for themselves, all else is `%HH` in upper
/// case. One spelling only: what is not exactly it is refused on reading.
public enum PercentEncoding {
    /// The word that stands for these bytes.
    public static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if isPlain(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result += [byte].hex.utf8
            }
        }
        return result
    }

    /// The bytes that a word stands for; nothing when it is not spelled as `encode` spells it.
    public static func decode(_ word: some Sequence<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Array(word)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue
                else { return nil }
                result.append(high << 4 | low)
            } else {
                result.append(byte)
            }
        }
        guard encode(result).elementsEqual(word) else { return nil }
        return result
    }

    /// The bytes that a text of others stands for, in which some are `%HH`; what is not spelled so
    /// stands for itself.
    public static func decodeLeniently(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap(\.hexValue)
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                result.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            || "-._~/@+".utf8.contains(byte)
    }
}
