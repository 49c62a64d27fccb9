import PasselCore
import PasselStore

/// `backup split`: the passphrase of a backup as shares for several people.
struct BackupSplit: Command {
    static let word = "split"
    static let summary = "split the passphrase of a backup into shares for several people"
    static let discussion = """
        Each share is a line of text. So many of them as are needed give the passphrase again, and \
        fewer tell nothing of it (Shamir's scheme): see backup join. The passphrase is asked for, \
        or read from standard input. With FILE it must be the one of that backup.
        """
    static let parameters: [any Parameter] = [file, shares, need, generate, Flag.json]
    private static let file = OptionalOperand("FILE", .file, "a backup that the passphrase opens")
    private static let shares = Option(
        "shares", .number(2...255), "how many shares there are to be: 5, if not given")
    private static let need = Option(
        "need", .number(2...255), "how many of them give the passphrase: 3, if not given")
    private static let generate = Flag(
        "generate", "make a passphrase, which nobody sees before the shares are joined")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let count = arguments[Self.shares] ?? 5
        let need = arguments[Self.need] ?? 3
        guard need <= count else {
            throw arguments.problem("\(need) shares cannot be needed where there are only \(count)")
        }
        let file = arguments[Self.file]
        if arguments[Self.generate], file != nil {
            throw arguments.problem("a new passphrase opens no backup that is there already")
        }
        let backup = try file.map { try BackupFile(checking: $0) }
        let passphrase =
            try arguments[Self.generate]
            ? Self.generated()
            : BackupPassphrase.asked(session, of: "the backup", isNew: backup == nil)
        try backup?.tryPassphrase(passphrase, with: session.gpg)
        let shares = try PassphraseShare.split(passphrase, into: count, need: need).map(\.line)
        if arguments[Flag.json] {
            let lines = shares.map { Secret(["    \"", .secret($0), "\""]) }
            session.output.exact(
                Secret(
                    ["{\n  \"need\": \(need),\n  \"shares\": [\n"]
                        + lines.flatMap { [.secret($0), ",\n"] as [ContentPiece] }.dropLast()
                        + ["\n  ]\n}\n"]))
            return .done
        }
        for share in shares { session.output.exact(Secret([.secret(share), "\n"])) }
        session.output.error(
            "any \(need) of these \(count) lines give the passphrase: \(session.program) backup join"
        )
        return .done
    }

    /// 125 bits of chance, in letters and digits that look different.
    private static func generated() throws -> Secret {
        let letters = try PasswordGenerator.password(
            length: 25, from: CharacterSet("a-z2-7".bytes))
        return Secret(
            (0..<5).flatMap { group in
                [.secret(letters.slice(group * 5..<group * 5 + 5)), "-"] as [ContentPiece]
            }.dropLast())
    }
}
