/// SHA-1, for the fingerprints of version 4 keys, for one-time passwords and where git uses it.
///
/// FIPS 180-4 §6.1. libsodium has no SHA-1, for good reasons. A key's name is all that hangs on it
/// here, and gpg computes the same; in the keyed hash of RFC 4226 collisions are no matter.
public enum SHA1 {
    /// The 20 bytes of the digest.
    public static func digest(of message: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 20)
        message.withUnsafeBytes { message in
            result.withUnsafeMutableBytes { hash(message, into: $0) }
        }
        return result
    }

    /// Puts the digest into the first 20 bytes of `result`; of the message no copy is left.
    static func hash(
        _ message: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer
    ) {
        var state: [UInt32] = [
            0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0,
        ]
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { words in
            // A one bit, zeros, and the length in bits in eight bytes end the message.
            let blocks = (message.count + 8) / 64 + 1
            let bits = UInt64(message.count) * 8
            func byte(_ place: Int) -> UInt32 {
                if place < message.count { return UInt32(message[place]) }
                if place == message.count { return 0x80 }
                let left = 64 * blocks - place
                return left > 8 ? 0 : UInt32(truncatingIfNeeded: bits >> UInt64(8 * left - 8) & 255)
            }
            for block in 0..<blocks {
                for index in 0..<16 {
                    let place = 64 * block + 4 * index
                    words[index] =
                        byte(place) << 24 | byte(place + 1) << 16 | byte(place + 2) << 8
                        | byte(place + 3)
                }
                for index in 16..<80 {
                    let mixed =
                        words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                    words[index] = rotated(mixed, by: 1)
                }
                process(words, &state)
            }
            wipe(UnsafeMutableRawBufferPointer(words))
        }
        for index in 0..<20 {
            result[index] = UInt8(
                truncatingIfNeeded: state[index / 4] >> UInt32(24 - 8 * (index % 4)))
        }
    }

    private static func process(
        _ words: UnsafeMutableBufferPointer<UInt32>, _ state: inout [UInt32]
    ) {
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (index, word) in words.enumerated() {
            let (mixed, constant): (UInt32, UInt32) =
                switch index {
                case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotated(a, by: 5) &+ mixed &+ e &+ constant &+ word
            (a, b, c, d, e) = (next, a, rotated(b, by: 30), c, d)
        }
        for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }

    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
