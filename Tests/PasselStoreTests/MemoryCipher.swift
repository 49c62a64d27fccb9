import PasselCore
import PasselTesting
import Testing

/// A cipher without keys: whoever is named can read, and what is written are OpenPGP packets.
///
/// A key's id is made from its name. Content that starts with `locked` cannot be read, a recipient
/// whose name starts with `nobody` is unknown, one that starts with `hidden` is left unnamed.
struct MemoryCipher: Cipher {
    func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8] {
        let ids = try readers(of: recipients)
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

    func readers(of recipients: [Recipient]) throws -> [KeyID] {
        guard !recipients.isEmpty else { throw Problem("nobody to encrypt to") }
        guard !recipients.contains(where: { $0.bytes.starts(with: "nobody".utf8) }) else {
            throw Problem.pass("Password encryption aborted.")
        }
        return Set(recipients).map(Self.id).sorted()
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
}
