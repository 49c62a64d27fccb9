/// How a backup's file is called that was not named otherwise: `STORE-20270131T120000Z.backup.tar`.
public struct BackupName: Sendable, Equatable {
    /// What the store is called.
    public let store: [UInt8]
    /// When it was made.
    public let created: Instant

    private static let suffix = Array(".backup.tar".utf8)

    /// The name of a backup; of the store's name only letters, digits, `-` and `_` stay.
    public init(store: [UInt8], created: Instant) {
        let plain = store.drop { $0 == UInt8(ascii: ".") }.map { byte -> UInt8 in
            let isLetter = (0x61...0x7a).contains(byte | 0x20)
            return isLetter || byte.isDigit || "-_".utf8.contains(byte) ? byte : UInt8(ascii: "-")
        }
        self.store = plain.isEmpty ? Array("store".utf8) : Array(plain.prefix(64))
        self.created = created
    }

    /// The name.
    public var bytes: [UInt8] {
        let time = created.spelling.bytes.filter { $0 != UInt8(ascii: "-") && $0 != 0x3A }
        return store + [UInt8(ascii: "-")] + time + Self.suffix
    }

    /// Reads a name; nothing for one of another kind.
    public init?(_ name: [UInt8]) {
        guard name.ends(with: Self.suffix) else { return nil }
        let stem = name.dropLast(Self.suffix.count)
        // 20270131T120000Z
        guard stem.count > 17 else { return nil }
        var spelled = Array(stem.suffix(16))
        for (place, sign) in [(13, UInt8(0x3A)), (11, 0x3A), (6, 0x2D), (4, 0x2D)] {
            spelled.insert(sign, at: place)
        }
        guard let created = Instant(spelled), stem.dropLast(16).last == UInt8(ascii: "-") else {
            return nil
        }
        self.init(store: Array(stem.dropLast(17)), created: created)
        guard bytes == name else { return nil }
    }
}
