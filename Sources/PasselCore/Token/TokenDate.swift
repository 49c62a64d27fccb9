/// When a token was made or ends: a day or an instant, as RFC 3339 spells them.
public enum TokenDate: Sendable, Hashable {
    /// A day, from its first second in UTC on.
    case day(Day)
    /// A second.
    case instant(Instant)

    /// `2027-01-31` or `2027-01-31T12:00:00Z`; nothing for another spelling.
    public init?(_ text: some Collection<UInt8>) {
        if let day = Day(text) {
            self = .day(day)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else {
            return nil
        }
    }

    /// Its second since the epoch; of a day the first.
    public var second: Int64 {
        switch self {
        case .day(let day): day.second
        case .instant(let instant): instant.second
        }
    }

    /// As it is written into an entry.
    public var spelling: Text {
        switch self {
        case .day(let day): day.spelling
        case .instant(let instant): instant.spelling
        }
    }
}
