import CSodium

/// A SHA-256 digest.
public struct Digest: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]

    init(hash: [UInt8]) { bytes = hash }

    /// The digest of `content`: FIPS 180-4, by libsodium's `crypto_hash_sha256`.
    public init(of content: [UInt8]) {
        var result = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(&result, content, UInt64(content.count))
        bytes = result
    }

    /// The digest of what stands in this memory, which is not copied.
    public init(of content: UnsafeRawBufferPointer) {
        var result = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(
            &result, content.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(content.count))
        bytes = result
    }

    /// The digest of a secret under a key of 16 to 64 bytes, without which nobody can try out
    /// what the secret is: BLAKE2b, by libsodium's `crypto_generichash`.
    public init(of secret: Secret, under key: [UInt8]) {
        var result = [UInt8](repeating: 0, count: 32)
        secret.withBytes { bytes in
            _ = crypto_generichash(
                &result, result.count, bytes.baseAddress, UInt64(bytes.count), key, key.count)
        }
        self.bytes = result
    }

    /// The digest that 64 lower-case hexadecimal digits spell.
    public init?(_ text: some Collection<UInt8>) {
        guard text.count == 64 else { return nil }
        var result: [UInt8] = []
        var rest = Array(text)[...]
        while let high = rest.popFirst(), let low = rest.popFirst() {
            guard let high = high.hexValue, let low = low.hexValue else { return nil }
            result.append(high << 4 | low)
        }
        bytes = result
        guard text.elementsEqual(hex.utf8) else { return nil }
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { bytes.hex.lowercased() }
}
