import PasselCore
import PasselStore

/// `index build`: lets the index know every entry.
struct IndexBuild: Command {
    static let word = "build"
    static let summary = "read what the index does not know yet"
    static let discussion = """
        Entries are decrypted only where the index lacks something; what is no entry any more is \
        dropped. Killed or interrupted, it goes on where it was the next time.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let store = session.store
        guard try store.settings.configuration.index != .off else {
            throw Problem(
                "there is to be no index: passel.index is off",
                hints: ["let there be one: PASSEL_INDEX=full \(session.program) index build"])
        }
        let catalogue = try store.catalogue(complete: true)
        let status = try store.indexStatus()
        guard status.keeps != nil else {
            throw Problem(
                "there is no key of yours that an index could be encrypted to",
                hints: ["see which keys you have: gpg --list-secret-keys"])
        }
        if arguments[Flag.json] {
            session.output.json(
                .object(
                    [
                        .init("entries", .int(Int64(status.entries))),
                        .init("known", .int(Int64(status.known))),
                        .init("session_keys", .int(Int64(status.sessionKeys))),
                        .init("read", .int(Int64(catalogue.read))),
                    ] + catalogue.unreadMembers))
        } else {
            session.output.line(
                "\(status.known) of \(status.entries) entries are known, \(catalogue.read) were read"
            )
            catalogue.tellUnread(session)
        }
        return catalogue.status
    }
}
