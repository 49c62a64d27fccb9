/// How long something lasts: `90d`, `12h`.
public struct TimeSpan: Sendable, Hashable {
    /// The number of seconds.
    public let seconds: Int64

    private static let units: [(letter: UInt8, seconds: Int64)] = [
        (UInt8(ascii: "w"), 604_800), (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3_600),
        (UInt8(ascii: "m"), 60), (UInt8(ascii: "s"), 1),
    ]
    /// A hundred years: nothing is planned for longer.
    private static let longest: Int64 = 36_525 * 86_400

    /// A number and a unit: `w`, `d`, `h`, `m` (minutes) or `s`; nothing for another spelling, for
    /// none at all, or for more than a hundred years.
    public init?(_ text: some Collection<UInt8>) {
        let digits = text.prefix(while: \.isDigit)
        let letters = text.dropFirst(digits.count)
        guard (1...10).contains(digits.count), letters.count == 1,
            let unit = Self.units.first(where: { $0.letter == letters.first })
        else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        guard number > 0, number <= Self.longest / unit.seconds else { return nil }
        seconds = number * unit.seconds
    }

    /// Whether it is made of whole days.
    public var isInDays: Bool { seconds % 86_400 == 0 }
}
