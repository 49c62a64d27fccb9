import PasselCore

/// A time on the command line: a date, or how long from now on.
enum TokenTime: Sendable {
    case date(TokenDate)
    case span(TimeSpan)

    init?(_ word: [UInt8]) {
        if let span = TimeSpan(word) {
            self = .span(span)
        } else if let date = TokenDate(word) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// The second that is meant.
    func instant(now: Int64) -> Instant {
        switch self {
        case .date(let date): Instant(second: date.second)
        case .span(let span): Instant(second: now + span.seconds)
        }
    }
}

extension ValueKind<TokenTime> {
    /// A date, or a time span from now on.
    static var time: ValueKind {
        ValueKind(
            placeholder: "TIME",
            expected: "a time span such as 15m or 90d, a day, or an instant such as "
                + "2027-01-31T12:00:00Z", read: TokenTime.init)
    }
}
