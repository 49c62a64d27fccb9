/// The full fingerprint of an OpenPGP key: the only name by which keys are told apart here.
public struct Fingerprint: Sendable, Hashable, Comparable {
    /// 40 upper-case hexadecimal digits (version 4), or 64 (versions 5 and 6).
    public let hex: String

    /// The fingerprint that these bytes spell: 40 or 64 hexadecimal digits of either case, with or
    /// without `0x` before them.
    ///
    /// Nothing for anything else: not for a key id, not with `!` behind it, not with blanks.
    public init?(_ text: some Sequence<UInt8>) {
        var digits = Array(text)
        if digits.starts(with: "0x".utf8) || digits.starts(with: "0X".utf8) {
            digits.removeFirst(2)
        }
        guard [40, 64].contains(digits.count), digits.allSatisfy({ $0.hexValue != nil }) else {
            return nil
        }
        hex = String(decoding: digits, as: UTF8.self).uppercased()
    }

    /// The key id: the last eight bytes of a version 4 fingerprint, the first eight of a later one.
    ///
    /// RFC 9580 §5.5.4.
    public var keyID: KeyID {
        let digits = Array(hex.utf8)
        return KeyID(hex: digits.count == 40 ? digits[...] : digits[..<16]) ?? .hidden
    }

    /// The digits in groups of four, as people compare them.
    public var grouped: Text {
        let digits = Array(hex.utf8)
        let groups = stride(from: 0, to: digits.count, by: 4).map {
            Text(digits[$0..<min($0 + 4, digits.count)])
        }
        return groups.joined(separator: " ")
    }

    /// The digits as bytes.
    public var bytes: [UInt8] { Array(hex.utf8) }

    /// As gpg's `-r` and a `.gpg-id` take it.
    public var recipient: Recipient { Recipient(hex.utf8) }

    /// Order of the spellings.
    public static func < (left: Fingerprint, right: Fingerprint) -> Bool { left.hex < right.hex }
}
