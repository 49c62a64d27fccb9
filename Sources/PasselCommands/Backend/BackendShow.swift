import PasselCore

/// `backend show`: how a backend is set up.
struct BackendShow: Command {
    static let word = "show"
    static let summary = "show how a kind of place is set up"
    static let parameters: [any Parameter] = [name, Flag.json]
    private static let name = Operand("NAME", .backend, "what locations call it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let entry = try Backends(session: session).entry(arguments[Self.name])
        BackendReport(session: session).show(entry, json: arguments[Flag.json])
        return .done
    }
}
