import PasselCore
import PasselStore

/// `recipients review`: shows what changed since it was acknowledged, and accepts or refuses it.
struct RecipientsReview: Command {
    static let word = "review"
    static let summary = "accept or refuse changed recipients"
    static let discussion = """
        Shows each change of the roster, of a list or of a key that this machine has not \
        acknowledged: who joins and leaves, who committed it and when. Compare fingerprints with \
        their owners before you accept. Refusing puts back, as a new commit, what was acknowledged.

        On a terminal it asks. Otherwise it changes nothing without --accept or --refuse, and the \
        status is 4 while something is open.
        """
    static let parameters: [any Parameter] = [accept, refuse, Flag.json]
    private static let accept = Flag("accept", letter: "a", "acknowledge everything that is shown")
    private static let refuse = Flag("refuse", letter: "r", "put back what was acknowledged")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        guard !(arguments[Self.accept] && arguments[Self.refuse]) else {
            throw arguments.problem("--accept and --refuse exclude each other")
        }
        let review = try session.store.review()
        var healing = Healing()
        var state = review.differences.isEmpty ? "acknowledged" : "pending"
        if !arguments[Flag.json] { show(review) }
        if review.differences.isEmpty {
            // Nothing is left to be decided.
        } else if arguments[Self.refuse] {
            try session.store.refuse(review)
            state = "refused"
        } else if try arguments[Self.accept] || isAccepted(review) {
            healing = try session.store.accept(review)
            state = "accepted"
        }
        if arguments[Flag.json] { session.output.json(json(review, state)) }
        if state == "accepted" { session.output.error("acknowledged") }
        if state == "refused" { session.output.error("put back") }
        for name in healing.healed { session.output.error("healed: \(name)") }
        for (name, problem) in healing.remaining {
            session.warn(Problem("\(name) stays as it is: \(problem.message)"))
        }
        guard state == "pending" else { return healing.remaining.isEmpty ? .done : .inPart }
        tellObstacles(review)
        let words = (review.isAcceptable ? ["accept"] : []) + (review.isRefusable ? ["refuse"] : [])
        for word in words {
            session.hint("\(word): \(session.program) recipients review --\(word)")
        }
        return .needsAttention
    }

    /// What to do about two changes that others have to merge.
    private func tellObstacles(_ review: Review) {
        for difference in review.differences where difference.kind == .diverged {
            for hint in difference.obstacle?.hints ?? [] {
                session.hint(hint)
            }
        }
    }

    /// Asks on a terminal; elsewhere nothing is accepted without being told to.
    private func isAccepted(_ review: Review) throws -> Bool {
        let prompt = Prompt(output: session.output, input: session.input)
        guard review.isAcceptable, !arguments[Flag.json], prompt.canAsk else { return false }
        do {
            try prompt.confirm("Have you compared the fingerprints, and do you accept?")
            return true
        } catch is Problem {
            return false
        }
    }

    private func show(_ review: Review) {
        let output = session.output
        guard !review.differences.isEmpty else {
            return output.line("Everything is as you have acknowledged it.")
        }
        for difference in review.differences {
            output.line("\(difference.what):")
            if let origin = difference.origin {
                output.line(
                    "  by \(origin.author) on \(Day(second: origin.time).spelling), commit \(origin.commit): \(origin.subject)"
                )
            } else {
                output.line("  not committed")
            }
            for who in difference.added { output.line("  + \(who)") }
            for who in difference.removed { output.line("  - \(who)") }
            for who in difference.changed { output.line("    \(who)") }
            if let obstacle = difference.obstacle {
                output.line("  cannot be accepted: \(obstacle.message)")
            }
        }
    }

    private func json(_ review: Review, _ state: String) -> JSON {
        func people(_ texts: [Text]) -> JSON { .array(texts.map { ["who": .string($0)] }) }
        return [
            "state": .string(Text(state.utf8)),
            "differences": .array(
                review.differences.map { difference in
                    [
                        "kind": .string(Text(Self.word(difference.kind).utf8)),
                        "what": .string(difference.what),
                        "folder": difference.folder.map { .string(Text($0.bytes)) } ?? .null,
                        "added": people(difference.added), "removed": people(difference.removed),
                        "changed": people(difference.changed),
                        "author": difference.origin.map { .string($0.author) } ?? .null,
                        "date": difference.origin.map {
                            .string(Day(second: $0.time).spelling)
                        } ?? .null,
                        "commit": difference.origin.map { .string($0.commit) } ?? .null,
                        "obstacle": difference.obstacle.map { .string($0.message) } ?? .null,
                    ]
                }),
        ]
    }

    private static func word(_ kind: Review.Difference.Kind) -> String {
        switch kind {
        case .firstRoster, .roster: "roster"
        case .diverged: "diverged"
        case .badRoster: "bad_roster"
        case .list: "list"
        case .key: "key"
        }
    }
}
