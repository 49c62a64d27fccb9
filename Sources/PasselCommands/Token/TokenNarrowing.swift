import PasselCore
import PasselStore

/// What a token is narrowed to before it is handed out: projects, and a time.
struct TokenNarrowing {
    private let projects: [Text]
    private let times: (notBefore: Instant, expires: Instant)?

    /// What the options say.
    ///
    /// - Throws: a usage error when they cannot be meant.
    init(
        projects: [Text], expires: TokenTime?, notBefore: TokenTime? = nil, _ arguments: Arguments,
        now: Int64
    ) throws {
        for name in projects where !PyPIToken.isProjectName(name) {
            throw arguments.problem("\(ShellWord.text(name.bytes)) is not the name of a project")
        }
        self.projects = projects
        guard let expires = expires?.instant(now: now) else {
            guard notBefore == nil else { throw arguments.problem("--not-before needs --expires") }
            times = nil
            return
        }
        // For clocks that are not quite right.
        let start = notBefore?.instant(now: now) ?? Instant(second: now - 60)
        guard expires.second > now else {
            throw arguments.problem("--expires is not in the future")
        }
        guard start < expires else { throw arguments.problem("--not-before is not before the end") }
        times = (start, expires)
    }

    /// What the form of an exported file says.
    init(_ form: ExportForm, now: Int64) {
        projects = form.projects
        times = form.lifetime.map { (Instant(second: now - 60), Instant(second: now + $0)) }
    }

    /// Whether a token stays as it is.
    var isEmpty: Bool { projects.isEmpty && times == nil }

    /// A narrower token of the one that an entry holds; the security log is told of it.
    ///
    /// - Throws: a `Problem` when it holds none, or one that nobody could use would be made.
    func narrow(_ secret: Secret, _ name: Path, _ session: Session) throws -> Secret {
        let narrowed = try made(of: secret, name, session)
        record(narrowed, of: secret, name, session)
        return narrowed
    }

    /// As above, and the log is told by who hands it out.
    func made(of secret: Secret, _ name: Path, _ session: Session) throws -> Secret {
        guard let token = PyPIToken(PastedToken(secret).clean) else {
            throw Problem(
                "\(name) holds no PyPI token, or a damaged one",
                hints: ["\(session.program) token inspect \(ShellWord.text(name.bytes))"])
        }
        try check(token, name, session)
        return token.narrowed(to: projects, times: times)
    }

    private func check(_ token: PyPIToken, _ name: Path, _ session: Session) throws {
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

    /// What it comes to, as the log has it.
    var limits: Text {
        let limits =
            (projects.isEmpty ? [] : ["projects \(projects.joined(separator: ", "))" as Text])
            + (times.map { ["until \($0.expires.spelling)"] } ?? [])
        return limits.joined(separator: ", ")
    }

    /// What could not be recorded is handed out all the same: a machine that may only read the store
    /// has its use for it.
    private func record(_ narrowed: Secret, of secret: Secret, _ name: Path, _ session: Session) {
        var draft = EventDraft(.narrowed, name)
        draft.oldLastFour = secret.lastFour
        draft.newLastFour = narrowed.lastFour
        draft.result = limits
        do {
            try session.store.record(draft)
        } catch let problem as Problem {
            session.warn(Problem("it is not in the security log: \(problem.message)"))
        } catch {
            session.warn(Problem("it is not in the security log"))
        }
    }
}
