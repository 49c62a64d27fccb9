import PasselCore
import PasselStore

/// `rotate`: another secret for an entry, carried to every place that has it.
struct Rotate: Command {
    static let word = "entry"
    static let summary = "replace a secret in the store and in every place that has it"
    static let discussion = """
        The new secret is kept as NAME.next before anything else is done; every place that the \
        entry names gets it; then the entry itself, and the old secret is kept as NAME.prev until \
        it is revoked: after a day, or --grace. Each step is a commit, and whatever ends it, \
        --resume goes on and --abort brings the old secret back. With --emergency the old secret \
        is revoked first, and places get the new one in the order in which the entry names them. \
        With --offboard it is done for one entry after the other that somebody who left could read, \
        and that still has the same secret. The status is 3 as long as a place is left without the \
        new secret.
        """
    static let parameters: [any Parameter] = [
        name, offboard, reason, emergency, generate, expires, grace, atOnce, resume, abort, replace,
        dryRun, NewToken.asIs, NewToken.clean, Flag.yes, Flag.json,
    ]
    static let name = OptionalOperand("NAME", .entry, "the entry that gets another secret")
    static let offboard = Option(
        "offboard", .member, "every entry that this person, who left, knows the secret of")
    static let reason = Option("reason", letter: "r", .text, "why, for the security log")
    static let emergency = Flag("emergency", letter: "e", "the old secret is known to others")
    static let generate = Flag("generate", letter: "g", "make a random secret, as generate does")
    static let expires = Option(
        "expires", .text, "when the new one ends: a day, an instant, or a time span such as 90d")
    static let grace = Option(
        "grace", .span, "how long the old one works on; 24h unless said otherwise")
    static let atOnce = Flag("now", "revoke the old one without waiting")
    static let resume = Flag("resume", "go on with what was begun")
    static let abort = Flag("abort", "bring the old secret back everywhere")
    static let replace = Flag("replace", "also in the place of what did not come from here")
    static let dryRun = Flag("dry-run", letter: "n", "only say what would be done")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        try refuseMixtures()
        if let member = arguments[Self.offboard] {
            return try OffboardingRotation(session: session, arguments: arguments).run(for: member)
        }
        guard let name = arguments[Self.name] else {
            throw arguments.problem("NAME is missing: say which entry gets another secret")
        }
        // What a kill left half done is done first, so that it is known how far it came.
        if !arguments[Self.dryRun] { try session.store.exclusively {} }
        let kept = try KeptRotation(of: name, session: session)
        let rotation = try Rotation(name, session: session, arguments)
        if arguments[Self.resume] || arguments[Self.abort] {
            guard let kept else {
                throw Problem(
                    "no rotation of \(name) is under way",
                    hints: ["\(session.program) rotate \(ShellWord.text(name.bytes))"])
            }
            return try arguments[Self.abort] ? rotation.abort(kept) : rotation.resume(kept)
        }
        if let kept {
            let word = ShellWord.text(name.bytes)
            throw Problem(
                "a rotation of \(name) is under way since \(kept.record.since.spelling)",
                hints: [
                    "\(session.program) rotate \(word) --resume",
                    "\(session.program) rotate \(word) --abort",
                ])
        }
        return try arguments[Self.dryRun] ? rotation.plan() : rotation.begin()
    }

    private func refuseMixtures() throws {
        if arguments[Self.offboard] != nil {
            guard arguments[Self.name] == nil else {
                throw arguments.problem("--offboard finds the entries itself; leave out NAME")
            }
            for flag in [Self.resume, Self.abort, Self.dryRun, Flag.json] where arguments[flag] {
                throw arguments.problem("\(flag.shape.label) is for one entry, not for --offboard")
            }
        }
        let going = [Self.resume, Self.abort].filter { arguments[$0] }
        if going.count > 1 { throw arguments.problem("--resume and --abort exclude each other") }
        guard let one = going.first else { return }
        let isGiven =
            arguments[Self.emergency] || arguments[Self.dryRun] || arguments[Self.grace] != nil
            || arguments[Self.reason] != nil
        if isGiven {
            throw arguments.problem(
                "\(one.shape.label) goes on as it was begun, without --emergency, --dry-run, --grace and --reason"
            )
        }
    }
}
