import CImport
public import PasselCore

extension BitwardenEnvelope {
    /// What is in it; nothing for a wrong password.
    ///
    /// Calls `gcry_kdf_derive` and `gcry_cipher_decrypt` of libgcrypt.
    ///
    /// - Throws: a `Problem` when it is damaged, or libgcrypt missing.
    public func opened(with password: Secret) throws -> Secret? {
        // None was ever made under an empty one, and libgcrypt refuses to try.
        guard !password.isEmpty else { return nil }
        let key = try key(for: password)
        let encryption = Self.expanded(key, for: "enc")
        let authentication = Self.expanded(key, for: "mac")
        guard probe.isAuthentic(authentication) else { return nil }
        guard content.isAuthentic(authentication) else { throw Problem.damagedImport }
        var status: Int32 = 0
        let padded = Secret(capacity: content.text.count) { memory in
            status = encryption.withBytes { key in
                content.text.withBytes {
                    passel_aes256_cbc(
                        key.baseAddress, content.vector, $0.baseAddress, $0.count,
                        memory.baseAddress)
                }
            }
            return memory.count
        }
        try Self.check(status)
        // PKCS #7 (RFC 5652 §6.3): as many bytes as each of them says.
        let padding = padded.withBytes { bytes -> Int? in
            guard let last = bytes.last, (1...16).contains(last), bytes.count >= Int(last),
                bytes.suffix(Int(last)).allSatisfy({ $0 == last })
            else { return nil }
            return Int(last)
        }
        guard let padding else { throw Problem.damagedImport }
        return padded.slice(0..<(padded.count - padding))
    }

    private func key(for password: Secret) throws -> Secret {
        var status: Int32 = 0
        let key = Secret(capacity: 32) { memory in
            status = password.withBytes { password in
                switch derivation {
                case .pbkdf2(let iterations):
                    passel_pbkdf2(
                        password.baseAddress, password.count, salt, salt.count,
                        UInt(iterations), memory.baseAddress, memory.count)
                case .argon2id(let iterations, let megabytes, let lanes):
                    passel_argon2id(
                        password.baseAddress, password.count, hashedSalt, hashedSalt.count,
                        UInt(iterations), UInt(megabytes << 10), UInt(lanes), memory.baseAddress,
                        memory.count)
                }
            }
            return memory.count
        }
        try Self.check(status)
        return key
    }

    private static func check(_ status: Int32) throws {
        switch status {
        case 0: return
        case -2:
            throw Problem(
                "libgcrypt 1.10 or newer is missing", hints: ["sudo apt install libgcrypt20"])
        default: throw Problem("libgcrypt cannot open it")
        }
    }
}
