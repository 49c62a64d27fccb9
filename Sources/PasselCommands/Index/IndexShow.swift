import PasselCore
import PasselStore

/// `index status`: what the index knows.
struct IndexShow: Command {
    static let word = "status"
    static let summary = "tell how much of the store the index knows"
    static let discussion = """
        Nothing is decrypted for it. The index holds the fields of entries, not their secrets, and \
        the session keys with which they are decrypted without your key; it is encrypted to you, \
        lies outside of the store and is not in git.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let status = try session.store.indexStatus()
        if arguments[Flag.json] {
            session.output.json([
                "state": .string(Text(word(status).utf8)),
                "file": status.file.map { .path($0) } ?? .null, "size": .int(Int64(status.size)),
                "entries": .int(Int64(status.entries)), "known": .int(Int64(status.known)),
                "session_keys": .int(Int64(status.sessionKeys)), "stale": .int(Int64(status.stale)),
            ])
            return .done
        }
        switch status.keeps {
        case _ where status.isDamaged:
            session.output.line("the index is not what this machine wrote last")
            session.output.line("it is made anew by: \(session.program) index build")
        case .off: session.output.line("there is no index: passel.index is off")
        case nil:
            session.output.line("there is no index yet")
            session.output.line("it is made by: \(session.program) index build")
        case .full, .metadata: list(status)
        }
        return .done
    }

    private func word(_ status: IndexStatus) -> String {
        status.isDamaged ? "damaged" : status.keeps?.rawValue ?? "none"
    }

    private func list(_ status: IndexStatus) {
        var table = Table("WHAT", .right("COUNT"))
        table.add("entries", Styled("\(status.entries)"))
        table.add(
            "known", Styled("\(status.known)", status.known < status.entries ? .warning : nil))
        if status.keeps == .full {
            table.add(
                "session keys",
                Styled(
                    "\(status.sessionKeys)", status.sessionKeys < status.known ? .warning : nil))
        }
        if status.stale > 0 { table.add("stale", Styled("\(status.stale)")) }
        table.print(session)
    }
}
