/// The public keys in GnuPG's keybox file (`pubring.kbx`).
///
/// kbx/keybox-blob.c in GnuPG: each blob has its length in four bytes, its type in one (2 for
/// OpenPGP keys), the place of the key block, the number of keys, and then their fingerprints, the
/// primary one's first.
public struct Keybox {
    /// A key: its fingerprint and first user id.
    public struct Key: Sendable, Equatable {
        /// 40 upper-case hexadecimal digits.
        public let fingerprint: String
        /// The user id's bytes, whatever they are.
        public let userID: [UInt8]
    }

    /// The keys in the order of the file; what cannot be understood is passed over.
    public let keys: [Key]

    /// Reads the content of a keybox file.
    public init(_ content: [UInt8]) {
        var keys: [Key] = []
        var rest = content[...]
        while rest.count >= 40 {
            let length = Self.number(rest.prefix(4))
            guard length >= 32, length <= rest.count else { break }
            let blob = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            if let key = Self.key(blob) { keys.append(key) }
        }
        self.keys = keys
    }

    private static func key(_ blob: [UInt8]) -> Key? {
        guard blob[4] == 2, blob.count >= 40 else { return nil }
        let start = number(blob[8..<12])
        let length = number(blob[12..<16])
        guard start <= blob.count, length <= blob.count - start, number(blob[16..<18]) > 0 else {
            return nil
        }
        let userID = blob[start..<(start + length)].withUnsafeBytes { block -> [UInt8]? in
            var reader = PacketReader(block)
            // A key block that ends in the middle has no user id for us.
            while let packet = try? reader.next() {
                if packet.tag == 13 { return Array(block[packet.body]) }
            }
            return nil
        }
        return Key(fingerprint: blob[20..<40].hex, userID: userID ?? [])
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
