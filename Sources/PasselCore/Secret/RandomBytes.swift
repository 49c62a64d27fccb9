import CSodium

/// Random numbers from the kernel.
public enum Random {
    /// A number below `bound`, all equally likely.
    ///
    /// Calls `randombytes_uniform`, which rejects the uneven rest.
    public static func uniform(below bound: Int) -> Int {
        precondition(sodium_init() >= 0, "libsodium could not start")
        return Int(randombytes_uniform(UInt32(bound)))
    }

    /// So many bytes.
    ///
    /// Calls `randombytes_buf`.
    public static func bytes(count: Int) -> [UInt8] {
        precondition(sodium_init() >= 0, "libsodium could not start")
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// Small letters and digits for the name of a temporary file: five bits of chance in each.
    public static func name(length: Int) -> String {
        // As many as a byte can tell apart evenly; one question to the kernel for all of them.
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        return String(decoding: bytes(count: length).map { letters[Int($0 & 31)] }, as: UTF8.self)
    }
}

/// Overwrites memory that held a secret, in a way that the optimiser keeps.
///
/// Calls `sodium_memzero`.
public func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    if let start = memory.baseAddress { sodium_memzero(start, memory.count) }
}
