import PasselCore
import PasselStore

/// `token attenuate`: a token that may do less and ends by itself, made of another.
struct TokenAttenuate: Command {
    static let word = "attenuate"
    static let summary = "make a narrower token of a PyPI token, without the network"
    static let discussion = """
        The new token is good for the projects and the time only, of what the stored one is good \
        for; nobody can widen it again. Withdrawing the stored one withdraws it too. It is not \
        stored anywhere; the security log has its last four characters. Without a time to begin \
        with it is good from a minute ago on, for clocks that are not quite right.
        """
    static let parameters: [any Parameter] = [name, projects, expires, notBefore, clip, Flag.json]
    private static let name = Operand("NAME", .entry, "the entry with the token")
    private static let projects = ListOption(
        "project", letter: "p", .text, "good for this project only, and others so given")
    private static let expires = Option("expires", letter: "e", .time, "good until then")
    private static let notBefore = Option("not-before", .time, "good from then on")
    private static let clip = Flag("clip", letter: "c", "copy it to the clipboard")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let narrowing = try TokenNarrowing(
            projects: arguments[Self.projects], expires: arguments[Self.expires],
            notBefore: arguments[Self.notBefore], arguments, now: session.now)
        guard !narrowing.isEmpty else {
            throw arguments.problem("say how to narrow it: --project or --expires")
        }
        // Nothing is to be recorded of a token that then cannot be handed out.
        if arguments[Self.clip] { _ = try ClipboardTools(session.settings) }
        let entry = try StoredEntry(arguments[Self.name], session: session)
        let narrowed = try narrowing.narrow(entry.secret, entry.name, session)
        try present(narrowed, entry.name)
        return .done
    }

    private func present(_ narrowed: Secret, _ name: Path) throws {
        let finding = narrowed.tokenFinding
        if arguments[Self.clip] {
            try Clipboard(session: session).copy(
                narrowed, label: "a narrower \(name)", aside: arguments[Flag.json])
        }
        if arguments[Flag.json] {
            let members: JSON = [
                "name": .path(name), "last4": .text(finding?.lastFour),
                "projects": .array(
                    (PyPIToken(narrowed)?.projects ?? []).map { .string($0) }),
                "not_before": .text(finding?.notBefore?.spelling),
                "expires": .text(finding?.expires?.spelling),
            ]
            session.output.json(members, secret: arguments[Self.clip] ? nil : ("token", narrowed))
        } else if !arguments[Self.clip] {
            session.output.secret(Secret(joining: [narrowed, Secret(plain: "\n")]))
        }
        if session.output.errorIsTerminal, let end = finding?.expires {
            session.output.error(
                "good until \(end.spelling), \(Remaining(end.second, session.now).text)")
        }
    }
}

extension Output {
    /// A JSON object with a secret as its first member, which must be letters that need no escape;
    /// the secret stays in its memory.
    func json(_ object: JSON, secret: (key: String, value: Secret)?) {
        guard let secret else { return json(object) }
        let start = "{\n"
        self.secret(
            Secret(joining: [
                Secret(plain: "\(start)  \"\(secret.key)\": \""), secret.value,
                Secret(plain: "\",\n"),
                Secret(
                    plain: String(
                        decoding: object.text.bytes.dropFirst(start.utf8.count), as: UTF8.self)),
            ]))
    }
}
