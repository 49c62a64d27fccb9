import PasselCore

/// Encrypts nothing: the message names what it was told to name, and has its digest at its end.
struct MemoryStreamCipher: StreamCipher {
    /// The ids that every message names.
    var ids: [KeyID] = []
    /// Whom it was told to encrypt to, as gpg would be.
    var told: @Sendable (StreamReaders) -> Void = { _ in }

    func encrypt(
        to readers: StreamReaders, passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> [KeyID] {
        told(readers)
        var digest = DigestStream()
        while let piece = try feed() {
            let hidden = piece.map { $0 ^ 0x5A }
            digest.add(hidden)
            try hidden.withUnsafeBytes { try sink($0) }
        }
        try digest.digest.bytes.withUnsafeBytes { try sink($0) }
        return ids
    }

    func decrypt(
        with passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var message: [UInt8] = []
        while let piece = try feed() { message += piece }
        guard message.count >= 32,
            Digest(of: message.dropLast(32)).bytes == Array(message.suffix(32))
        else { throw StreamFlaw.damaged }
        let plain = message.dropLast(32).map { $0 ^ 0x5A }
        try plain.withUnsafeBytes { try sink($0) }
    }
}
