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

    /// What stands for it where the index can be read without a key.
    var tag: MessageTag {
        MessageTag(value: digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } & ~3)
    }
}

/// What can be told of a row of the index without any key: the start of the ciphertext's id, and in
/// its last two bits whether the session key is known and whether the entry is a token.
struct MessageTag: Hashable, Sendable {
    private(set) var value: UInt64

    private static let sessionKey: UInt64 = 1
    private static let token: UInt64 = 2

    init(value: UInt64) { self.value = value }

    /// The tag of a row.
    init(_ id: MessageID, hasSessionKey: Bool, isToken: Bool) {
        value =
            id.tag.value | (hasSessionKey ? Self.sessionKey : 0) | (isToken ? Self.token : 0)
    }

    var hasSessionKey: Bool { value & Self.sessionKey != 0 }
    var isToken: Bool { value & Self.token != 0 }

    /// As it is without what it tells: that of the ciphertext alone.
    var bare: MessageTag { MessageTag(value: value & ~(Self.sessionKey | Self.token)) }
}
