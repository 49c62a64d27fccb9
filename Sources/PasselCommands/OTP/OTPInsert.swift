import PasselCore
import PasselStore

/// `otp insert`: a new entry with a key to one-time passwords.
struct OTPInsert: Command {
    static let word = "insert"
    static let summary = "store a key to one-time passwords in an entry of its own"
    static let discussion = """
        The key is an otpauth:// URI, from a prompt or from standard input.
        """
    static let parameters: [any Parameter] = [
        name, OneTimeInput.secret, OneTimeInput.issuer, OneTimeInput.account, OneTimeInput.echo,
        OneTimeInput.force,
    ]
    private static let name = OptionalOperand(
        "NAME", .entry, "the entry for the key; without it, by issuer and account")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let given = arguments[Self.name]
        let input = OneTimeInput(session: session, arguments: arguments)
        let uri = try input.read(for: given.map { Text($0.bytes) } ?? "this token")
        let name = try given ?? derivedName(uri.key)
        let entry = try NewEntry(name, session: session)
        try entry.askToReplace(forced: arguments[OneTimeInput.force])
        try entry.prepareFolder()
        try entry.put(
            Secret(joining: [uri.source, Secret(plain: "\n")]),
            subject: CommitSubject.insertOneTimeKey(Text(name.bytes)))
        return .done
    }

    private func derivedName(_ key: OneTimeKey) throws -> Path {
        let issuer = key.issuer.map { "\($0)/" as Text } ?? ""
        let name = Path((issuer + key.account).bytes)
        try Prompt(output: session.output).confirm("Insert into \(name)?")
        return name
    }
}
