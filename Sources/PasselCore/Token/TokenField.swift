/// The fields of an entry that say what its token is: lines `key: value`.
public enum TokenField: String, Sendable, CaseIterable {
    /// What kind of token it is, such as `pypi`.
    case kind
    /// What it may do.
    case scope
    /// The service that takes it.
    case url
    /// The user name that goes with it.
    case username
    /// When it was made.
    case created
    /// From when on it is good no more.
    case expires
    /// How long it is used until there is a new one.
    case rotateEvery = "rotate-every"
    /// Who sees to it.
    case owner
    /// What uses it.
    case usedBy = "used-by"
    /// Where it can be withdrawn.
    case revokeURL = "revoke-url"
    /// One place that its value must be in.
    case location
    /// Anything else.
    case note

    /// The field that a key of any case of letters names.
    public init?(key: some Collection<UInt8>) {
        let wanted = key.map(\.asciiLowercased)
        guard let found = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(wanted) })
        else { return nil }
        self = found
    }

    /// The key as it is written.
    public var key: Text { Text(rawValue.utf8) }

    /// Whether there may be several lines with it.
    public var isRepeatable: Bool { self == .location }

    /// What a value must be, as messages put it; nothing where any text will do.
    public var expected: Text? {
        switch self {
        case .created, .expires:
            "a day such as 2027-01-31 or an instant such as 2027-01-31T12:00:00Z"
        case .rotateEvery: "a time span such as 90d or 12h"
        default: nil
        }
    }

    /// Whether a value is one that the field can have.
    public func accepts(_ value: Text) -> Bool {
        switch self {
        case .created, .expires: TokenDate(value.bytes) != nil
        case .rotateEvery: TimeSpan(value.bytes) != nil
        default: true
        }
    }
}
