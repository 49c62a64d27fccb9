/// What can be known of a token from its text alone.
///
/// Nothing in it is secret. What the token says of itself is a claim: nobody checked that its
/// issuer wrote it, or that the token is still good.
public struct TokenFinding: Sendable, Equatable {
    /// Something that the token says of itself.
    public struct Claim: Sendable, Equatable {
        /// A word of ours, such as `projects`.
        public let name: Text
        /// What is claimed; a single one unless it is a list.
        public let values: [Text]
        /// Whether there can be several.
        public let isList: Bool
    }

    /// How sure the kind is.
    public enum Certainty: String, Sendable {
        /// Nothing else looks so.
        case certain
        /// It has the form, as other things may.
        case possible
    }

    /// A word of ours for the kind, such as `pypi`.
    public let kind: Text
    /// What people call it.
    public let title: Text
    /// How sure the kind is.
    public let certainty: Certainty
    /// Whether the checksum in it fits; nothing where there is none to check.
    public internal(set) var isChecksumGood: Bool?
    /// The last four characters, as lists of tokens show them; nothing for a short token, or one of
    /// several lines.
    public internal(set) var lastFour: Text?
    /// What it says of itself, times excepted.
    public internal(set) var claims: [Claim] = []
    /// When it was made.
    public internal(set) var issued: Instant?
    /// From when on it is good.
    public internal(set) var notBefore: Instant?
    /// From when on it is good no more.
    public internal(set) var expires: Instant?
    /// What its holder should know, lower case, without a period.
    public internal(set) var warnings: [Text] = []
    /// Fields that go with a token of the kind.
    public internal(set) var implied: [TokenField: Text] = [:]

    /// What is said of a token whose form or checksum is not right.
    public static let mistyped: Text = "looks mistyped or truncated"

    init(_ row: TokenRow, certainty: Certainty) {
        kind = row.kind
        title = row.title
        self.certainty = certainty
        implied = row.implied
    }

    /// Whether it is not as tokens of its kind are.
    public var isMistyped: Bool { warnings.contains(Self.mistyped) }

    mutating func claim(_ name: Text, _ value: Text?) {
        guard let value else { return }
        claims.append(Claim(name: name, values: [value], isList: false))
    }

    mutating func claim(_ name: Text, _ values: [Text]?) {
        guard let values else { return }
        claims.append(Claim(name: name, values: values, isList: true))
    }

    mutating func setMistyped() {
        if !isMistyped { warnings.insert(Self.mistyped, at: 0) }
    }
}
