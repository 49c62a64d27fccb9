import PasselCore
import PasselPosix

/// `token inspect`: what a token's text alone tells of it.
struct TokenInspect: Command {
    static let word = "inspect"
    static let summary = "tell what can be known of a token from its text alone"
    static let discussion = """
        Nothing is sent anywhere. What the token says of itself is marked as unverified: whether \
        it is still good, and who made it, only its issuer can tell. The status is 4 when \
        something is wrong with it.
        """
    static let parameters: [any Parameter] = [name, Flag.json]
    private static let name = OptionalOperand(
        "NAME", .entry, "the entry with the token; without it, or with -, standard input")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let pasted = PastedToken(try token())
        guard !pasted.clean.isEmpty else { throw Problem("there is no token to look at") }
        let report = TokenReport(pasted, now: session.now)
        if arguments[Flag.json] {
            session.output.json(report.json)
        } else {
            report.table.print(session)
            for warning in report.warnings { session.warn(Problem(warning)) }
        }
        return report.warnings.isEmpty ? .done : .needsAttention
    }

    private func token() throws -> Secret {
        if let name = arguments[Self.name], name.bytes != "-".bytes {
            let entry = try StoredEntry(name, session: session)
            // The CR at the line's end is copied along with the secret.
            let isCRLF = entry.text.units.first?.end == .crlf
            return Secret(joining: [entry.secret, Secret(plain: isCRLF ? "\r" : "")])
        }
        let prompt = Prompt(output: session.output)
        return Prompt.isInteractive ? try prompt.pasted("Token: ") : try prompt.everything()
    }
}

extension Prompt {
    /// A line that does not appear, and the line end for the terminal.
    func pasted(_ question: Text) throws -> Secret {
        defer { if Self.isInteractive { output.prompt("\n") } }
        return try hidden(question)
    }
}
