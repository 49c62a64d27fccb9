import PasselCore
import PasselPosix
import PasselStore

/// What `recipients add`, `rm` and `set` have in common: options, consent, and telling what was
/// done.
struct TeamEditing {
    static let folder = Option(
        "path", letter: "p", .folder, "a folder, instead of the whole store")
    static let partial = Flag(
        "partial", "leave entries that you cannot read as they are, for others to heal")
    static let force = Flag("force", "add a key although something speaks against it")
    static let skip = ListOption(
        "skip", .member, "leave out somebody whose key cannot be used (can be repeated)")

    let session: Session
    let arguments: Arguments

    /// The folder as the team knows it; it may be one that is yet to be made.
    func place() throws -> Path {
        let folder = arguments[Self.folder] ?? ""
        guard !folder.isEmpty else { return Roster.top }
        guard !FileStatus.isFolder(session.store.path(folder)) else {
            return try session.store.place(folder)
        }
        try EntryName.refuseUnstorable(folder)
        return session.store.teamFolder(session.store.path(folder))
    }

    /// Shows what will change, asks, and does it.
    func perform(_ draft: TeamDraft, subject: Text) throws -> ExitStatus {
        let plan = try session.store.plan(draft)
        guard !plan.isEmpty else {
            guard arguments[Flag.json] else {
                session.output.line("Nothing to change.")
                return .done
            }
            session.output.json(json(plan, nil))
            return .done
        }
        try session.approve(plan.lines, question: "Change the recipients?", arguments)
        var change = TeamChange(draft, subject: subject)
        change.partial = arguments[Self.partial]
        let outcome = try session.store.perform(change)
        if arguments[Flag.json] {
            session.output.json(json(plan, outcome))
        } else {
            let count = outcome.reencrypted.count
            session.output.line(
                "Done: \(count) \(count == 1 ? "entry" : "entries") encrypted anew.")
            for (name, problem) in outcome.failed {
                session.warn(Problem("\(name) stays as it is: \(problem.message)"))
            }
        }
        return outcome.failed.isEmpty ? .done : .inPart
    }

    private func json(_ plan: TeamPlan, _ outcome: TeamChange.Outcome?) -> JSON {
        func readers(_ readers: [TeamPlan.Reader]) -> JSON {
            .array(
                readers.map { reader in
                    let membership = reader.membership
                    return [
                        "name": .string(reader.name),
                        "fingerprint": .string(Text(reader.fingerprint.bytes)),
                        "folder": .path(reader.folder), "role": "\(membership.role.rawValue)",
                        "until": .text(membership.until?.spelling),
                    ]
                })
        }
        return .object(
            [
                JSON.Member("added", readers(plan.added)),
                JSON.Member("removed", readers(plan.removed)),
                JSON.Member("changed", readers(plan.changed)),
                JSON.Member(
                    "inherited", .array(plan.inherited.map { ["folder": .path($0)] })),
            ] + outcome.members)
    }
}

extension TeamChange.Outcome? {
    /// The members `reencrypted` (entry) and `left` (entry, reason); empty where nothing was done.
    var members: [JSON.Member] {
        [
            JSON.Member(
                "reencrypted", .array((self?.reencrypted ?? []).map { ["entry": .string($0)] })),
            JSON.Member(
                "left",
                .array(
                    (self?.failed ?? []).map {
                        ["entry": .string($0.name), "reason": .string($0.problem.message)]
                    })),
        ]
    }
}
