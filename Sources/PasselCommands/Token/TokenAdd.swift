import PasselCore
import PasselPosix
import PasselStore

/// `token add`: a new entry for a token, with what is known of it in fields.
struct TokenAdd: Command {
    static let word = "add"
    static let summary = "store a token with what is to be known of it"
    static let discussion = """
        The secret comes from a prompt, or from standard input. What its kind implies is filled \
        in; on a terminal the rest is asked for.
        """
    static let parameters: [any Parameter] = [
        name, kind, scope, url, username, expires, rotateEvery, owner, usedBy, revokeURL, location,
        note, reason, asIs, clean, force, Flag.json,
    ]
    private static let name = Operand("NAME", .entry, "the entry for the token")
    private static let kind = Option("kind", .text, "what kind of token it is")
    private static let scope = Option("scope", .text, "what it may do")
    private static let url = Option("url", .text, "the service that takes it")
    private static let username = Option("username", .text, "the user name that goes with it")
    private static let expires = Option(
        "expires", .text, "when it ends: a day, an instant, or a time span such as 90d from now on")
    private static let rotateEvery = Option(
        "rotate-every", .text, "how long it is used, such as 90d")
    private static let owner = Option("owner", .text, "who sees to it")
    private static let usedBy = Option("used-by", .text, "what uses it")
    private static let revokeURL = Option("revoke-url", .text, "where it can be withdrawn")
    private static let location = ListOption("location", .text, "a place that its value must be in")
    private static let note = Option("note", .text, "anything else")
    private static let reason = Option("reason", .text, "why, for the security log")
    private static let asIs = NewToken.asIs
    private static let clean = NewToken.clean
    private static let force = Flag("force", letter: "f", "replace an entry that is there")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        var fields = FieldChanges(now: session.now)
        try applyOptions(&fields)
        let entry = try newEntry()
        let token = try NewToken.ask(for: entry.name, session: session, arguments)
        try complete(&fields, for: token)
        let content = try content(token, fields)
        // One that cannot be read is replaced all the same.
        let old = try? StoredEntry(entry.name, session: session).text.source
        try entry.put(
            content, replacing: old, subject: CommitSubject.insert(Text(entry.name.bytes)),
            reason: arguments[Self.reason])
        session.store.rememberEnd(of: content, insteadOf: old)
        report(entry, token, TokenMetadata(EntryText(content)))
        return .done
    }

    private func newEntry() throws -> NewEntry {
        let entry = try NewEntry(arguments[Self.name], session: session)
        if !arguments[Self.force], try FileStatus(of: entry.file) != nil {
            guard Prompt.isInteractive else {
                throw Problem(
                    "\(entry.name) exists already",
                    hints: [
                        "\(session.program) token set \(ShellWord.text(entry.name.bytes)) --secret",
                        arguments.commandLine(adding: "--force"),
                    ])
            }
            try entry.askToReplace(forced: false)
        }
        try entry.prepareFolder()
        return entry
    }

    // MARK: Fields

    private func applyOptions(_ fields: inout FieldChanges) throws {
        let given: [(TokenField, Option<Text>)] = [
            (.kind, Self.kind), (.scope, Self.scope), (.url, Self.url),
            (.username, Self.username), (.expires, Self.expires),
            (.rotateEvery, Self.rotateEvery), (.owner, Self.owner), (.usedBy, Self.usedBy),
            (.revokeURL, Self.revokeURL), (.note, Self.note),
        ]
        for (field, option) in given {
            guard let typed = arguments[option] else { continue }
            fields.set(field, try fields.value(typed, for: field).map { [$0] } ?? [])
        }
        let locations = try arguments[Self.location].compactMap {
            try fields.value($0, for: .location)
        }
        if !locations.isEmpty { fields.set(.location, locations) }
    }

    /// What the token implies, and what the user answers.
    private func complete(_ fields: inout FieldChanges, for token: NewToken) throws {
        if let finding = token.finding, finding.certainty == .certain {
            for (field, value) in finding.implied where !fields.mentions(field) {
                fields.set(field, [value])
            }
            if let projects = finding.claims.first(where: { $0.name == "projects" }),
                !fields.mentions(.scope)
            {
                fields.set(.scope, ["projects \(projects.values.joined(separator: ", "))"])
            }
        }
        if Prompt.isInteractive, token.isOneLine {
            if let finding = token.finding { session.output.error("looks like: \(finding.title)") }
            if token.finding?.expires == nil { try ask(.expires, &fields) }
            for field in [TokenField.kind, .scope, .rotateEvery, .owner] { try ask(field, &fields) }
        }
        fields.set(.created, [Day(second: session.now).spelling])
        guard !fields.mentions(.expires) else { return }
        let span = fields.values.first { $0.field == .rotateEvery }?.values.last
        let end = TokenMetadata.end(
            of: token.finding, made: session.now,
            rotateEvery: span.flatMap { TimeSpan($0.bytes) })
        if let end { fields.set(.expires, [end.spelling]) }
    }

    /// Asks for a field that is not known, until the answer is one or empty.
    private func ask(_ field: TokenField, _ fields: inout FieldChanges) throws {
        guard !fields.mentions(field) else { return }
        let form: Text = field == .expires || field == .rotateEvery ? ", such as 90d" : ""
        while true {
            let answer = try Prompt(output: session.output).visible(
                "\(field.key)\(form) (empty for none): ")
            let typed = answer.withBytes { Text($0.trimmingBlanks) }
            do {
                if let value = try fields.value(typed, for: field) { fields.set(field, [value]) }
                return
            } catch let problem as Problem {
                session.warn(problem)
            }
        }
    }

    private func content(_ token: NewToken, _ fields: FieldChanges) throws -> Secret {
        let plain = Secret(joining: [token.secret, Secret(plain: "\n")])
        guard !EntryText(plain).isOpaque else {
            session.warn(Problem("a document is stored as it is, without fields"))
            return plain
        }
        do {
            return try TokenField.allCases.reduce(plain) { content, field in
                guard let change = fields.values.first(where: { $0.field == field }),
                    !change.values.isEmpty
                else { return content }
                return try EntryText(content).setting(field, to: change.values)
            }
        } catch is EntryText.NotEditable {
            throw Problem(
                "a token of several lines that is no whole block cannot have fields",
                hints: ["\(session.program) insert -m NAME"])
        }
    }

    private func report(_ entry: NewEntry, _ token: NewToken, _ metadata: TokenMetadata) {
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(entry.name), "kind": .text(metadata[.kind].last),
                "last4": .text(MaskedSecret(token.secret).lastFour),
                "expires": .text(metadata[.expires].last),
            ])
            return
        }
        for field in TokenField.allCases {
            for value in metadata[field] { session.output.line("\(field.key): \(value)") }
        }
    }
}

extension NewToken {
    /// Whether fields can be asked for in the same breath.
    fileprivate var isOneLine: Bool { secret.withBytes { !$0.contains(.newline) } }
}
