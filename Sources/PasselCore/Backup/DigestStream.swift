import CSodium

/// A SHA-256 digest of bytes that come piece by piece.
public struct DigestStream {
    private var state = crypto_hash_sha256_state()

    /// The digest of nothing yet.
    ///
    /// Calls `crypto_hash_sha256_init`.
    public init() { crypto_hash_sha256_init(&state) }

    /// Takes in more bytes.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        crypto_hash_sha256_update(&state, start, UInt64(bytes.count))
    }

    /// Takes in more bytes.
    public mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    /// The digest of everything so far, which more can follow.
    public var digest: Digest {
        var copy = state
        var result = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256_final(&copy, &result)
        return Digest(hash: result)
    }
}
