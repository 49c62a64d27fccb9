import PasselCore
import PasselStore

/// `token set`: other values for fields, or another secret.
struct TokenSet: Command {
    static let word = "set"
    static let summary = "change fields of a token, or its secret"
    static let discussion = """
        KEY=VALUE gives a field this value, KEY= takes it away; location+=VALUE and \
        location-=VALUE add to the list and take from it. All other bytes of the entry stay as \
        they are. With a new secret “created” is today, and “expires” as the token itself says or \
        as “rotate-every” demands, unless they are set too.
        """
    static let parameters: [any Parameter] = [
        name, assignments, secret, reason, asIs, clean, Flag.json,
    ]
    private static let name = Operand("NAME", .entry, "the entry with the token")
    private static let assignments = Operands("KEY=VALUE", .assignment, "what a field becomes")
    private static let secret = Flag("secret", letter: "s", "ask for a new secret, or read it")
    private static let reason = Option(
        "reason", .text, "why there is a new secret, for the security log")
    private static let asIs = NewToken.asIs
    private static let clean = NewToken.clean

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let assignments = arguments[Self.assignments]
        guard !assignments.isEmpty || arguments[Self.secret] else {
            throw arguments.problem("say what to change: KEY=VALUE or --secret")
        }
        guard arguments[Self.secret] || arguments[Self.reason] == nil else {
            throw arguments.problem("--reason is for --secret")
        }
        let entry = try StoredEntry(arguments[Self.name], session: session)
        var changes = FieldChanges(now: session.now)
        try changes.apply(assignments, to: entry.text)
        var content = entry.text.source
        if arguments[Self.secret] {
            let token = try NewToken.ask(for: entry.name, session: session, arguments)
            content = try edited(entry) { try entry.text.replacingSecret(by: token.secret) }
            if token.secret != entry.secret { changes.renew(for: token, of: entry) }
        }
        for change in changes.values {
            content = try edited(entry) {
                try EntryText(content).setting(change.field, to: change.values)
            }
        }
        if content != entry.text.source {
            try entry.replace(
                by: content, subject: CommitSubject.editFields(Text(entry.name.bytes)),
                reason: arguments[Self.reason])
        }
        report(entry, EntryText(content))
        return .done
    }

    private func edited(_ entry: StoredEntry, _ edit: () throws -> Secret) throws -> Secret {
        do {
            return try edit()
        } catch is EntryText.NotEditable {
            throw entry.notEditable
        }
    }

    private func report(_ entry: StoredEntry, _ after: EntryText) {
        let changed = TokenField.allCases.filter { entry.text.values($0) != after.values($0) }
        let isNewSecret = after.units.first.map(after.value) != entry.secret
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(entry.name), "secret_changed": .bool(isNewSecret),
                "changed": .array(
                    changed.map { field in
                        [
                            "field": .string(field.key),
                            "old": .array(entry.text.values(field).map { .string($0) }),
                            "new": .array(after.values(field).map { .string($0) }),
                        ]
                    }),
            ])
            return
        }
        if isNewSecret { session.output.line("secret: replaced") }
        for field in changed {
            let values = after.values(field)
            session.output.line(
                "\(field.key): \(values.isEmpty ? "removed" : values.joined(separator: ", "))")
        }
        if changed.isEmpty, !isNewSecret { session.output.error("nothing was to be changed") }
    }
}
