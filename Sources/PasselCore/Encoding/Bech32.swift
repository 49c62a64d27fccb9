/// The checksum of Bech32: BIP 173.
enum Bech32 {
    private static let letters = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// Whether the last six letters fit to all before them.
    ///
    /// Letters are of one case, and the last `1` ends the part that people read.
    static func isValid(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        let hasSmall = text.contains { (0x61...0x7a).contains($0) }
        let hasLarge = text.contains { (0x41...0x5a).contains($0) }
        guard !(hasSmall && hasLarge), let one = text.lastIndex(of: UInt8(ascii: "1")) else {
            return false
        }
        let human = text[..<one]
        let rest = text[text.index(after: one)...]
        guard !human.isEmpty, rest.count >= 6 else { return false }
        var state: UInt32 = 1
        for byte in human { step(&state, UInt32(byte.asciiLowercased >> 5)) }
        step(&state, 0)
        for byte in human { step(&state, UInt32(byte.asciiLowercased & 31)) }
        for byte in rest {
            guard let value = letters.firstIndex(of: byte.asciiLowercased) else { return false }
            step(&state, UInt32(value))
        }
        return state == 1
    }

    private static func step(_ state: inout UInt32, _ value: UInt32) {
        let top = state >> 25
        state = (state & 0x1ff_ffff) << 5 ^ value
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        for (bit, mask) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
            state ^= mask
        }
    }
}
