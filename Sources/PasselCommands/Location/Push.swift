import PasselCore
import PasselStore

/// `push`: the values of entries to the places that they name.
struct Push: Command {
    static let word = "push"
    static let summary = "bring values to the places where they must be"
    static let discussion = """
        Only what differs is sent. What is in a place and did not come from here stays, unless \
        --replace is given; a place to which nothing was sent from this machine yet is asked about \
        first. The status is 3 if a place is left without its value.
        """
    static let parameters: [any Parameter] = [
        entries, all, backend, dryRun, replace, Flag.yes, Flag.json,
    ]
    private static let entries = Operands(
        "ENTRY", .entryOrFolder, "an entry, or a folder of entries")
    private static let all = Flag("all", letter: "a", "every entry that names a place")
    private static let backend = Option("to", .backend, "only to places of this backend")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be sent")
    private static let replace = Flag("replace", "also in the place of what did not come from here")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let names = arguments[Self.entries]
        guard names.isEmpty == arguments[Self.all] else {
            throw arguments.problem("say which entries: ENTRY, or --all")
        }
        let wanted = try LocationTargets(
            below: arguments[Self.all] ? [""] : names, only: arguments[Self.backend],
            session: session)
        for (_, problem) in wanted.unreadable { session.warn(problem) }
        if wanted.all.isEmpty {
            session.warn(
                Problem(
                    "no place is named there",
                    hints: ["\(session.program) location add ENTRY LOCATION"]))
        }
        let isDry = arguments[Self.dryRun]
        if !isDry { try agree(to: wanted.all) }
        let carrier = Carrier(session: session, writes: !isDry, replaces: arguments[Self.replace])
        let places = try carrier.carry(wanted.all)
        if !isDry { try remember(places) }
        let report = PlaceReport(session: session, isDry: isDry, arguments: arguments)
        report.show(places, replaceHint: arguments.commandLine(adding: "--replace"))
        return places.allSatisfy(\.isSettled) && wanted.unreadable.isEmpty ? .done : .inPart
    }

    /// Whoever can write to the store can name any place: it is asked here, once.
    private func agree(to targets: [LocationTarget]) throws {
        let register = try session.store.locationRegister()
        let new = targets.filter { target in
            target.location.map { !register.isAgreed($0, of: target.entry) } ?? false
        }
        guard !new.isEmpty else { return }
        try session.approve(
            new.map { "+ \($0.entry) to \($0.spelling)" },
            question: "Send values to these places from this machine?", arguments)
        try session.store.changeLocationRegister { register in
            for target in new {
                guard let location = target.location else { continue }
                register.agree(to: location, of: target.entry, at: session.now)
            }
        }
    }

    /// What was seen and sent, for the next time and for the security log.
    private func remember(_ places: [CarriedPlace]) throws {
        let settled = places.filter(\.isSettled)
        guard !settled.isEmpty else { return }
        var drafts: [EventDraft] = []
        try session.store.changeLocationRegister { register in
            for place in settled {
                guard let location = place.target.location, let value = place.value else {
                    continue
                }
                register.note(value, in: location, of: place.target.entry, at: session.now)
                guard place.isSent else { continue }
                var draft = EventDraft(.updated, place.target.entry)
                draft.newLastFour = value.lastFour
                draft.locations = [location.spelling]
                drafts.append(draft)
            }
        }
        guard !drafts.isEmpty else { return }
        do {
            try session.store.record(drafts)
        } catch let problem as Problem {
            // The values are where they belong: a machine that may only read the store can push.
            session.warn(Problem("it is not in the security log: \(problem.message)"))
        }
    }
}
