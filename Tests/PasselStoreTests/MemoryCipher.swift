import PasselCore
import PasselTesting
import Testing

/// A cipher without keys: whoever is named can read, and what is written are OpenPGP packets.
///
/// A key's id is made from its name. Content that starts with `locked` cannot be read, a recipient
/// whose name starts with `nobody` is unknown, one that starts with `hidden` is left unnamed.
struct MemoryCipher: Cipher {
    /// The user's keyring; the secret part of its last key is there.
    var ownKeys: [UInt8] = []

    func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8] {
        message(plaintext, to: try readers(of: recipients))
    }

    private func message(_ plaintext: Secret, to ids: [KeyID]) -> [UInt8] {
        let keys = ids.flatMap { id in
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: id.value >> (56 - 8 * $0)) }
            return [0xC1, 12, 3] + bytes + [18, 0, 0]
        }
        // A marker of its own in each message: the same plaintext never gives the same bytes.
        let salt = Array(Random.name(length: 8).utf8)
        let body = [1] + salt + plaintext.withBytes { $0.map { $0 ^ 0x5A } }
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return keys + [0xD2, 0xFF] + length + body
    }

    func decrypt(_ ciphertext: [UInt8], name: Text) throws -> Secret {
        do throws(EncryptedMessage.Flaw) {
            _ = try EncryptedMessage(ciphertext)
        } catch {
            throw Problem("\(name): \(error.description)")
        }
        let plaintext = ciphertext.withUnsafeBytes { buffer -> [UInt8] in
            var reader = PacketReader(buffer)
            while let packet = try? reader.next() {
                if packet.tag == 18 { return buffer[packet.body].dropFirst(9).map { $0 ^ 0x5A } }
            }
            return []
        }
        guard !plaintext.starts(with: "locked".utf8) else { throw Problem("\(name): no key") }
        return plaintext.withUnsafeBytes { Secret(copying: $0) }
    }

    func openMessage(_ ciphertext: [UInt8], name: Text) throws -> OpenedMessage {
        OpenedMessage(
            plaintext: try decrypt(ciphertext, name: name), sessionKey: Self.sessionKey(ciphertext))
    }

    func decrypt(_ ciphertext: [UInt8], with sessionKey: SessionKey, name: Text) throws -> Secret {
        guard sessionKey == Self.sessionKey(ciphertext) else { throw Problem("another key") }
        return try decrypt(ciphertext, name: name)
    }

    /// Each message has one of its own.
    static func sessionKey(_ ciphertext: [UInt8]) -> SessionKey? {
        SessionKey(Secret(plain: "9:" + Digest(of: ciphertext).hex.uppercased()))
    }

    func readers(of recipients: [Recipient]) throws -> [KeyID] {
        guard !recipients.isEmpty else { throw Problem("nobody to encrypt to") }
        guard !recipients.contains(where: { $0.bytes.starts(with: "nobody".utf8) }) else {
            throw Problem.pass("Password encryption aborted.")
        }
        let own = try keys(inFile: ownKeys)
        return Set(recipients).map { recipient in
            own.first { $0.matches(recipient) }?.fingerprint.keyID ?? Self.id(recipient)
        }.sorted()
    }

    static func id(_ recipient: Recipient) -> KeyID {
        if recipient.bytes.starts(with: "hidden".utf8) { return .hidden }
        return KeyID(
            recipient.bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8] {
        Array((keys.last?.bytes ?? []) + [0x0A] + content)
    }

    func signers(of content: [UInt8], signature: Path) throws -> Set<String> {
        let signed = try #require(Disk.read(signature.bytes))
        let key = signed.prefix { $0 != 0x0A }
        let isGood = signed.dropFirst(key.count + 1).elementsEqual(content)
        return isGood ? [String(decoding: key, as: UTF8.self)] : []
    }

    // A key is a line `key FINGERPRINT NAME [revoked|expires SECOND]`; a key file is one of them, a
    // keyring several. Key ids are those of the fingerprints.

    func encrypt(_ plaintext: Secret, to keys: [Fingerprint], in keyring: Path) throws -> [UInt8] {
        let known = try self.keys([], in: .file(keyring))
        for key in keys {
            guard let found = known.first(where: { $0.fingerprint == key }) else {
                throw Problem("no key \(key.hex)")
            }
            guard found.state(at: MemoryCipher.now).isUsable else {
                throw Problem("unusable key of \(found.name)")
            }
        }
        return message(plaintext, to: keys.map(\.keyID))
    }

    /// The second that its keys' ends are compared with.
    static let now: Int64 = 1_800_000_000

    func keys(_ names: [Recipient], in keyring: Keyring) throws -> [PublicKey] {
        let content: [UInt8] =
            switch keyring {
            case .own: ownKeys
            case .file(let path): Disk.read(path.bytes) ?? []
            }
        return try keys(inFile: content).filter { key in
            names.isEmpty || names.contains { key.matches($0) }
        }
    }

    func secretKeys() throws -> [PublicKey] { try keys(inFile: ownKeys).suffix(1) }

    func keys(inFile content: [UInt8]) throws -> [PublicKey] {
        content.split(separator: 0x0A).compactMap { line in
            let words = line.split(separator: 0x20)
            guard words.count >= 3, words[0].elementsEqual("key".utf8),
                let fingerprint = Fingerprint(words[1])
            else { return nil }
            var part = PublicKey.Part(
                fingerprint: fingerprint, created: 0, algorithm: 22, bits: 255)
            part.canEncrypt = true
            part.canSign = true
            if words.count > 3 { part.isRevoked = words[3].elementsEqual("revoked".utf8) }
            if words.count > 4 { part.expires = Int64(String(decoding: words[4], as: UTF8.self)) }
            var key = PublicKey(primary: part)
            key.userIDs = [Array(words[2])]
            return key
        }
    }

    func export(_ key: Fingerprint, from keyring: Keyring) throws -> [UInt8] {
        let content =
            switch keyring {
            case .own: ownKeys
            case .file(let path): Disk.read(path.bytes) ?? []
            }
        let lines = content.split(separator: 0x0A).map { Array($0) + [0x0A] }
        guard
            let found = try lines.first(where: {
                try keys(inFile: $0).contains { $0.fingerprint == key }
            })
        else { throw Problem("no key \(key.hex)") }
        return found
    }

    static func keyFile(_ key: Fingerprint, named name: Text) -> [UInt8] {
        ("key \(key.hex) \(name)\n" as Text).bytes
    }

    func makeKeyring(_ keyFiles: [[UInt8]], at file: Path) throws {
        try Disk.write(Array(keyFiles.joined()), to: file.bytes)
    }

    func merged(_ keyFiles: [[UInt8]]) throws -> [UInt8] { keyFiles.last ?? [] }

    func sign(_ content: [UInt8], by key: Fingerprint) throws -> [UInt8] {
        try sign(content, with: [key.recipient])
    }

    func signers(of content: [UInt8], signature: [UInt8], in keyring: Path) throws
        -> Set<Fingerprint>
    {
        let key = signature.prefix { $0 != 0x0A }
        guard signature.dropFirst(key.count + 1).elementsEqual(content),
            let signer = Fingerprint(key),
            try keys([], in: .file(keyring)).contains(where: { $0.fingerprint == signer })
        else { return [] }
        return [signer]
    }
}
