/// What an event of the security log is called: `20270131T120000Z-` and 32 hexadecimal digits, the
/// beginning of its text's SHA-256.
///
/// Names sort by time. Whoever names an event says what is in it.
public struct EventName: Sendable, Hashable, Comparable {
    /// The name.
    public let text: Text

    /// Where events lie, below the store's top.
    public static let folder: Path = ".passel/log"

    /// The name of an event with this text at this time.
    init(time: Instant, content: [UInt8]) {
        let stamp = time.spelling.bytes.filter { $0 != UInt8(ascii: "-") && $0 != 0x3A }
        text = "\(stamp)-\(String(Digest(of: content).hex.prefix(32)))"
    }

    /// The name that bytes spell; nothing for any other.
    public init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 49, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            bytes[16] == UInt8(ascii: "-"), bytes[..<8].allSatisfy(\.isDigit),
            bytes[9..<15].allSatisfy(\.isDigit),
            bytes[17...].allSatisfy({ $0.isDigit || (0x61...0x66).contains($0) })
        else { return nil }
        text = Text(bytes)
    }

    /// The file's path below the store's top.
    public var path: Path { Self.folder / text.bytes }

    /// Whether the file with this name below the store's top is one of an event, or lies where only
    /// events do.
    public static func isInLog(_ name: [UInt8]) -> Bool {
        name.starts(with: folder.bytes + [.slash])
    }

    /// Earlier ones first.
    public static func < (left: EventName, right: EventName) -> Bool {
        left.text.bytes.precedes(right.text.bytes)
    }
}
