/// What is kept of a rotation that is under way, in an entry beside the one that gets another
/// secret: in `NAME.next` with the new secret until every place has it, then in `NAME.prev` with the
/// old one until its issuer takes it no more.
///
///     THE SECRET
///     rotation: minted
///     rotation-since: 2027-01-31T12:00:00Z
///     rotation-until: 2027-02-01T12:00:00Z
///     rotation-grace: 86400s
///     rotation-reason: a laptop was lost
///     rotation-created: 2027-01-31
///     rotation-expires: 2027-05-01
///
/// None of the keys is one of a token's, so that the entry is none, and what the fields of the
/// rotated entry say stays said once.
public struct RotationRecord: Sendable {
    /// How far it is.
    public enum State: String, Sendable, CaseIterable {
        /// It was begun, and there is no new secret yet; the old one is to be revoked first.
        case planned
        /// As before, and the old one is revoked.
        case revoked
        /// There is a new secret, and places are to get it.
        case minted
        /// The entry has the new secret; here is the old one, which still works.
        case grace
    }

    /// Which of the two entries a record is in.
    public enum Side: String, Sendable, CaseIterable {
        case next, prev

        /// The name of the record's entry.
        public func name(beside entry: Path) -> Path { entry.appending(".\(rawValue)") }

        /// The entry that a record of this name would belong to.
        public func entry(of name: Path) -> Path? {
            let mark = Array(".\(rawValue)".utf8)
            guard name.bytes.ends(with: mark), name.name.count > mark.count else { return nil }
            return Path(name.bytes.dropLast(mark.count))
        }
    }

    /// How far it is.
    public var state: State
    /// The new secret, or the old one; empty as long as there is none.
    public var secret: Secret
    /// When it was begun.
    public var since: Instant
    /// From when on the old secret is to be revoked.
    public var until: Instant?
    /// How long the old secret works after the entry has the new one, in seconds.
    public var grace: Int64
    /// Whether the old secret is revoked before there is a new one.
    public var isEmergency: Bool
    /// Why there is to be another secret.
    public var reason: Text?
    /// What the entry's field `created` says where it has this secret.
    public var created: Text?
    /// What the entry's field `expires` says where it has this secret.
    public var expires: Text?

    /// A rotation that begins.
    public init(
        _ state: State, secret: Secret? = nil, since: Instant, grace: Int64,
        isEmergency: Bool = false, reason: Text? = nil
    ) {
        self.state = state
        self.secret = secret ?? Secret(copying: [])
        self.since = since
        self.grace = grace
        self.isEmergency = isEmergency
        self.reason = reason
    }

    /// What an entry's content says; nothing for one that is no record.
    public init?(_ content: Secret) {
        let text = EntryText(content)
        func value(_ key: String) -> Text? {
            text.fields("rotation\(key)").last.map { unit in
                text.source.withBytes { Text($0[unit.value]) }
            }
        }
        guard !text.isOpaque, let word = value(""),
            let state = State.allCases.first(where: { word == Text($0.rawValue.utf8) }),
            let since = value("-since").flatMap({ Instant($0.bytes) })
        else { return nil }
        self.init(state, secret: text.secret, since: since, grace: 0, reason: value("-reason"))
        until = value("-until").flatMap { Instant($0.bytes) }
        grace = value("-grace").flatMap { TimeSpan($0.bytes)?.seconds } ?? 0
        isEmergency = value("-emergency") != nil
        created = value("-created")
        expires = value("-expires")
    }

    /// The content of its entry; nothing for a secret beside which no fields can stand.
    public var content: Secret? {
        var lines: [(String, Text?)] = [
            ("", Text(state.rawValue.utf8)), ("-since", since.spelling),
            ("-until", until?.spelling), ("-grace", grace > 0 ? "\(grace)s" : nil),
        ]
        lines += [
            ("-emergency", isEmergency ? "yes" : nil), ("-reason", reason),
            ("-created", created), ("-expires", expires),
        ]
        let fields = lines.compactMap { key, value in
            value.map { "rotation\(key): \($0)\n" as Text }
        }
        let content = Secret(
            joining: [
                secret, Secret(plain: "\n"), Secret(copying: fields.joined(separator: "").bytes),
            ])
        guard let again = RotationRecord(content), again.secret == secret,
            EntryText(content).units.count == fields.count + 1
        else { return nil }
        return content
    }
}
