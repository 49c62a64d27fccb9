import PasselCore
import PasselStore

/// `recipients rm`: lets somebody read no more.
struct RecipientsRemove: Command {
    static let word = "rm"
    static let summary = "let somebody read the store or a folder no more"
    static let discussion = """
        Without --path they leave every folder, and their key leaves the store. What they could read \
        until now they may have kept: passel offboard lists it.
        """
    static let parameters: [any Parameter] = [
        keys, TeamEditing.folder, TeamEditing.partial, TeamEditing.skip, Flag.yes, Flag.json,
    ]
    private static let keys = Operands("KEY", .member, atLeast: 1, "whom to remove")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        session.skipped = arguments[TeamEditing.skip]
        let editing = TeamEditing(session: session, arguments: arguments)
        let store = session.store
        var draft = try store.draft()
        var names: [Text] = []
        var gone: [Fingerprint] = []
        for name in arguments[Self.keys] {
            let key = try draft.member(name)
            names.append(draft.name(of: key))
            gone.append(key)
            guard arguments[TeamEditing.folder] != nil else {
                draft.removeEverywhere(key)
                continue
            }
            let place = try editing.place()
            guard draft.membership(of: key, in: place) != nil else {
                throw Problem(
                    "\(draft.name(of: key)) does not belong to \(store.shown(place))",
                    hints: ["see who does: \(session.program) recipients"])
            }
            draft.remove(key, from: place)
        }
        let place: Text =
            arguments[TeamEditing.folder] == nil ? "the store" : try store.shown(editing.place())
        let status = try editing.perform(
            draft, subject: "Remove \(names.joined(separator: ", ")) from \(place).")
        if arguments[TeamEditing.folder] == nil {
            for key in gone {
                session.output.error(
                    "hint: list what they could read, to change it: \(session.program) offboard \(key.hex)"
                )
            }
        }
        return status
    }
}
