import PasselCore

/// `KEY=VALUE`, `KEY+=VALUE` or `KEY-=VALUE`, as it was typed.
struct FieldAssignment: Sendable {
    enum Action: Sendable {
        case set, add, remove
    }

    let key: [UInt8]
    let action: Action
    let value: Text

    init?(_ word: [UInt8]) {
        guard let equals = word.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return nil }
        var key = word[..<equals]
        switch key.last {
        case UInt8(ascii: "+"): action = .add
        case UInt8(ascii: "-"): action = .remove
        default: action = .set
        }
        if action != .set { key = key.dropLast() }
        guard !key.isEmpty else { return nil }
        self.key = Array(key)
        value = Text(word[(equals + 1)...].trimmingBlanks)
    }
}

extension ValueKind<FieldAssignment> {
    /// What a field becomes.
    static var assignment: ValueKind {
        ValueKind(placeholder: "KEY=VALUE", expected: "KEY=VALUE", read: FieldAssignment.init)
    }
}

/// The fields of an entry that are to have other values.
struct FieldChanges {
    private(set) var values: [(field: TokenField, values: [Text])] = []
    private let now: Int64

    init(now: Int64) { self.now = now }

    /// Whether a field is among them.
    func mentions(_ field: TokenField) -> Bool { values.contains { $0.field == field } }

    /// Gives a field exactly these values.
    mutating func set(_ field: TokenField, _ new: [Text]) {
        values.removeAll { $0.field == field }
        values.append((field, new))
    }

    /// Adds what was typed; a list is built upon what `there` holds.
    ///
    /// - Throws: a `Problem` that tells what the field can be.
    mutating func apply(_ assignments: [FieldAssignment], to there: EntryText) throws {
        var started: Set<TokenField> = []
        for assignment in assignments {
            let field = try Self.field(assignment.key)
            var list =
                values.first { $0.field == field }?.values ?? there.values(field)
            let value = try self.value(assignment.value, for: field)
            switch assignment.action {
            case .set where started.contains(field) && field.isRepeatable:
                list += value.map { [$0] } ?? []
            case .set: list = value.map { [$0] } ?? []
            case .add:
                guard field.isRepeatable else { throw Self.noList(field) }
                if let value, !list.contains(value) { list.append(value) }
            case .remove:
                guard field.isRepeatable else { throw Self.noList(field) }
                list.removeAll { $0 == value }
            }
            started.insert(field)
            set(field, list)
        }
    }

    /// A value as it is written; nothing for none at all.
    func value(_ typed: Text, for field: TokenField) throws -> Text? {
        guard !typed.bytes.isEmpty else { return nil }
        guard typed.bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Problem.usage("\(field.key): a value is one line of text")
        }
        if field.accepts(typed) { return typed }
        // How long from now on says when, too.
        if field == .expires, let span = TimeSpan(typed.bytes) {
            return TokenMetadata.date(now + span.seconds, exact: !span.isInDays).spelling
        }
        let span: Text = field == .expires ? ", nor a time span such as 90d" : ""
        throw Problem.usage(
            "\(field.key): \(ShellWord.text(typed.bytes)) is not \(field.expected ?? "a text")\(span)"
        )
    }

    /// Adds what follows from another secret, but for what the user sets.
    mutating func renew(for token: NewToken, of entry: StoredEntry) {
        let (session, metadata) = (entry.session, TokenMetadata(entry.text))
        if !mentions(.created) { set(.created, [Day(second: now).spelling]) }
        if let kind = token.finding?.kind, let known = metadata[.kind].last, kind != known {
            session.warn(Problem("the new secret looks like \(kind), the old one was \(known)"))
        }
        guard !mentions(.expires) else { return }
        let span =
            values.first { $0.field == .rotateEvery }
            .map { $0.values.last.flatMap { TimeSpan($0.bytes) } } ?? metadata.rotateEvery
        if let end = TokenMetadata.end(of: token.finding, made: now, rotateEvery: span) {
            set(.expires, [end.spelling])
        } else if let old = metadata[.expires].last {
            session.warn(
                Problem(
                    "expires still is \(old), which was said of the old secret",
                    hints: [
                        "\(session.program) token set \(ShellWord.text(entry.name.bytes)) expires="
                    ]))
        }
    }

    private static func field(_ key: [UInt8]) throws -> TokenField {
        if let field = TokenField(key: key) { return field }
        let words = TokenField.allCases.map(\.rawValue)
        let near = Nearest.word(to: key, among: words)
        throw Problem.usage(
            "\(key) is no field of a token",
            hints: [
                near.map { "did you mean \($0)?" }
                    ?? "the fields are \(words.joined(separator: ", "))"
            ])
    }

    private static func noList(_ field: TokenField) -> Problem {
        Problem.usage("\(field.key) has one value: \(field.key)=VALUE replaces it")
    }
}
