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

    /// Letters and digits for the name of a temporary file.
    public static func name(length: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
        return String(
            decoding: (0..<length).map { _ in letters[uniform(below: letters.count)] },
            as: UTF8.self)
    }
}

/// Overwrites memory that held a secret, in a way that the optimiser keeps.
///
/// Calls `sodium_memzero`.
public func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    if let start = memory.baseAddress { sodium_memzero(start, memory.count) }
}
