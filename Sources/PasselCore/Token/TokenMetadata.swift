/// What an entry's fields say of its token.
public struct TokenMetadata: Sendable {
    private let values: [TokenField: [Text]]

    /// Reads the fields of an entry; of several lines where one should be the last counts.
    public init(_ entry: EntryText) {
        values = Dictionary(
            uniqueKeysWithValues: TokenField.allCases.map { ($0, entry.values($0)) })
    }

    /// As above, of fields that were read before.
    public init(_ fields: [EntryField]) {
        values = fields.reduce(into: [:]) { values, field in
            guard let known = TokenField(key: field.key.bytes) else { return }
            values[known, default: []].append(field.value)
        }
    }

    /// The values of a field, in order; those without a value are left out.
    public subscript(_ field: TokenField) -> [Text] {
        let values = (values[field] ?? []).filter { !$0.bytes.isEmpty }
        return field.isRepeatable ? values : values.suffix(1)
    }

    /// Whether the fields are those of a token: any but the ones that passwords have, too.
    public var isToken: Bool {
        TokenField.allCases.contains { field in
            switch field {
            case .url, .username, .owner, .note: false
            default: !self[field].isEmpty
            }
        }
    }

    /// The fields whose value is none that they can have.
    public var unreadable: [TokenField] {
        TokenField.allCases.filter { field in !self[field].allSatisfy(field.accepts) }
    }

    /// When the token was made.
    public var created: TokenDate? { self[.created].last.flatMap { TokenDate($0.bytes) } }
    /// From when on it is good no more.
    public var expires: TokenDate? { self[.expires].last.flatMap { TokenDate($0.bytes) } }
    /// How long it is used.
    public var rotateEvery: TimeSpan? { self[.rotateEvery].last.flatMap { TimeSpan($0.bytes) } }

    /// When a token that was made now ends: as it says itself, else after the time that one is used.
    ///
    /// Nothing when neither tells.
    public static func end(
        of finding: TokenFinding?, made now: Int64, rotateEvery span: TimeSpan?
    ) -> TokenDate? {
        if let own = finding?.expires { return .instant(own) }
        return span.map { date(now + $0.seconds, exact: !$0.isInDays) }
    }

    /// A day, or the very second.
    public static func date(_ second: Int64, exact: Bool) -> TokenDate {
        exact ? .instant(Instant(second: second)) : .day(Day(second: second))
    }
}
