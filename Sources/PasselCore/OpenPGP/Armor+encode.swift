extension Armor {
    /// What is within the armour.
    enum Kind: String {
        case privateKey = "PRIVATE KEY BLOCK"
        case message = "MESSAGE"
    }

    /// The lines of the armour around some bytes: RFC 4880 §6.2.
    static func encode(_ content: Secret, _ kind: Kind) -> Secret {
        let checksum = content.withBytes { CRC24.of($0) }
        let digits = Secret(capacity: 3) { memory in
            for place in 0..<3 {
                memory[place] = UInt8(truncatingIfNeeded: checksum >> UInt32(16 - 8 * place))
            }
            return 3
        }
        var pieces = [Secret(plain: "-----BEGIN PGP \(kind.rawValue)-----\n\n")]
        for line in Base64.lines(content) { pieces += [line, Secret(plain: "\n")] }
        pieces += [
            Secret(plain: "="), Base64.padded(digits),
            Secret(plain: "\n-----END PGP \(kind.rawValue)-----\n"),
        ]
        return Secret(joining: pieces)
    }
}

/// The checksum of ASCII armour: RFC 4880 §6.1.
enum CRC24 {
    /// The checksum of some bytes.
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var state: UInt32 = 0xB7_04CE
        for byte in bytes {
            state ^= UInt32(byte) << 16
            for _ in 0..<8 { state = state << 1 ^ (state & 0x80_0000 == 0 ? 0 : 0x186_4CFB) }
        }
        return state & 0xFF_FFFF
    }
}
