import PasselCore

/// Tells how far a rotation came.
struct RotationReport {
    /// How far it came, as programs read it.
    enum State: String {
        case planned, minted, grace, done, aborted
    }

    let session: Session
    let arguments: Arguments
    let entry: Path

    /// Prints the places, and what is to be done next.
    func show(
        _ state: State, _ places: [CarriedPlace], until: Instant? = nil, lines: [Text] = [],
        hints: [Text] = []
    ) {
        let report = PlaceReport(session: session, isDry: state == .planned, arguments: arguments)
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(entry), "state": .string(Text(state.rawValue.utf8)),
                "places": report.members(places), "until": .text(until?.spelling),
            ])
        } else {
            report.show(places, replaceHint: arguments.commandLine(adding: "--replace"))
        }
        for line in lines { session.output.error(line) }
        switch state {
        case .minted:
            session.warn(
                Problem(
                    "\(entry) keeps the old secret until every place has what it should have",
                    hints: hints))
        default: for hint in hints { session.hint(hint) }
        }
    }
}
