import PasselCore

/// `backend ls`: which backends this machine knows.
struct BackendLs: Command {
    static let word = "ls"
    static let summary = "list the kinds of places that are set up"
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let entries = try Backends(session: session).list().entries
        if arguments[Flag.json] {
            let report = BackendReport(session: session)
            session.output.json(["backends": .array(entries.map(report.json))])
            return .done
        }
        var table = Table("NAME", "TYPE", "SETTINGS")
        for entry in entries {
            table.add(
                Styled(entry.name.text, .strong), Styled(entry.type.text),
                Styled(entry.settings.map(\.spelling).joined(separator: " "), .faint))
        }
        table.print(session)
        return .done
    }
}
