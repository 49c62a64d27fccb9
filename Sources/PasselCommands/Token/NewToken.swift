import PasselCore

/// A token that the user hands over, and what is known of it.
struct NewToken {
    let secret: Secret
    let finding: TokenFinding?

    static let asIs = Flag("as-is", "store it with blanks and line ends that came along with it")
    static let clean = Flag("clean", "leave out blanks and line ends that came along with it")

    /// Asks for it on a terminal, or reads all of standard input, and points out what is wrong.
    ///
    /// - Throws: a `Problem` when it is empty, or when it has flaws and nobody can be asked; a silent
    ///   one when the user declines.
    static func ask(for name: Path, session: Session, _ arguments: Arguments) throws -> NewToken {
        guard !(arguments[asIs] && arguments[clean]) else {
            throw arguments.problem("--as-is and --clean exclude each other")
        }
        let prompt = Prompt(output: session.output)
        let typed =
            Prompt.isInteractive
            ? try prompt.pasted("Token for \(name): ") : try prompt.everything()
        let pasted = PastedToken(typed)
        guard !pasted.clean.isEmpty else { throw Problem("there is no token to store") }
        let secret = try pasted.flaws.isEmpty ? pasted.clean : chosen(pasted, session, arguments)
        let token = NewToken(secret: secret, finding: secret.tokenFinding)
        for warning in token.finding?.warnings ?? [] { session.warn(Problem("it \(warning)")) }
        return token
    }

    private static func chosen(
        _ pasted: PastedToken, _ session: Session, _ arguments: Arguments
    ) throws -> Secret {
        for flaw in pasted.flaws { session.warn(Problem("\(flaw.text) came along with it")) }
        if arguments[asIs] { return pasted.given }
        if arguments[clean] { return pasted.clean }
        let prompt = Prompt(output: session.output, input: session.input)
        guard prompt.canAsk else {
            throw Problem(
                "the token is not stored as it is, for it would probably not work",
                hints: [
                    arguments.commandLine(adding: "--clean"),
                    arguments.commandLine(adding: "--as-is"),
                ])
        }
        try prompt.confirm("Store it without?")
        return pasted.clean
    }
}
