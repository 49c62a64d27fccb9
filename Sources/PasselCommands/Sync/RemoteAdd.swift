import PasselCore
import PasselStore

/// `remote add`: names a place to exchange with.
struct RemoteAdd: Command {
    static let word = "add"
    static let summary = "add a place to exchange the store with"
    static let discussion = """
        Nothing is fetched or pushed yet; passel sync does. The policy says what is exchanged: \
        sync both ways, push-only for a copy of yours, pull-only for what others keep.
        """
    static let parameters: [any Parameter] = [name, url, policy, Flag.json]
    private static let name = Operand("NAME", .newRemote, "what to call it, such as origin")
    private static let url = Operand("URL", .text, "where it is, as git takes it")
    private static let policy = Option(
        "policy", letter: "p", .choice(RemotePolicy.self, "POLICY"),
        "sync (both ways), push-only or pull-only")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let policy = arguments[Self.policy] ?? .sync
        try session.store.addRemote(
            arguments[Self.name], url: arguments[Self.url], policy: policy)
        if arguments[Flag.json] {
            session.output.json([
                "remote": .string(arguments[Self.name]),
                "policy": .string(Text(policy.rawValue.utf8)),
            ])
        } else {
            session.output.error("exchange with it: \(session.program) sync")
        }
        return .done
    }
}
