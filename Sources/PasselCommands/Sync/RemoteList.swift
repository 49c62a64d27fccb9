import PasselCore
import PasselGit
import PasselStore

/// `remote ls`: the places to exchange with, and how it went the last time.
struct RemoteList: Command {
    static let word = "ls"
    static let summary = "list the places to exchange with, and how it went the last time"
    static let discussion = "The network is not asked."
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let remotes = try session.store.remotes()
        if arguments[Flag.json] {
            session.output.json(["remotes": .array(remotes.map(json))])
            return .done
        }
        var table = Table("REMOTE", "POLICY", "LAST", "STATE", "URL")
        for remote in remotes {
            let last: Text = remote.state.success.map { Day(second: $0).spelling } ?? "never"
            table.add(
                Styled(remote.name, .strong), Styled(Text(remote.policy.rawValue.utf8)),
                Styled(last), state(remote), Styled(remote.shownURL))
        }
        table.print(session)
        return .done
    }

    private func state(_ remote: Store.Remote) -> Styled {
        if let message = remote.state.message { return Styled("failed: \(message)", .bad) }
        return remote.state.success == nil ? Styled("new") : Styled("ok", .good)
    }

    private func json(_ remote: Store.Remote) -> JSON {
        [
            "remote": .string(remote.name),
            "url": .string(remote.shownURL),
            "policy": .string(Text(remote.policy.rawValue.utf8)),
            "state": remote.state.failure != nil
                ? "failed" : remote.state.success == nil ? "new" : "ok",
            "last_success": remote.state.success.map { .int($0) } ?? .null,
            "last_failure": remote.state.failure.map { .int($0) } ?? .null,
            "commit": .text(remote.state.head.map { Text($0.hex.utf8) }),
            "message": .text(remote.state.message),
        ]
    }
}
