import PasselCore
import PasselStore

/// `recipients set`: says who reads.
struct RecipientsSet: Command {
    static let word = "set"
    static let summary = "say exactly who may read the store or a folder"
    static let discussion = """
        Whoever is named keeps the role that they have there. With --inherit a folder is read by \
        those who read the one above it.
        """
    static let parameters: [any Parameter] = [
        keys, TeamEditing.folder, role, inherit, TeamEditing.partial, TeamEditing.force,
        TeamEditing.skip, Flag.yes, Flag.json,
    ]
    private static let keys = Operands("KEY", .key, atLeast: 0, "who reads from now on")
    private static let role = Option(
        "role", .choice(Role.self, "ROLE"), "the role of all of them, instead of what they have")
    private static let inherit = Flag("inherit", "let the folder have no readers of its own")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let keys = arguments[Self.keys]
        guard keys.isEmpty == arguments[Self.inherit] else {
            throw arguments.problem("name at least one KEY, or say --inherit")
        }
        session.skipped = arguments[TeamEditing.skip]
        let editing = TeamEditing(session: session, arguments: arguments)
        let store = session.store
        let place = try editing.place()
        var draft = try store.draft()
        guard !keys.isEmpty else {
            guard arguments[TeamEditing.folder] != nil, place != Roster.top else {
                throw arguments.problem("--inherit needs --path FOLDER")
            }
            draft.inherit(place)
            return try editing.perform(
                draft, subject: "Let \(store.shown(place)) inherit its recipients.")
        }
        let people = try keys.map { try store.person($0) }
        let known = Set(draft.files.keys)
        draft.set(people, as: arguments[Self.role].map { Roster.Membership($0) }, in: place)
        for person in people where !known.contains(person.fingerprint) {
            for doubt in try draft.check(
                person, in: [place], at: session.now, force: arguments[TeamEditing.force])
            { session.warn(doubt) }
        }
        let names = people.map(\.name).joined(separator: ", ")
        return try editing.perform(
            draft, subject: "Set the recipients of \(store.shown(place)) to \(names).")
    }
}
