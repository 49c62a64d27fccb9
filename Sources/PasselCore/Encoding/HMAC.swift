import CSodium

/// Keyed hashes of secrets: RFC 2104.
enum HMAC {
    /// The hash that is keyed.
    enum Hash: String, CaseIterable, Sendable {
        case sha1 = "SHA1"
        case sha256 = "SHA256"
        case sha512 = "SHA512"

        /// How many bytes it gives.
        var byteCount: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    /// The keyed hash of a message.
    ///
    /// Calls `crypto_auth_hmacsha256_update` or its sibling; libsodium has no SHA-1.
    static func code(_ hash: Hash, key: UnsafeRawBufferPointer, message: [UInt8]) -> Secret {
        message.withUnsafeBytes { code(hash, key: key, message: $0) }
    }

    /// As above, of a message that may be secret, too.
    static func code(
        _ hash: Hash, key: UnsafeRawBufferPointer, message: UnsafeRawBufferPointer
    ) -> Secret {
        Secret(capacity: hash.byteCount) { result in
            guard let place = result.bindMemory(to: UInt8.self).baseAddress else { return 0 }
            // Of an empty key no byte is read.
            let bytes = key.bindMemory(to: UInt8.self).baseAddress ?? UnsafePointer(place)
            let text = message.bindMemory(to: UInt8.self).baseAddress
            switch hash {
            case .sha1: sha1(key, message, into: result)
            case .sha256:
                withState(crypto_auth_hmacsha256_state()) { state in
                    crypto_auth_hmacsha256_init(state, bytes, key.count)
                    crypto_auth_hmacsha256_update(state, text, UInt64(message.count))
                    crypto_auth_hmacsha256_final(state, place)
                }
            case .sha512:
                withState(crypto_auth_hmacsha512_state()) { state in
                    crypto_auth_hmacsha512_init(state, bytes, key.count)
                    crypto_auth_hmacsha512_update(state, text, UInt64(message.count))
                    crypto_auth_hmacsha512_final(state, place)
                }
            }
            return hash.byteCount
        }
    }

    /// A state from which the key could be computed, wiped in the end.
    private static func withState<State>(
        _ state: State, _ body: (UnsafeMutablePointer<State>) -> Void
    ) {
        var state = state
        withUnsafeMutablePointer(to: &state) { pointer in
            body(pointer)
            wipe(UnsafeMutableRawBufferPointer(start: pointer, count: MemoryLayout<State>.size))
        }
    }

    private static func sha1(
        _ key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer,
        into result: UnsafeMutableRawBufferPointer
    ) {
        let block = 64
        let short = Secret(capacity: block) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            if key.count <= block {
                memory.copyMemory(from: key)
            } else {
                SHA1.hash(key, into: memory)
            }
            return block
        }
        func round(_ pad: UInt8, _ rest: some Collection<UInt8>) {
            let input = Secret(capacity: block + rest.count) { memory in
                short.withBytes { for index in 0..<block { memory[index] = $0[index] ^ pad } }
                for (index, byte) in rest.enumerated() { memory[block + index] = byte }
                return memory.count
            }
            input.withBytes { SHA1.hash($0, into: result) }
        }
        round(0x36, message)
        let inner = Secret(copying: UnsafeRawBufferPointer(rebasing: result[..<20]))
        inner.withBytes { round(0x5c, $0) }
    }
}
