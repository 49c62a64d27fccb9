/// Base32 of secrets: RFC 4648 §6, as keys for one-time passwords are spelled.
enum Base32 {
    /// The bytes that a text stands for; nothing when it holds another letter or no byte.
    ///
    /// People copy them by hand: small letters, blanks and dashes between groups and missing padding
    /// are all right.
    static func decode(_ text: some Collection<UInt8>) -> Secret? {
        var isWellFormed = true
        let decoded = Secret(capacity: text.count) { memory in
            var used = 0
            var buffer: UInt32 = 0
            var bits: UInt32 = 0
            for byte in text where !" -=".utf8.contains(byte) {
                guard let value = value(byte) else {
                    isWellFormed = false
                    return 0
                }
                buffer = buffer << 5 | UInt32(value)
                bits += 5
                guard bits >= 8 else { continue }
                bits -= 8
                memory[used] = UInt8(truncatingIfNeeded: buffer >> bits)
                used += 1
            }
            return used
        }
        return isWellFormed && !decoded.isEmpty ? decoded : nil
    }

    /// What a letter of either case is worth.
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte.asciiLowercased {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte.asciiLowercased - UInt8(ascii: "a")
        case UInt8(ascii: "2")...UInt8(ascii: "7"): byte - UInt8(ascii: "2") + 26
        default: nil
        }
    }
}
