/// Which backups are kept: the newest of each of the last days, weeks, months and years that have
/// any.
///
/// Spelled `daily=7,weekly=4,monthly=12`; `last=3` keeps the newest three whatever their days.
public struct Retention: Sendable, Equatable {
    /// How many, by the word for the period.
    private let counts: [(period: Period, count: Int)]

    private enum Period: String, CaseIterable {
        case last, daily, weekly, monthly, yearly
    }

    /// The rule that is spelled so; nothing for another spelling, and for one that keeps nothing.
    public init?(_ text: [UInt8]) {
        var counts: [(period: Period, count: Int)] = []
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let sides = part.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            guard sides.count == 2,
                let period = Period(rawValue: String(decoding: sides[0], as: UTF8.self)),
                !sides[1].isEmpty, sides[1].count < 6, sides[1].allSatisfy(\.isDigit),
                let count = Int(String(decoding: sides[1], as: UTF8.self)),
                !counts.contains(where: { $0.period == period })
            else { return nil }
            counts.append((period, count))
        }
        guard counts.contains(where: { $0.count > 0 }) else { return nil }
        self.counts = counts
    }

    /// Why each of these times is kept, in the words of the rule; none for one that is not.
    ///
    /// The newest is always kept.
    public func reasons(_ times: [Instant]) -> [[Text]] {
        var reasons = [[Text]](repeating: [], count: times.count)
        let order = times.indices.sorted { times[$0] > times[$1] }
        for (period, count) in counts {
            var met: Set<Int64> = []
            for (rank, index) in order.enumerated() where met.count < count {
                let bucket = period == .last ? Int64(rank) : Self.bucket(times[index], period)
                if met.insert(bucket).inserted { reasons[index].append(Text(period.rawValue.utf8)) }
            }
        }
        if let newest = order.first, reasons[newest].isEmpty { reasons[newest] = ["newest"] }
        return reasons
    }

    private static func bucket(_ time: Instant, _ period: Period) -> Int64 {
        let day = Day(second: time.second)
        let digits = day.spelling.bytes
        func number(_ count: Int) -> Int64 {
            digits.prefix(count).filter(\.isDigit).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        return switch period {
        case .last, .daily: day.number
        // 1970-01-01 was a Thursday; weeks begin on Mondays.
        case .weekly: (day.number + 3) / 7
        case .monthly: number(7)
        case .yearly: number(4)
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: Retention, right: Retention) -> Bool {
        left.counts.elementsEqual(right.counts) { $0 == $1 }
    }
}
