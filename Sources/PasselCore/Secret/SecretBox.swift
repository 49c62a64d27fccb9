import CSodium

/// Content that only who has the key can read or make: XChaCha20-Poly1305.
public enum SecretBox {
    /// Seals `content` together with what it stands for; what is sealed twice looks different.
    ///
    /// Calls `crypto_aead_xchacha20poly1305_ietf_encrypt` with a random nonce, which stands first.
    ///
    /// - Parameter context: what must be the same when it is opened; it is not part of the box.
    public static func seal(_ content: Secret, key: Secret, context: [UInt8]) -> [UInt8] {
        precondition(key.count == Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        let nonce = Secret.random(byteCount: nonceLength).withBytes { Array($0) }
        var box = [UInt8](repeating: 0, count: content.count + tagLength)
        key.withBytes { key in
            content.withBytes { content in
                _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &box, nil, content.bytes, UInt64(content.count), context,
                    UInt64(context.count), nil, nonce, key.bytes)
            }
        }
        return nonce + box
    }

    /// What was sealed; nothing unless it was with this key and context, and is whole.
    public static func open(
        _ box: some Collection<UInt8>, key: Secret, context: [UInt8]
    ) -> Secret? {
        precondition(key.count == Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        let box = Array(box)
        guard box.count >= nonceLength + tagLength else { return nil }
        var isGood = false
        let content = box.withUnsafeBytes { box in
            Secret(capacity: box.count - nonceLength - tagLength) { memory in
                let sealed = UnsafeRawBufferPointer(rebasing: box[nonceLength...])
                isGood = key.withBytes { key in
                    crypto_aead_xchacha20poly1305_ietf_decrypt(
                        memory.bytes, nil, nil, sealed.bytes,
                        UInt64(sealed.count), context, UInt64(context.count), box.bytes,
                        key.bytes) == 0
                }
                return isGood ? memory.count : 0
            }
        }
        return isGood ? content : nil
    }

    private static let nonceLength = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
}

/// Two keys, of which the public one seals what only the secret one opens: X25519.
public struct BoxKeys: Sendable {
    /// What seals.
    public let publicKey: [UInt8]
    private let secretKey: Secret

    /// The keys that follow from 32 secret bytes.
    ///
    /// Calls `crypto_box_seed_keypair`.
    public init(seed: Secret) {
        precondition(seed.count == Int(crypto_box_SEEDBYTES))
        var publicKey = [UInt8](repeating: 0, count: Self.publicKeyLength)
        secretKey = Secret(capacity: Int(crypto_box_SECRETKEYBYTES)) { memory in
            seed.withBytes { seed in
                _ = crypto_box_seed_keypair(
                    &publicKey, memory.bytes, seed.bytes)
            }
            return memory.count
        }
        self.publicKey = publicKey
    }

    /// How many bytes a public key has.
    public static let publicKeyLength = Int(crypto_box_PUBLICKEYBYTES)

    /// `crypto_box_SEALBYTES`, an expression that Swift does not import.
    private static let sealOverhead = crypto_box_sealbytes()

    /// Seals `content` for whoever has the secret key; who did it cannot be told.
    ///
    /// Calls `crypto_box_seal`.
    public static func seal(_ content: Secret, to publicKey: [UInt8]) -> [UInt8] {
        precondition(publicKey.count == publicKeyLength && sodium_init() >= 0)
        var box = [UInt8](repeating: 0, count: content.count + sealOverhead)
        content.withBytes { content in
            _ = crypto_box_seal(&box, content.bytes, UInt64(content.count), publicKey)
        }
        return box
    }

    /// What was sealed with the public key; nothing for anything else.
    public func open(_ box: [UInt8]) -> Secret? {
        let overhead = Self.sealOverhead
        guard box.count >= overhead else { return nil }
        var isGood = false
        let content = Secret(capacity: box.count - overhead) { memory in
            isGood = secretKey.withBytes { key in
                crypto_box_seal_open(
                    memory.bytes, box, UInt64(box.count),
                    publicKey, key.bytes) == 0
            }
            return isGood ? memory.count : 0
        }
        return isGood ? content : nil
    }
}

extension Secret {
    /// So many bytes from the kernel.
    ///
    /// Calls `randombytes_buf`.
    public static func random(byteCount: Int) -> Secret {
        Secret(capacity: byteCount) { memory in
            randombytes_buf(memory.bytes, memory.count)
            return memory.count
        }
    }

    /// A key of 32 bytes that follows from this one and another secret, and from neither alone:
    /// HMAC-SHA-256.
    public func mixed(with other: Secret) -> Secret {
        withBytes { key in other.withBytes { HMAC.code(.sha256, key: key, message: $0) } }
    }

    /// A key of 32 bytes that follows from this one; each number gives another, and none tells of
    /// the others.
    ///
    /// Calls `crypto_kdf_derive_from_key`.
    public func derivedKey(_ number: UInt64) -> Secret {
        precondition(count == Int(crypto_kdf_KEYBYTES))
        return Secret(capacity: 32) { memory in
            withBytes { key in
                _ = crypto_kdf_derive_from_key(
                    memory.bytes, memory.count, number, "passel 1",
                    key.bytes)
            }
            return memory.count
        }
    }
}

extension Digest {
    /// The code of a content under a key of 32 bytes, without which nobody can make it or try out
    /// contents: HMAC-SHA-256.
    public init(code content: UnsafeRawBufferPointer, key: Secret) {
        let code = key.withBytes { HMAC.code(.sha256, key: $0, message: content) }
        self.init(hash: code.withBytes { Array($0) })
    }

    /// Whether both are the same; takes the same time wherever they differ.
    ///
    /// Calls `sodium_memcmp`.
    public func isSame(as other: some Collection<UInt8>) -> Bool {
        let other = Array(other)
        return other.count == bytes.count && sodium_memcmp(bytes, other, bytes.count) == 0
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes as libsodium takes them; of a secret, which always has memory.
    fileprivate var bytes: UnsafePointer<UInt8> {
        guard let start = bindMemory(to: UInt8.self).baseAddress else {
            preconditionFailure("a secret without memory")
        }
        return start
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The memory as libsodium takes it; of a secret, as above.
    fileprivate var bytes: UnsafeMutablePointer<UInt8> {
        guard let start = bindMemory(to: UInt8.self).baseAddress else {
            preconditionFailure("a secret without memory")
        }
        return start
    }
}
