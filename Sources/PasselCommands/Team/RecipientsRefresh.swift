import PasselCore
import PasselStore

/// `recipients refresh`: takes newer keys of the team into use.
struct RecipientsRefresh: Command {
    static let word = "refresh"
    static let summary = "take prolonged, changed and revoked keys of the team into use"
    static let discussion = """
        Looks at the key files in the store and at your keyring. What is newer there goes into the \
        store for everybody: a signer names it in the roster, anybody else publishes the key file \
        for a signer to take over.
        """
    static let parameters: [any Parameter] = [TeamEditing.skip, Flag.yes, Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        session.skipped = arguments[TeamEditing.skip]
        let refresh = try session.store.keyRefresh()
        let lines = refresh.newer.map { newer in
            "\(newer.person.name) \(newer.person.fingerprint.grouped): \(newer.changes.joined(separator: ", "))"
                as Text
        }
        if !refresh.newer.isEmpty {
            try session.approve(lines, question: "Take these keys into use?", arguments)
            try session.store.perform(refresh)
        }
        if arguments[Flag.json] {
            session.output.json([
                "signed": .bool(refresh.canSign),
                "keys": .array(
                    refresh.newer.map { newer in
                        [
                            "name": .string(newer.person.name),
                            "fingerprint": .string(Text(newer.person.fingerprint.bytes)),
                            "changes": .array(newer.changes.map { ["what": .string($0)] }),
                        ]
                    }),
            ])
        } else if refresh.newer.isEmpty {
            session.output.line("Every key is the newest that is known.")
        } else if !refresh.canSign {
            session.output.line(
                "Published. A signer takes it over: \(session.program) recipients refresh")
        }
        return .done
    }
}
