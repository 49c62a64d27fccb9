/// The signatures in a file that holds nothing else.
///
/// A file that also holds what is signed would make gpg judge that, and not the file beside it.
public struct DetachedSignatures: Sendable {
    /// One signature.
    public struct Signature: Sendable {
        /// The packet.
        public let bytes: [UInt8]
        /// The key that it says it is by; nothing when it does not say.
        public let issuer: KeyID?
    }

    /// The signatures in the order of the file; at least one.
    public let signatures: [Signature]

    /// Reads a binary file; nothing for anything that is not whole signature packets.
    public init?(_ content: [UInt8]) {
        let found = content.withUnsafeBytes { bytes -> [Signature]? in
            var reader = PacketReader(bytes)
            var found: [Signature] = []
            do throws(PacketReader.Malformed) {
                while let packet = try reader.next() {
                    guard packet.tag == KeyFile.Tag.signature else { return nil }
                    let body = Array(bytes[packet.body])
                    guard let described = SignaturePacket(body) else { return nil }
                    let whole = KeyFile.Packet(tag: packet.tag, body: body)
                    found.append(Signature(bytes: whole.bytes, issuer: described.issuer))
                }
            } catch {
                return nil
            }
            return found
        }
        guard let found, !found.isEmpty else { return nil }
        signatures = found
    }
}
