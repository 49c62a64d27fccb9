/// The checksum that the program `cksum` prints everywhere: POSIX.1-2017, Shell & Utilities.
enum CKSum {
    /// The checksum of some bytes and of their number.
    static func of(_ bytes: some Collection<UInt8>) -> UInt32 {
        var state: UInt32 = 0
        for byte in bytes { step(&state, byte) }
        var count = bytes.count
        while count > 0 {
            step(&state, UInt8(truncatingIfNeeded: count))
            count >>= 8
        }
        return ~state
    }

    private static func step(_ state: inout UInt32, _ byte: UInt8) {
        state ^= UInt32(byte) << 24
        for _ in 0..<8 { state = state << 1 ^ (state & 0x8000_0000 == 0 ? 0 : 0x04C1_1DB7) }
    }
}
