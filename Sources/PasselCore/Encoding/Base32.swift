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

    /// The small letters for these bytes, in groups of five with dashes between them, unpadded.
    static func encode(_ secret: Secret) -> Secret {
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        return secret.withBytes { bytes in
            Secret(capacity: bytes.count * 2 + 2) { memory in
                var (used, count) = (0, 0)
                var (buffer, bits): (UInt32, UInt32) = (0, 0)
                func put(_ value: UInt32) {
                    if count > 0, count % 5 == 0 {
                        memory[used] = UInt8(ascii: "-")
                        used += 1
                    }
                    memory[used] = letters[Int(value & 31)]
                    used += 1
                    count += 1
                }
                for byte in bytes {
                    buffer = buffer << 8 | UInt32(byte)
                    bits += 8
                    while bits >= 5 {
                        bits -= 5
                        put(buffer >> bits)
                    }
                }
                if bits > 0 { put(buffer << (5 - bits)) }
                return used
            }
        }
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
