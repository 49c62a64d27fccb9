/// A second, in UTC.
public struct Instant: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let second: Int64

    /// The instant so many seconds after the epoch.
    public init(second: Int64) { self.second = second }

    /// The instant that somebody claims; nothing before the epoch or after the year 9999.
    public init?(claimed second: Int64?) {
        guard let second, (0...253_402_300_799).contains(second) else { return nil }
        self.second = second
    }

    /// The instant spelled as RFC 3339 has it, `2027-01-31T12:00:00Z`; a fraction is left out.
    public init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        guard bytes.count >= 20, let day = Day(bytes[..<10]), "Tt ".utf8.contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = Self.number(bytes[11..<13], below: 24),
            let minute = Self.number(bytes[14..<16], below: 60),
            let second = Self.number(bytes[17..<19], below: 61)
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: \.isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard let offset = Self.offset(rest) else { return nil }
        // A leap second is the last one of its minute.
        let time = hour * 3_600 + minute * 60 + min(second, 59)
        self.init(claimed: day.second + time - offset)
    }

    /// Seconds to the east.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
        if text.elementsEqual("Z".utf8) || text.elementsEqual("z".utf8) { return 0 }
        let start = text.startIndex
        guard text.count == 6, let sign = text.first, "+-".utf8.contains(sign),
            text[start + 3] == UInt8(ascii: ":"),
            let hours = number(text[(start + 1)..<(start + 3)], below: 24),
            let minutes = number(text[(start + 4)...], below: 60)
        else { return nil }
        let offset = hours * 3_600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    private static func number(_ digits: ArraySlice<UInt8>, below bound: Int64) -> Int64? {
        guard digits.allSatisfy(\.isDigit) else { return nil }
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return value < bound ? value : nil
    }

    /// `2027-01-31T12:00:00Z`.
    public var spelling: Text {
        let day = Day(second: second)
        let time = second - day.second
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(day.spelling)T\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))Z"
    }

    /// Earlier instants first.
    public static func < (left: Instant, right: Instant) -> Bool { left.second < right.second }
}
