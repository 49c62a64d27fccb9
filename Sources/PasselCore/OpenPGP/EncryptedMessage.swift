/// What can be said about an entry's file without decrypting it.
///
/// Only messages encrypted to public keys are entries. A literal or signed packet holds no secret
/// of ours but whatever somebody put there, and a passphrase-only message would make pinentry ask
/// for a passphrase that does not exist: both are refused before gpg sees them.
public struct EncryptedMessage: Sendable, Equatable {
    /// The recipients, in the order of the file; `KeyID.hidden` for unnamed ones.
    public let recipients: [KeyID]

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
        let result = ciphertext.withUnsafeBytes { Self.read($0) }
        recipients = try result.get()
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> Result<[KeyID], Flaw> {
        var reader = PacketReader(bytes)
        var recipients: [KeyID] = []
        var symmetric = false
        var complete = false
        do throws(PacketReader.Malformed) {
            while let packet = try reader.next() {
                if complete, packet.tag != Tag.padding { return .failure(.trailingData) }
                switch packet.tag {
                case Tag.publicKeySessionKey:
                    // Version, key id, algorithm: RFC 4880 §5.1.
                    guard packet.body.count >= 10, bytes[packet.body.lowerBound] == 3 else { break }
                    let id = packet.body.dropFirst().prefix(8).reduce(0) {
                        $0 << 8 | UInt64(bytes[$1])
                    }
                    recipients.append(KeyID(id))
                case Tag.symmetricSessionKey: symmetric = true
                case Tag.protected, Tag.authenticated: complete = true
                case Tag.plainEncrypted: return .failure(.noIntegrityProtection)
                case Tag.marker, Tag.padding: break
                case let tag where Tag.unencrypted.contains(tag): return .failure(.notEncrypted)
                default: return .failure(.notOpenPGP)
                }
            }
        } catch {
            switch error {
            case .truncated: return .failure(.truncated)
            case .notAPacket: return .failure(complete ? .trailingData : .notOpenPGP)
            }
        }
        guard complete else { return .failure(.truncated) }
        guard !recipients.isEmpty else {
            return .failure(symmetric ? .passphraseOnly : .noRecipients)
        }
        return .success(recipients)
    }
}
