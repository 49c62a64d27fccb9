/// Collects a secret of unknown length, as it arrives in pieces.
///
/// Memory that becomes too small is wiped when it is replaced.
public struct SecretReader {
    private var storage: Secret
    private var used = 0
    private let limit: Int

    /// Thrown when more than the limit arrived.
    public struct TooLarge: Error {}

    /// Collects at most `limit` bytes.
    public init(limit: Int) {
        self.limit = limit
        storage = Secret(capacity: 16384) { _ in 16384 }
    }

    /// Lets `read` fill free memory until it returns 0; a negative result ends it too and is
    /// returned.
    ///
    /// - Throws: `TooLarge` when more than the limit arrived.
    public mutating func fill(
        from read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> Int {
        while true {
            if used == storage.count { grow() }
            let arrived = try storage.withMutableBytes { memory in
                try read(UnsafeMutableRawBufferPointer(rebasing: memory[used...]))
            }
            guard arrived > 0 else { return arrived }
            used += arrived
            guard used <= limit else { throw TooLarge() }
        }
    }

    /// Lets `read` fill free memory once and returns its result.
    ///
    /// - Throws: `TooLarge` when more than the limit arrived.
    public mutating func fillOnce(
        from read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> Int {
        if used == storage.count { grow() }
        let arrived = try storage.withMutableBytes { memory in
            try read(UnsafeMutableRawBufferPointer(rebasing: memory[used...]))
        }
        used += max(0, arrived)
        guard used <= limit else { throw TooLarge() }
        return arrived
    }

    /// How many bytes have arrived so far.
    public var count: Int { used }

    /// Where a byte arrived first, from a place on; nothing where it did not.
    public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        storage.withBytes { $0[start..<used].firstIndex(of: byte) }
    }

    /// What has arrived so far.
    public var secret: Secret { storage.slice(0..<used) }

    private mutating func grow() {
        let old = storage
        storage = Secret(capacity: old.count * 4) { memory in
            old.withBytes { memory.copyMemory(from: $0) }
            return memory.count
        }
    }
}

extension Secret {
    /// Calls `body` with the memory while nobody else knows this secret; only for collecting one.
    mutating func withMutableBytes<R>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> R
    ) rethrows -> R {
        try withBytes { try body(UnsafeMutableRawBufferPointer(mutating: $0)) }
    }
}
