import PasselCore
import PasselStore

/// `push`: the values of entries to the places that they name.
struct Push: Command {
    static let word = "push"
    static let summary = "bring values to the places where they must be"
    static let discussion = """
        Only what differs is sent. What is in a place and did not come from here stays, unless \
        --replace is given; a place to which nothing was sent from this machine yet is asked about \
        first. Those of an entry that is being rotated are left to the rotation. The status is 3 \
        if a place is left without its value.
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
        let rotated = try session.rotations(of: wanted.all.map(\.entry))
        let targets = wanted.all.filter { rotated[$0.entry] == nil }
        for (_, problem) in rotated.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            session.warn(problem)
        }
        let isDry = arguments[Self.dryRun]
        if !isDry { try session.agree(to: targets, arguments) }
        let carrier = Carrier(session: session, writes: !isDry, replaces: arguments[Self.replace])
        let places = try carrier.carry(targets)
        if !isDry { try session.remember(places) }
        let report = PlaceReport(session: session, isDry: isDry, arguments: arguments)
        report.show(places, replaceHint: arguments.commandLine(adding: "--replace"))
        let isAll = wanted.unreadable.isEmpty && rotated.isEmpty
        return places.allSatisfy(\.isSettled) && isAll ? .done : .inPart
    }
}
