/// Checksums that tokens carry, against mistyping only: they prove nothing.
enum TokenChecksum {
    private static let base62 = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// GitHub's: the last six letters are the CRC-32 of those before them, behind the beginning.
    static func base62(of bytes: UnsafeRawBufferPointer, behind start: Int) -> Bool {
        let body = bytes[start...]
        return spelled(CRC32.of(body.dropLast(6)), base62, width: 6).elementsEqual(body.suffix(6))
    }

    /// Grafana's: the last eight letters are the CRC-32 of what is before the underscore.
    static func grafana(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        let wanted = CRC32.of(bytes.dropLast(9))
        let given = bytes.suffix(8).reduce(UInt32(0)) { $0 << 4 | UInt32($1.hexValue ?? 0) }
        // Written with the low byte first.
        return given == wanted.byteSwapped || given == wanted
    }

    /// A number in a system with these digits, with zeros in front.
    static func spelled(_ number: UInt32, _ digits: [UInt8], width: Int) -> [UInt8] {
        var rest = Int(number)
        var result: [UInt8] = []
        while rest > 0 || result.count < width {
            result.append(digits[rest % digits.count])
            rest /= digits.count
        }
        return result.reversed()
    }
}
