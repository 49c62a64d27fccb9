/// What can be said about an entry's file without decrypting it.
///
/// Only messages encrypted to public keys are entries. A literal or signed packet holds no secret
/// of ours but whatever somebody put there, and a passphrase-only message would make pinentry ask
/// for a passphrase that does not exist: both are refused before gpg sees them.
public struct EncryptedMessage: Sendable, Equatable {
    /// The recipients, in the order of the file; `KeyID.hidden` for unnamed ones.
    public let recipients: [KeyID]
    /// Whether the content is in a packet of authenticated encryption, which GnuPG before 2.3 and
    /// most phones cannot read: tag 20, or version 2 of tag 18.
    public let usesAEAD: Bool

    /// Why bytes are not an entry.
    public enum Flaw: Error, Sendable, Equatable {
        case empty
        case notOpenPGP
        case truncated
        case notEncrypted
        case passphraseOnly
        case noIntegrityProtection
        case noRecipients
        case trailingData

        /// The flaw in words, to follow the entry's name and a colon.
        public var description: String {
            switch self {
            case .empty: "the file is empty"
            case .notOpenPGP: "not an OpenPGP message"
            case .truncated: "the file is cut off"
            case .notEncrypted: "the file is not encrypted; anybody could have put it there"
            case .passphraseOnly: "encrypted with a passphrase, not to keys"
            case .noIntegrityProtection: "not protected against tampering"
            case .noRecipients: "encrypted to nobody"
            case .trailingData: "something follows the encrypted message"
            }
        }
    }

    private enum Tag {
        static let publicKeySessionKey: UInt8 = 1
        static let symmetricSessionKey: UInt8 = 3
        static let plainEncrypted: UInt8 = 9
        static let marker: UInt8 = 10
        static let protected: UInt8 = 18
        static let authenticated: UInt8 = 20
        static let padding: UInt8 = 21
        static let unencrypted: Set<UInt8> = [2, 4, 8, 11]
    }

    /// Reads the packets of `ciphertext`, binary or ASCII-armoured.
    ///
    /// - Throws: `Flaw`, for anything that is not one message encrypted to at least one public key.
    public init(_ ciphertext: [UInt8]) throws(Flaw) {
        guard !ciphertext.isEmpty else { throw .empty }
        if ciphertext.starts(with: "-----BEGIN PGP".utf8) {
            guard let binary = Armor.decode(ciphertext) else { throw .notOpenPGP }
            self = try EncryptedMessage(binary)
            return
        }
        self = try ciphertext.withUnsafeBytes { Self.read($0, whole: true) }.get()
    }

    private init(recipients: [KeyID], usesAEAD: Bool) {
        self.recipients = recipients
        self.usesAEAD = usesAEAD
    }

    /// Reads only what comes before the content, of which as much as one likes may be missing.
    ///
    /// The first 4 KiB of a file are enough for seven keys of 4096 bits and for 40 of Curve25519.
    ///
    /// - Throws: `Flaw`; `.truncated` when `start` ends before the content begins, so that more of
    ///   the file must be read.
    public static func head(_ start: [UInt8]) throws(Flaw) -> EncryptedMessage {
        guard !start.isEmpty else { throw .empty }
        var binary = start
        if start.starts(with: "-----BEGIN PGP".utf8) {
            let end = start.lastIndex(of: .newline) ?? 0
            guard
                let decoded = Armor.decode(start)
                    ?? Armor.decode(Array(start[...end]) + Array("-----END".utf8))
            else { throw .truncated }
            binary = decoded
        }
        return try binary.withUnsafeBytes { read($0, whole: false) }.get()
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer, whole: Bool
    ) -> Result<EncryptedMessage, Flaw> {
        var reader = PacketReader(bytes)
        var recipients: [KeyID] = []
        var symmetric = false
        var content: (tag: UInt8, version: UInt8)?
        do throws(PacketReader.Malformed) {
            while whole || content == nil, let packet = try reader.next() {
                if content != nil, packet.tag != Tag.padding { return .failure(.trailingData) }
                switch packet.tag {
                case Tag.publicKeySessionKey:
                    // Version, key id, algorithm: RFC 4880 §5.1.
                    guard packet.body.count >= 10, bytes[packet.body.lowerBound] == 3 else { break }
                    let id = packet.body.dropFirst().prefix(8).reduce(0) {
                        $0 << 8 | UInt64(bytes[$1])
                    }
                    recipients.append(KeyID(id))
                case Tag.symmetricSessionKey: symmetric = true
                case Tag.protected, Tag.authenticated:
                    content = (packet.tag, packet.body.first.map { bytes[$0] } ?? 0)
                case Tag.plainEncrypted: return .failure(.noIntegrityProtection)
                case Tag.marker, Tag.padding: break
                case let tag where Tag.unencrypted.contains(tag): return .failure(.notEncrypted)
                default: return .failure(.notOpenPGP)
                }
            }
        } catch {
            switch error {
            case .truncated(let offset):
                guard !whole, let begun = begunContent(bytes, at: offset) else {
                    return .failure(.truncated)
                }
                content = begun
            case .notAPacket: return .failure(content == nil ? .notOpenPGP : .trailingData)
            }
        }
        guard let content else { return .failure(.truncated) }
        guard !recipients.isEmpty else {
            return .failure(symmetric ? .passphraseOnly : .noRecipients)
        }
        return .success(
            EncryptedMessage(
                recipients: recipients,
                usesAEAD: content.tag == Tag.authenticated || content.version == 2))
    }

    /// Tag and version of the packet with the content that starts at `offset` and is cut off, if it
    /// is one.
    private static func begunContent(
        _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) -> (tag: UInt8, version: UInt8)? {
        let header = bytes[offset]
        // Both tags are too large for old headers.
        let tag = header & 0x3F
        guard header & 0xC0 == 0xC0, tag == Tag.protected || tag == Tag.authenticated,
            offset + 1 < bytes.count
        else { return nil }
        // RFC 4880 §4.2.2: how long the length is.
        let lengthSize =
            switch bytes[offset + 1] {
            case 192..<224: 2
            case 255: 5
            default: 1
            }
        let body = offset + 1 + lengthSize
        return (tag, body < bytes.count ? bytes[body] : 0)
    }
}
