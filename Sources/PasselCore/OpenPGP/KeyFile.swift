/// OpenPGP public keys in a file, taken apart without gpg.
///
/// RFC 4880 §11.1. Nothing here checks a signature: what a key may do is gpg's to judge.
public struct KeyFile: Sendable, Equatable {
    /// A public key's packets.
    struct Key: Sendable, Equatable {
        /// The fingerprint of the primary key.
        let fingerprint: Fingerprint
        /// The fingerprints of its subkeys.
        var subkeys: [Fingerprint] = []
        /// Its packets, the primary key first.
        var packets: [Packet]

        /// Whether a signature says that it is by the primary key.
        func isOwn(_ signature: SignaturePacket) -> Bool { signature.issuer == fingerprint.keyID }
    }

    /// A packet: its tag and its body.
    struct Packet: Sendable, Equatable {
        let tag: UInt8
        let body: [UInt8]

        /// The packet with a header as gpg writes it: an old one, where the tag fits into that.
        ///
        /// RFC 4880 §4.2.1 and §4.2.2.
        var bytes: [UInt8] {
            func digits(_ count: Int) -> [UInt8] {
                (0..<count).map {
                    UInt8(truncatingIfNeeded: body.count >> (8 * (count - 1 - $0)))
                }
            }
            guard tag < 16 else { return [0xC0 | tag, 255] + digits(4) + body }
            let (type, width): (UInt8, Int) =
                switch body.count {
                case ..<0x100: (0, 1)
                case ..<0x10000: (1, 2)
                default: (2, 4)
                }
            return [0x80 | tag << 2 | type] + digits(width) + body
        }
    }

    enum Tag {
        static let signature: UInt8 = 2
        static let primaryKey: UInt8 = 6
        static let marker: UInt8 = 10
        static let trust: UInt8 = 12
        static let userID: UInt8 = 13
        static let subkey: UInt8 = 14
        static let attribute: UInt8 = 17
        static let padding: UInt8 = 21
    }

    /// The keys in the order of the file.
    let keys: [Key]

    /// The fingerprints of the primary keys.
    public var fingerprints: [Fingerprint] { keys.map(\.fingerprint) }

    /// The fingerprints of the subkeys of all keys.
    public var subkeys: [Fingerprint] { keys.flatMap(\.subkeys) }

    /// The file, binary, as gpg would write it.
    public var bytes: [UInt8] { keys.flatMap { $0.packets.flatMap(\.bytes) } }

    /// Reads a file's content, binary or ASCII-armoured.
    ///
    /// Nothing for what is not whole public keys: secret keys, other packets, version 3 keys,
    /// anything cut off or behind them.
    public init?(_ content: [UInt8]) {
        // The first bit of a packet is always set, that of a character of armour never.
        let isText = content.first.map { $0 & 0x80 == 0 } ?? true
        guard let binary = isText ? Self.unarmoured(content) : content,
            let keys = binary.withUnsafeBytes({ Self.read($0) }), !keys.isEmpty
        else { return nil }
        self.init(keys: keys)
    }

    private init(keys: [Key]) { self.keys = keys }

    /// The keys without what others signed and without pictures.
    ///
    /// Revocations by others stay: a key's owner may have named them for that.
    public var withoutForeignSignatures: KeyFile {
        KeyFile(
            keys: keys.map { key in
                var kept = key
                var ofAttribute = false
                kept.packets = key.packets.filter { packet in
                    if packet.tag != Tag.signature { ofAttribute = packet.tag == Tag.attribute }
                    return !ofAttribute && !Self.isForeign(packet, to: key)
                }
                return kept
            })
    }

    /// What is within the armour of one or several blocks, whatever text is around them.
    private static func unarmoured(_ text: [UInt8]) -> [UInt8]? {
        let begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----".utf8
        var binary: [UInt8] = []
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].starts(with: begin) {
                guard let block = Armor.decode(Array(text[start...])) else { return nil }
                binary += block
            }
            start = (text[start...].firstIndex(of: .newline) ?? text.endIndex - 1) + 1
        }
        return binary
    }

    private static func isForeign(_ packet: Packet, to key: Key) -> Bool {
        guard packet.tag == Tag.signature, let signature = SignaturePacket(packet.body) else {
            return false
        }
        switch signature.kind {
        case SignaturePacket.Kind.certifications, SignaturePacket.Kind.directKey,
            SignaturePacket.Kind.certificationRevocation:
            return !key.isOwn(signature)
        default: return false
        }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> [Key]? {
        var reader = PacketReader(bytes)
        var keys: [Key] = []
        do throws(PacketReader.Malformed) {
            while let found = try reader.next() {
                let packet = Packet(tag: found.tag, body: Array(bytes[found.body]))
                switch packet.tag {
                // RFC 9580 §4.3: what is not known from 40 on may be passed over.
                case Tag.marker, Tag.trust, Tag.padding, 40...63: continue
                case Tag.primaryKey:
                    guard let fingerprint = fingerprint(of: packet.body) else { return nil }
                    keys.append(Key(fingerprint: fingerprint, packets: [packet]))
                case Tag.signature, Tag.userID, Tag.subkey, Tag.attribute:
                    guard var key = keys.popLast() else { return nil }
                    if packet.tag == Tag.subkey {
                        guard let part = fingerprint(of: packet.body) else { return nil }
                        key.subkeys.append(part)
                    }
                    key.packets.append(packet)
                    keys.append(key)
                default: return nil
                }
            }
        } catch {
            return nil
        }
        return keys
    }

    /// The fingerprint of a key packet: RFC 4880 §12.2, RFC 9580 §5.5.4.
    static func fingerprint(of body: [UInt8]) -> Fingerprint? {
        func length(_ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: body.count >> (8 * (count - 1 - $0))) }
        }
        switch body.first {
        case 4 where body.count < 1 << 16:
            return Fingerprint(SHA1.digest(of: [0x99] + length(2) + body).hex.utf8)
        case 5: return Fingerprint(Digest(of: [0x9A] + length(4) + body).hex.utf8)
        case 6: return Fingerprint(Digest(of: [0x9B] + length(4) + body).hex.utf8)
        default: return nil
        }
    }
}
