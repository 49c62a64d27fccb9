/// The 64-bit id of an OpenPGP (sub)key: the last eight bytes of a version 4 fingerprint.
///
/// RFC 4880 §12.2. Good enough to compare what a file names with what a key offers; never to choose
/// a key.
public struct KeyID: Sendable, Hashable, Comparable {
    /// The id as a number, first byte highest.
    public let value: UInt64

    /// The id with this value.
    public init(_ value: UInt64) {
        self.value = value
    }

    /// The id that the last 16 hexadecimal digits of `digits` spell; nothing when there are fewer.
    public init?(hex digits: some BidirectionalCollection<UInt8>) {
        let tail = digits.suffix(16).compactMap(\.hexValue)
        guard tail.count == 16 else { return nil }
        value = tail.reduce(0) { $0 << 4 | UInt64($1) }
    }

    /// A recipient that the sender left unnamed (`--hidden-recipient`, `--throw-keyids`).
    public static let hidden = KeyID(0)

    /// 16 upper-case hexadecimal digits.
    public var hex: String {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }.hex
    }

    /// Order of the hexadecimal spellings.
    public static func < (left: KeyID, right: KeyID) -> Bool { left.value < right.value }
}
