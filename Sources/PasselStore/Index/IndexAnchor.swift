import PasselCore
import PasselPosix

/// What this machine alone knows of its index of a store: a secret without which no index is one,
/// and how new it must be.
///
/// A file `index.local` in the state folder, mode 0600:
///
///     passel index-local 1
///     secret 64 HEXADECIMAL DIGITS
///     key X25519 PUBLIC KEY
///     generation NUMBER
///     keeps session-keys|metadata
///
/// Everybody who knows the user's public key can encrypt an index to it. What proves that an index
/// is ours is this secret: it is in the key that the index is sealed with, in the code over the
/// whole file, and in the key of every record beside it. It gives nobody anything to read, for the
/// index is sealed with a key of which the other half is encrypted to the user. Who can read and
/// write the state folder could make an index of his own; he could as well acknowledge himself as a
/// recipient, for the pins lie there, too. Once the file is gone every copy of the index is waste.
struct IndexAnchor: Equatable {
    let secret: Secret
    let publicKey: [UInt8]
    var generation: UInt64
    let keepsSessionKeys: Bool

    static let file: Path = "index.local"
    private static let head = "passel index-local 1"

    /// The code over the file of the index.
    var fileKey: Secret { secret.derivedKey(1) }
    /// Seals the records beside it.
    var recordKey: Secret { secret.derivedKey(2) }
    /// The keyed hash of secrets, which the index keeps.
    var hashKey: Secret { secret.derivedKey(3) }

    init(secret: Secret, publicKey: [UInt8], generation: UInt64, keepsSessionKeys: Bool) {
        self.secret = secret
        self.publicKey = publicKey
        self.generation = generation
        self.keepsSessionKeys = keepsSessionKeys
    }

    /// What the folder has; nothing where there is none, or none that makes sense.
    init?(in folder: StateFolder) throws {
        guard let content = try Files.readIfPresent(folder.file(Self.file), limit: 4096) else {
            return nil
        }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else { return nil }
        var words: [String: ArraySlice<UInt8>] = [:]
        for line in lines {
            let parts = line.split(separator: 0x20)
            guard parts.count == 2 else { return nil }
            words[String(decoding: parts[0], as: UTF8.self)] = parts[1]
        }
        guard let secret = words["secret"].flatMap({ Digest($0) }),
            let key = words["key"].flatMap({ Digest($0) }),
            let number = words["generation"],
            let generation = UInt64(String(decoding: number, as: UTF8.self)),
            let keeps = words["keeps"].map({ String(decoding: $0, as: UTF8.self) }),
            keeps == "session-keys" || keeps == "metadata"
        else { return nil }
        self.init(
            secret: secret.bytes.withUnsafeBytes { Secret(copying: $0) }, publicKey: key.bytes,
            generation: generation, keepsSessionKeys: keeps == "session-keys")
    }

    func save(in folder: StateFolder) throws {
        let text: Text = """
            \(Self.head)
            secret \(secret.withBytes { $0.hex.lowercased() })
            key \(publicKey.hex.lowercased())
            generation \(generation)
            keeps \(keepsSessionKeys ? "session-keys" : "metadata")

            """
        try folder.write(text.bytes, to: Self.file)
    }

    /// Whether both are of the same index, however old.
    func isSame(as other: IndexAnchor) -> Bool {
        secret == other.secret && publicKey == other.publicKey
            && keepsSessionKeys == other.keepsSessionKeys
    }
}
