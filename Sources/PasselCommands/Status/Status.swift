import PasselCore
import PasselGit
import PasselStore

/// `status`: what is not committed, not exchanged, not looked at, not as it should be.
struct Status: Command {
    static let word = "status"
    static let summary = "what waits to be synced, committed, looked at or mended"
    static let discussion = """
        No remote is asked: what is told of one is what it had when it was last fetched from. \
        Nothing is decrypted, and no place is asked, unless --locations is given.
        """
    static let parameters: [any Parameter] = [short, locations, exitCode, Flag.json]
    private static let short = Flag("short", letter: "s", "one line for a shell's prompt, at once")
    private static let locations = Flag(
        "locations", letter: "l", "ask the places that entries name whether they have the values")
    private static let exitCode = Flag("exit-code", "end with 4 if anything needs attention")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        if arguments[Self.short] {
            guard !arguments[Flag.json] else {
                throw arguments.problem("--short and --json exclude each other")
            }
            guard !arguments[Self.locations] else {
                throw arguments.problem("--short and --locations exclude each other")
            }
            return try runShort()
        }
        let status = try session.store.status()
        let places = try arguments[Self.locations] ? LocationStatus(session: session) : nil
        if arguments[Flag.json] {
            session.output.json(places?.json(beside: status.json) ?? status.json)
        } else {
            StatusReport(status, session: session).print()
            places?.print(session)
        }
        guard places?.needsAttention == true, arguments[Self.exitCode] else { return exit(status) }
        return .needsAttention
    }

    /// A prompt stays silent where there is no store.
    private func runShort() throws -> ExitStatus {
        do {
            let status = try session.store.briefStatus()
            let line = StatusLine(status, utf8: session.settings.showsUTF8)
            if !line.pieces.isEmpty { session.output.write(line.bytes(session.looks)) }
            return exit(status)
        } catch is NotInitialised {
            return ExitStatus(code: 1)
        }
    }

    private func exit(_ status: StoreStatus) -> ExitStatus {
        arguments[Self.exitCode] && status.needsAttention ? .needsAttention : .done
    }
}
