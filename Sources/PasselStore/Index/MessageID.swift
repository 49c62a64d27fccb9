import PasselCore

/// The id of an entry's ciphertext, by which the index knows it: that of the blob which git makes of
/// the file where its objects go by SHA-256, with or without a repository.
///
/// Not the SHA-1 of most repositories: of that there are two contents with one id, and the fields of
/// one entry could be told of another.
struct MessageID: Hashable, Sendable {
    let digest: Digest

    static let length = 32

    init(of ciphertext: [UInt8]) {
        digest = Digest(of: Array("blob \(ciphertext.count)\0".utf8) + ciphertext)
    }

    /// The id that 32 bytes are.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length, let digest = Digest(bytes.hex.lowercased().utf8) else {
            return nil
        }
        self.digest = digest
    }

    /// What stands for it where the index can be read without a key, with whether its session key
    /// is known.
    func tag(hasSessionKey: Bool) -> UInt64 {
        let start = digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        return start & ~1 | (hasSessionKey ? 1 : 0)
    }
}
