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
        let projects = try wantedProjects()
        guard !projects.isEmpty || arguments[Self.expires] != nil else {
            throw arguments.problem("say how to narrow it: --project or --expires")
        }
        let times = try wantedTimes()
        // Nothing is to be recorded of a token that then cannot be handed out.
        if arguments[Self.clip] { _ = try ClipboardTools(session.settings) }
        let entry = try StoredEntry(arguments[Self.name], session: session)
        guard let token = PyPIToken(PastedToken(entry.secret).clean) else {
            throw Problem(
                "\(entry.name) holds no PyPI token, or a damaged one",
                hints: ["\(session.program) token inspect \(ShellWord.text(entry.name.bytes))"])
        }
        try check(token, entry.name, projects, times)
        let narrowed = token.narrowed(to: projects, times: times)
        record(narrowed, of: entry, projects, times?.expires)
        try present(narrowed, entry.name)
        return .done
    }

    private func wantedProjects() throws -> [Text] {
        let projects = arguments[Self.projects]
        for name in projects where !PyPIToken.isProjectName(name) {
            throw arguments.problem("\(ShellWord.text(name.bytes)) is not the name of a project")
        }
        return projects
    }

    private func wantedTimes() throws -> (notBefore: Instant, expires: Instant)? {
        let now = session.now
        guard let expires = arguments[Self.expires]?.instant(now: now) else {
            guard arguments[Self.notBefore] == nil else {
                throw arguments.problem("--not-before needs --expires")
            }
            return nil
        }
        let start = arguments[Self.notBefore]?.instant(now: now) ?? Instant(second: now - 60)
        guard expires.second > now else {
            throw arguments.problem("--expires is not in the future")
        }
        guard start < expires else { throw arguments.problem("--not-before is not before the end") }
        return (start, expires)
    }

    /// A token that nobody could use is not handed out.
    private func check(
        _ token: PyPIToken, _ name: Path, _ projects: [Text],
        _ times: (notBefore: Instant, expires: Instant)?
    ) throws {
        if let end = token.expires {
            guard end.second > session.now else { throw Problem("\(name) expired \(end.spelling)") }
            if let times, times.notBefore >= end {
                throw Problem("\(name) itself ends \(end.spelling), before that time")
            }
            if let times, times.expires > end {
                session.warn(Problem("\(name) itself ends \(end.spelling), and this one with it"))
            }
        }
        guard let allowed = token.projects else { return }
        for project in projects where !allowed.contains(PyPIToken.normalised(project)) {
            throw Problem(
                "\(name) is good for \(allowed.joined(separator: ", ")) only, not for \(project)")
        }
    }

    /// What could not be recorded is handed out all the same: a machine that may only read the store
    /// has its use for it.
    private func record(
        _ narrowed: Secret, of entry: StoredEntry, _ projects: [Text], _ end: Instant?
    ) {
        var draft = EventDraft(.narrowed, entry.name)
        draft.oldLastFour = entry.secret.lastFour
        draft.newLastFour = narrowed.lastFour
        let limits =
            (projects.isEmpty ? [] : ["projects \(projects.joined(separator: ", "))" as Text])
            + (end.map { ["until \($0.spelling)"] } ?? [])
        draft.result = limits.joined(separator: ", ")
        do {
            try session.store.record(draft)
        } catch let problem as Problem {
            session.warn(Problem("it is not in the security log: \(problem.message)"))
        } catch {
            session.warn(Problem("it is not in the security log"))
        }
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
