import PasselCore

/// `backend rm`: a backend that this machine knows no more.
struct BackendRemove: Command {
    static let word = "rm"
    static let summary = "forget how a kind of place is set up"
    static let parameters: [any Parameter] = [name, dryRun, Flag.json]
    private static let name = Operand("NAME", .backend, "what locations call it")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be forgotten")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let backends = Backends(session: session)
        let entry = try backends.entry(arguments[Self.name])
        if !arguments[Self.dryRun] { try backends.change { $0.remove(entry.name) } }
        if arguments[Flag.json] {
            session.output.json(BackendReport(session: session).json(entry))
        } else {
            session.output.line("removed: \(entry.name.text)")
        }
        return .done
    }
}
