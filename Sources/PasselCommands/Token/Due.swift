import PasselCore
import PasselStore

/// `due`: which tokens end soon.
struct Due: Command {
    static let word = "due"
    static let summary = "list tokens that expire or are to be replaced soon"
    static let discussion = """
        The status is 4 if a token is overdue, else 3 if entries could not be read, but for those \
        that are encrypted to others only. --prompt \
        prints how many tokens are due, with a ! behind it if one is overdue, and nothing if none \
        is; it decrypts nothing, but tells what “due” and “token ls” last saw of the whole store, \
        and token add and token set since.
        """
    static let parameters: [any Parameter] = [
        folder, within, prompt, calendar, output, Flag.json,
    ]
    private static let folder = OptionalOperand(
        "FOLDER", .folder, "the folder; without it, the whole store")
    private static let within = Option(
        "within", letter: "w", .span, "due within this time; 30d unless said otherwise")
    private static let prompt = Flag("prompt", letter: "p", "a short word for a shell's prompt")
    private static let calendar = Flag("calendar", "print all ends as a calendar (iCalendar)")
    private static let output = Option(
        "output", letter: "o", .file, "write the calendar into this file")

    private static let usualSpan: Int64 = 30 * 86_400
    /// So many days before a token ends the calendar reminds of it.
    private static let reminder: Int64 = 7

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        try checkOptions()
        if arguments[Self.prompt] { return runPrompt() }
        let catalogue = try TokenCatalogue(
            below: arguments[Self.folder] ?? "", session: session)
        let now = session.now
        var ending = catalogue.tokens.compactMap { token in token.life.map { (token, $0) } }
        if arguments[Self.within] != nil || !arguments[Self.calendar] {
            ending = ending.filter { $0.1.end.second <= now + span }
        }
        ending.sort {
            $0.1.end.second != $1.1.end.second
                ? $0.1.end.second < $1.1.end.second : $0.0.name.bytes.precedes($1.0.name.bytes)
        }
        if arguments[Self.calendar] {
            try write(
                CalendarFile(
                    ending.map { item($0.0, $0.1) }, made: Instant(second: now),
                    reminder: Self.reminder))
        } else if arguments[Flag.json] {
            session.output.json(
                .object(
                    [.init("tokens", .array(ending.map { $0.0.json(at: now) }))]
                        + catalogue.entries.unreadMembers))
        } else {
            table(ending).print(session)
        }
        if !arguments[Flag.json] { catalogue.entries.tellUnread(session) }
        let isOverdue = ending.contains { $0.1.isOver(at: now) }
        if isOverdue, !arguments[Self.calendar] { return .needsAttention }
        return catalogue.entries.status
    }

    private var span: Int64 { arguments[Self.within]?.seconds ?? Self.usualSpan }

    private func checkOptions() throws {
        let forms = [Self.prompt, Self.calendar, Flag.json].filter { arguments[$0] }
        if forms.count > 1 {
            throw arguments.problem(
                "\(forms[0].shape.label) and \(forms[1].shape.label) exclude each other")
        }
        if arguments[Self.output] != nil, !arguments[Self.calendar] {
            throw arguments.problem("--output is for --calendar")
        }
        if arguments[Self.prompt], arguments[Self.folder] != nil {
            throw arguments.problem("--prompt is about the whole store")
        }
    }

    /// A prompt stays silent where nothing is known.
    private func runPrompt() -> ExitStatus {
        let now = session.now
        let ends = session.store.dueSummary()?.ends.filter { $0 <= now + span } ?? []
        if !ends.isEmpty {
            session.output.line("\(ends.count)\(ends.contains { $0 <= now } ? "!" : "")")
        }
        return .done
    }

    // MARK: - Forms

    private func table(_ ending: [(KnownToken, TokenLife)]) -> Table {
        var table = Table("NAME", "KIND", "OWNER", "WHAT", "DUE", .right("DAYS LEFT"))
        for (token, life) in ending {
            let days = life.daysLeft(at: session.now)
            table.add(
                Styled(Text(token.name.bytes), .strong),
                Styled(token.kind ?? ""),
                Styled(token.metadata[.owner].last ?? ""),
                Styled(Text(life.kind.rawValue.utf8)), Styled(life.end.spelling),
                Styled("\(days)", life.isOver(at: session.now) ? .bad : .warning))
        }
        return table
    }

    private func item(_ token: KnownToken, _ life: TokenLife) -> CalendarFile.Item {
        let what: Text =
            switch life.kind {
            case .expires: "expires"
            case .rotate: "is to be replaced"
            }
        let fields: [TokenField] = [.kind, .scope, .owner, .usedBy, .revokeURL]
        return CalendarFile.Item(
            id: String(
                Digest(of: Array("\(life.kind.rawValue) ".utf8) + token.name.bytes)
                    .hex.prefix(32)),
            date: life.end, title: "\(token.name) \(what)",
            details: fields.flatMap { field in
                token.metadata[field].map { "\(field.key): \($0)" }
            })
    }

    private func write(_ calendar: CalendarFile) throws {
        guard let file = arguments[Self.output] else {
            return session.output.write(calendar.content)
        }
        try PrivateFile.replace(file, by: calendar.content)
    }
}
