/// The name under which the other side of an entry that was changed on both is kept:
/// `NAME.conflict-1a2b3c4d`, with the first digits of that version's id.
public struct ConflictName: Sendable, Hashable {
    /// The name of what is kept.
    public let name: Path

    private static let mark = Array(".conflict-".utf8)
    private static let digits = 8

    /// The name for a version of `name` whose git id, or digest, starts with these digits.
    ///
    /// The last part of a name that would get too long for a file is cut.
    public init(of name: Path, id hex: String) {
        let suffix = Self.mark + hex.utf8.prefix(Self.digits)
        let spelled = name.withoutTrailingSlashes.bytes
        let start = spelled.lastIndex(of: .slash).map { $0 + 1 } ?? 0
        let longest = 255 - EntryName.suffix.utf8.count - suffix.count
        let last = spelled[start...].cutBetweenCharacters(to: longest)
        self.name = Path(spelled[..<start] + last + suffix)
    }

    /// What the name of an entry says when it is such a name: of which entry, and which version.
    public static func parse(_ entry: Path) -> (original: Path, shortID: String)? {
        let bytes = entry.bytes
        let tail = bytes.suffix(digits)
        guard tail.count == digits, bytes.dropLast(digits).suffix(mark.count).elementsEqual(mark),
            tail.allSatisfy({ $0.isDigit || (0x61...0x66).contains($0) })
        else { return nil }
        let original = bytes.dropLast(digits + mark.count)
        guard let last = original.last, last != .slash else { return nil }
        return (Path(original), String(decoding: tail, as: UTF8.self))
    }

    /// Whether `entry` is what a merge kept beside `other`, and not what somebody moved there: a kept
    /// copy that is moved stays one.
    public static func isKept(_ entry: Path, beside other: Path) -> Bool {
        guard let (original, _) = parse(entry) else { return false }
        return original == other || parse(other) == nil
    }
}
