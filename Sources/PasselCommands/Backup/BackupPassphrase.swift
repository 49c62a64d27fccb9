import PasselCore

/// The passphrase of a backup, typed on the terminal or given as the first line of standard input.
enum BackupPassphrase {
    /// For a command that opens a backup.
    static let opening = Flag(
        "passphrase", "open it by its passphrase, which is asked for or read from standard input")
    /// For a command that makes one.
    static let making = Flag(
        "passphrase",
        "let a passphrase open it, too; it is asked for, or read from standard input")

    /// The passphrase that is asked for, if `flag` was given; a new one is asked for twice.
    static func read(
        _ flag: Flag, _ arguments: Arguments, _ session: Session, isNew: Bool
    ) throws -> Secret? {
        guard arguments[flag] else { return nil }
        return try asked(session, of: "the backup", isNew: isNew)
    }

    /// The passphrase of something, asked for; a new one twice.
    static func asked(_ session: Session, of what: Text, isNew: Bool) throws -> Secret {
        let prompt = Prompt(output: session.output)
        guard Prompt.isInteractive else { return try checked(prompt.line().secret) }
        guard isNew else {
            let passphrase = try prompt.hidden("Passphrase of \(what): ")
            session.output.error("")
            return try checked(passphrase)
        }
        let first = try prompt.hidden("Passphrase for \(what): ")
        session.output.error("")
        let second = try prompt.hidden("The same passphrase again: ")
        session.output.error("")
        guard first == second else { throw Problem("the passphrases are not the same") }
        return try checked(first)
    }

    private static func checked(_ passphrase: Secret) throws -> Secret {
        guard !passphrase.isEmpty else {
            throw Problem(
                "the passphrase is empty", hints: ["make a good one: passel generate backup 32"])
        }
        return passphrase
    }
}
