import PasselCore
import PasselStore

/// `remote rm`: forgets a place to exchange with.
struct RemoteRemove: Command {
    static let word = "rm"
    static let summary = "forget a place to exchange with"
    static let discussion = "What is there stays there, and what came from it stays here."
    static let parameters: [any Parameter] = [name, Flag.json]
    private static let name = Operand("NAME", .remote, "what it is called")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        try session.store.removeRemote(arguments[Self.name])
        if arguments[Flag.json] {
            session.output.json(["remote": .string(arguments[Self.name])])
        }
        return .done
    }
}
