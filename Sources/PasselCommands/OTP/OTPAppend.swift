import PasselCore
import PasselStore

/// `otp append`: a key to one-time passwords for an entry that is there.
struct OTPAppend: Command {
    static let word = "append"
    static let summary = "add a key to one-time passwords to an entry, or replace it there"
    static let parameters: [any Parameter] = [
        name, OneTimeInput.secret, OneTimeInput.issuer, OneTimeInput.account, OneTimeInput.echo,
        OneTimeInput.force,
    ]
    private static let name = Operand("NAME", .entry, "the entry")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[Self.name]
        guard OTPFile.exists(name, session) else { throw Problem.pass("Passfile not found") }
        let entry = try OneTimeEntry(name, session: session)
        guard !entry.entry.text.isOpaque else { throw entry.entry.notEditable }
        if entry.hasURI, !arguments[OneTimeInput.force] {
            try Prompt(output: session.output).confirm(
                "An OTP secret already exists for \(name). Overwrite it?")
        }
        let uri = try OneTimeInput(session: session, arguments: arguments)
            .read(for: Text(name.bytes))
        try entry.entry.replace(
            by: entry.content(with: uri.source),
            subject: CommitSubject.appendOneTimeKey(Text(name.bytes), replacing: entry.hasURI))
        return .done
    }
}
