import PasselCore
import PasselGit
import PasselStore

/// `status`: what is not committed, not exchanged, not looked at, not as it should be.
struct Status: Command {
    static let word = "status"
    static let summary = "what waits to be synced, committed, looked at or mended"
    static let discussion = """
        No remote is asked: what is told of one is what it had when it was last fetched from. \
        Nothing is decrypted.
        """
    static let parameters: [any Parameter] = [short, exitCode, Flag.json]
    private static let short = Flag("short", letter: "s", "one line for a shell's prompt, at once")
    private static let exitCode = Flag("exit-code", "end with 4 if anything needs attention")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        if arguments[Self.short] {
            guard !arguments[Flag.json] else {
                throw arguments.problem("--short and --json exclude each other")
            }
            return try runShort()
        }
        let status = try session.store.status()
        if arguments[Flag.json] {
            session.output.json(status.json)
        } else {
            StatusReport(status, session: session).print()
        }
        return exit(status)
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
