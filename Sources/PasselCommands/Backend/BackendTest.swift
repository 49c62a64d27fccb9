import PasselCore

/// `backend test`: whether a backend answers, and what it can do.
struct BackendTest: Command {
    static let word = "test"
    static let summary = "ask a backend whether it is there and takes the credentials"
    static let parameters: [any Parameter] = [name, Flag.json]
    private static let name = Operand("NAME", .backend, "what locations call it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[Self.name]
        let able: BackendCapabilities
        do {
            able = try Backends(session: session).setup(name).connect().capabilities
        } catch let failure as BackendFailure {
            throw failure.problem(of: name, program: Text(session.program))
        }
        let abilities: [(String, Bool)] = [
            ("read", able.reads), ("look", able.looks && !able.reads), ("list", able.lists),
            ("delete", able.deletes),
            ("compare", able.compares),
        ]
        if arguments[Flag.json] {
            session.output.json([
                "name": .string(name.text),
                "can": .array(abilities.filter(\.1).map { .string(Text($0.0.utf8)) }),
                "largest": able.largest.map { .int(Int64($0)) } ?? .null,
            ])
        } else {
            let words = (["write"] + abilities.filter(\.1).map(\.0)).joined(separator: ", ")
            session.output.line("\(name.text): ready; can \(words)")
        }
        return .done
    }
}
