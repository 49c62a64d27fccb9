/// What a key file tells of the programs that will write to its key.
public struct KeyPreferences: Sendable, Equatable {
    /// The version of the primary key: 4, 5 or 6.
    public let version: Int
    /// The primary key's public-key algorithm: RFC 9580 §9.1.
    public let algorithm: Int
    /// Whether its newest self-signatures advertise authenticated encryption.
    ///
    /// GnuPG 2.3 and later write such packets (tag 20) where the keys of all recipients advertise
    /// it; older ones and most phones cannot read them.
    public let advertisesAEAD: Bool

    /// Features subpacket, first byte: OCB packets as of draft-ietf-openpgp-rfc4880bis-10
    /// §5.2.3.25, and version 2 of the protected data packet, RFC 9580 §5.2.3.32.
    private static let authenticated: UInt8 = 0x02 | 0x08

    /// Reads a key file, binary or ASCII-armoured; nothing when it does not hold exactly one key.
    ///
    /// The signatures themselves are not checked.
    public init?(_ content: [UInt8]) {
        guard let file = KeyFile(content), file.keys.count == 1, let key = file.keys.first,
            let body = key.packets.first?.body, body.count > 5
        else { return nil }
        version = Int(body[0])
        // Version 3 had two bytes more; 4 to 6 have the time of creation in front.
        algorithm = Int(body[5])
        advertisesAEAD = Self.newestSelfSignatures(of: key).contains { signature in
            let features = signature.subpackets[SignaturePacket.Subpacket.features]?.first ?? 0
            let preferred = signature.subpackets[SignaturePacket.Subpacket.preferredAEAD] ?? []
            return features & Self.authenticated != 0 || !preferred.isEmpty
        }
    }

    /// The newest self-signature on the key itself and on each of its user ids.
    private static func newestSelfSignatures(of key: KeyFile.Key) -> [SignaturePacket] {
        var newest: [Int: SignaturePacket] = [:]
        var target = 0
        for packet in key.packets {
            switch packet.tag {
            case KeyFile.Tag.userID: target += 1
            // What binds a subkey says nothing about messages.
            case KeyFile.Tag.subkey, KeyFile.Tag.attribute: return Array(newest.values)
            case KeyFile.Tag.signature:
                guard let signature = SignaturePacket(packet.body), key.isOwn(signature),
                    SignaturePacket.Kind.certifications.contains(signature.kind)
                        || signature.kind == SignaturePacket.Kind.directKey,
                    signature.created >= newest[target]?.created ?? .min
                else { continue }
                newest[target] = signature
            default: break
            }
        }
        return Array(newest.values)
    }
}
