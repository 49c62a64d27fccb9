import PasselCore

/// Whom a message names as readers, however flawed the message is.
///
/// What gpg would refuse to decrypt somebody may have read in another way: everything before the
/// first byte that is no packet counts.
struct MessageReaders: Equatable {
    /// The key ids, `.hidden` for those that are left unnamed.
    let ids: [KeyID]

    /// Those of an entry's file, binary or ASCII-armoured.
    init(_ content: [UInt8]) {
        if content.starts(with: "-----BEGIN PGP".utf8) {
            // What cannot be understood as a message names nobody.
            ids = (try? EncryptedMessage.head(content))?.recipients ?? []
        } else {
            ids = content.withUnsafeBytes { Self.read($0) }
        }
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> [KeyID] {
        var reader = PacketReader(bytes)
        var ids: [KeyID] = []
        // After what is malformed there are no packets.
        while let packet = try? reader.next() {
            // Public-key encrypted session key, version 3: RFC 4880 §5.1.
            guard packet.tag == 1, packet.body.count >= 10, bytes[packet.body.lowerBound] == 3
            else { continue }
            let id = packet.body.dropFirst().prefix(8).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
            ids.append(KeyID(id))
        }
        return ids
    }
}
