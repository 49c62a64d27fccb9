import PasselCore
import PasselStore

/// `recipients add`: lets somebody read.
struct RecipientsAdd: Command {
    static let word = "add"
    static let summary = "let somebody read the store or a folder"
    static let discussion = """
        A key is named by its fingerprint, its key id, or a part of its user id, and looked for in \
        the store and in your keyring. The entries, the list, the key and the signed roster change \
        in one commit, or not at all. The store's first such change gives it a roster, which you sign.
        """
    static let parameters: [any Parameter] = [
        keys, TeamEditing.folder, role, until, TeamEditing.partial, TeamEditing.force,
        TeamEditing.skip, Flag.yes, Flag.json,
    ]
    private static let keys = Operands("KEY", .key, atLeast: 1, "whom to add")
    private static let role = Option(
        "role", .choice(Role.self, "ROLE"),
        "signer (says who else may read), member, or machine (a program); member if not given")
    private static let until = Option(
        "until", .day, "the last day on which a machine is encrypted to")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let role = arguments[Self.role]
        let until = arguments[Self.until]
        guard until == nil || role == .machine else {
            throw arguments.problem("--until is for --role machine")
        }
        session.skipped = arguments[TeamEditing.skip]
        let editing = TeamEditing(session: session, arguments: arguments)
        let store = session.store
        let place = try editing.place()
        var draft = try store.draft()
        var names: [Text] = []
        for key in arguments[Self.keys] {
            let person = try store.person(key)
            let present = draft.membership(of: person.fingerprint, in: place)
            let membership = Roster.Membership(role ?? present?.role ?? .member, until: until)
            names.append(person.name)
            guard present != membership else { continue }
            draft.add(person, as: membership, to: place)
            for doubt in try draft.check(
                person, in: [place], at: session.now, force: arguments[TeamEditing.force])
            { session.warn(doubt) }
        }
        return try editing.perform(
            draft, subject: "Add \(names.joined(separator: ", ")) to \(store.shown(place)).")
    }
}
