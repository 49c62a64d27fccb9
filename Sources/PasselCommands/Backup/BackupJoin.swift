import PasselCore

/// `backup join`: a passphrase out of its shares.
struct BackupJoin: Command {
    static let word = "join"
    static let summary = "print the passphrase that shares of it give"
    static let discussion = """
        The shares are asked for one after the other, in any order, or are the lines of standard \
        input. What is typed shows: nobody types that blindly. A mistyped share is told and asked \
        for again. The passphrase goes to standard output, such as to a command that opens a \
        backup: backup join | passel backup verify FILE --passphrase.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let shares = Prompt.isInteractive ? try asked() : try read()
        let passphrase = try PassphraseShare.join(shares)
        guard arguments[Flag.json] else {
            session.output.secret(Secret([.secret(passphrase), "\n"]))
            return .done
        }
        guard let text = passphrase.asJSONString else {
            throw Problem("the passphrase is not UTF-8, and JSON cannot hold it")
        }
        session.output.secret(Secret(["{\n  \"passphrase\": ", .secret(text), "\n}\n"]))
        return .done
    }

    private func asked() throws -> [PassphraseShare] {
        let prompt = Prompt(output: session.output)
        var shares: [PassphraseShare] = []
        while shares.count < shares.first?.need ?? 1 {
            let wanted: Text = shares.first.map { " of the \($0.need) that are needed" } ?? ""
            let line = try prompt.visible("Share \(shares.count + 1)\(wanted): ")
            // Nothing typed, or nothing more to come: what is there is too little.
            guard !line.isEmpty else { break }
            do {
                let share = try PassphraseShare(line)
                try share.refuse(beside: shares)
                shares.append(share)
            } catch let problem as Problem {
                session.warn(problem)
            }
        }
        return shares
    }

    private func read() throws -> [PassphraseShare] {
        let all = try Prompt(output: session.output).everything()
        var shares: [PassphraseShare] = []
        var number = 1
        while let line = all.line(number) {
            defer { number += 1 }
            guard line.withBytes({ $0.contains { !$0.isBlank && $0 != .carriageReturn } }) else {
                continue
            }
            do {
                let share = try PassphraseShare(line)
                try share.refuse(beside: shares)
                shares.append(share)
            } catch let problem as Problem {
                throw Problem("line \(number): \(problem.message)", hints: problem.hints)
            }
        }
        return shares
    }
}
