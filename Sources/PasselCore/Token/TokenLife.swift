/// How long a token may be used: until it expires, or until there is to be another one.
public struct TokenLife: Sendable, Equatable {
    /// What happens at its end.
    public enum End: String, Sendable {
        /// It is good no more.
        case expires
        /// It was to be replaced by then: `created` and `rotate-every` say so.
        case rotate
    }

    /// What happens at the end.
    public let kind: End
    /// From when on it should not be used any more.
    public let end: TokenDate
    /// When it was made; nothing where that is not known, or is said to be after the end.
    public let start: TokenDate?

    /// The life that an entry's fields tell of; nothing when they tell of no end.
    ///
    /// Of two ends the earlier one counts; without the field `expires`, the token expires when it
    /// says so itself.
    public init?(_ metadata: TokenMetadata, claimedEnd: Instant? = nil) {
        let expiry = metadata.expires ?? claimedEnd.map { .instant($0) }
        var rotation: TokenDate?
        if let created = metadata.created, let span = metadata.rotateEvery {
            let isExact = if case .instant = created { true } else { !span.isInDays }
            rotation = TokenMetadata.date(created.second + span.seconds, exact: isExact)
        }
        if let rotation, expiry.map({ rotation.second < $0.second }) ?? true {
            (kind, end) = (.rotate, rotation)
        } else if let expiry {
            (kind, end) = (.expires, expiry)
        } else {
            return nil
        }
        let end = end
        start = metadata.created.flatMap { $0.second < end.second ? $0 : nil }
    }

    /// Whether the end has come.
    public func isOver(at now: Int64) -> Bool { end.second <= now }

    /// How many whole days are left; less than none once the end has come.
    public func daysLeft(at now: Int64) -> Int64 {
        let seconds = end.second - now
        // Rounded down: a minute after the end is the first day after it.
        return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }

    /// How many of so many equal parts of the life are left, rounded up, so that none means over;
    /// nothing where the beginning is not known.
    public func partsLeft(of count: Int64, at now: Int64) -> Int64? {
        guard let start else { return nil }
        let (whole, left) = (end.second - start.second, end.second - now)
        guard left > 0 else { return 0 }
        return min(count, (left * count + whole - 1) / whole)
    }
}
