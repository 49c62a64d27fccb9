import CSodium

/// A box that anybody can close and only the holder of a secret key opens: libsodium's
/// `crypto_box_seal`.
public enum SealedBox {
    /// How many bytes a public key has.
    public static let keySize = Int(crypto_box_PUBLICKEYBYTES)

    /// The box for a public key; nothing for what is no such key.
    public static func seal(_ value: Secret, to key: [UInt8]) -> [UInt8]? {
        guard key.count == keySize else { return nil }
        return value.withBytes { bytes in
            var box = [UInt8](repeating: 0, count: bytes.count + crypto_box_sealbytes())
            let code = crypto_box_seal(
                &box, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(bytes.count),
                key)
            // A key of low order is refused.
            return code == 0 ? box : nil
        }
    }
}
