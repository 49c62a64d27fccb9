/// A day of the Gregorian calendar, in UTC.
public struct Day: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    public let number: Int64

    /// The day that contains this second since the epoch.
    public init(second: Int64) {
        number = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
    }

    /// The day spelled `YYYY-MM-DD`; nothing for another spelling or a day that does not exist.
    public init?(_ text: some Sequence<UInt8>) {
        let parts = Array(text).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy(\.isDigit) else {
            return nil
        }
        let values = parts.map { $0.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) } }
        let found = Self.number(year: values[0], month: values[1], day: values[2])
        guard (1...12).contains(values[1]), (1...31).contains(values[2]) else { return nil }
        self.init(second: found * 86_400)
        // 31 April would be 1 May.
        guard spelling.bytes.elementsEqual(parts.joined(separator: "-".utf8)) else { return nil }
    }

    /// The first second of the day.
    public var second: Int64 { number * 86_400 }

    /// `YYYY-MM-DD`.
    public var spelling: Text {
        let (year, month, day) = civil
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let years = String(year)
        let zeros = String(repeating: "0", count: max(0, 4 - years.count))
        return "\(zeros)\(years)-\(two(month))-\(two(day))"
    }

    /// Earlier days first.
    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    // Both ways after Howard Hinnant's "chrono-compatible low-level date algorithms": years begin
    // in March, so that the leap day is the last.
    private static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private var civil: (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
