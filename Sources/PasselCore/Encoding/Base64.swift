/// Base64 of secrets: RFC 4648 §4 and §5.
public enum Base64 {
    /// The two last letters.
    public enum Alphabet {
        /// `+` and `/`.
        case standard
        /// `-` and `_`.
        case url
    }

    /// The bytes that a text stands for; nothing when it is not well formed.
    ///
    /// Padding may be missing, but not be wrong. Line ends are skipped where they may be.
    public static func decode(
        _ text: some Collection<UInt8>, _ alphabet: Alphabet, hasLines: Bool = false
    ) -> Secret? {
        var letters = 0
        var padding = 0
        var isWellFormed = true
        let decoded = Secret(capacity: text.count / 4 * 3 + 3) { memory in
            var used = 0
            var buffer: UInt32 = 0
            var bits: UInt32 = 0
            for byte in text {
                if hasLines, byte == .newline || byte == .carriageReturn { continue }
                if byte == UInt8(ascii: "=") {
                    padding += 1
                    continue
                }
                guard padding == 0, let value = value(byte, alphabet) else {
                    isWellFormed = false
                    return 0
                }
                buffer = buffer << 6 | UInt32(value)
                letters += 1
                bits += 6
                guard bits >= 8 else { continue }
                bits -= 8
                memory[used] = UInt8(truncatingIfNeeded: buffer >> bits)
                used += 1
            }
            return used
        }
        guard isWellFormed, letters % 4 != 1,
            padding == 0 || (letters + padding) % 4 == 0 && padding < 3
        else { return nil }
        return decoded
    }

    /// The letters for these bytes, without padding.
    public static func encode(_ bytes: some Collection<UInt8>, _ alphabet: Alphabet) -> Secret {
        let letters =
            Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            + Array((alphabet == .url ? "-_" : "+/").utf8)
        return Secret(capacity: bytes.count / 3 * 4 + 4) { memory in
            var used = 0
            var buffer: UInt32 = 0
            var bits: UInt32 = 0
            func put(_ index: UInt32) {
                memory[used] = letters[Int(index & 63)]
                used += 1
            }
            for byte in bytes {
                buffer = buffer << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    put(buffer >> bits)
                }
            }
            if bits > 0 { put(buffer << (6 - bits)) }
            return used
        }
    }

    /// The letters of the standard alphabet, padded as most readers want them.
    static func padded(_ secret: Secret) -> Secret {
        let padding = String(repeating: "=", count: (3 - secret.count % 3) % 3)
        return Secret(joining: [
            secret.withBytes { encode($0, .standard) }, Secret(plain: padding),
        ])
    }

    /// The same in lines of 64 letters, without line ends.
    static func lines(_ secret: Secret) -> [Secret] {
        let letters = padded(secret)
        return stride(from: 0, to: letters.count, by: 64).map {
            letters.slice($0..<min($0 + 64, letters.count))
        }
    }

    private static func value(_ byte: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+") where alphabet == .standard: 62
        case UInt8(ascii: "/") where alphabet == .standard: 63
        case UInt8(ascii: "-") where alphabet == .url: 62
        case UInt8(ascii: "_") where alphabet == .url: 63
        default: nil
        }
    }
}

extension Secret {
    /// Its bytes in the letters of Base64, padded.
    public var base64: Secret { Base64.padded(self) }
}
