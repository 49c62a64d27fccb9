import PasselCore
import PasselStore

/// `location ls`: where values must be.
struct LocationLs: Command {
    static let word = "ls"
    static let summary = "list the places that values of entries must be in"
    static let discussion = "No place is asked: status --locations does that."
    static let parameters: [any Parameter] = [entry, Flag.json]
    private static let entry = OptionalOperand(
        "ENTRY", .entryOrFolder, "the entry, or a folder of entries; all, if not given")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let wanted = try LocationTargets(
            below: [arguments[Self.entry] ?? ""], only: nil, session: session)
        if arguments[Flag.json] {
            session.output.json([
                "locations": .array(
                    wanted.all.map {
                        [
                            "name": .path($0.entry), "location": .string($0.spelling),
                            "backend": .text($0.location?.backend.text),
                            "valid": .bool($0.location != nil),
                        ]
                    }),
                "unreadable": .array(
                    wanted.unreadable.map {
                        ["name": .path($0.name), "problem": .string($0.problem.message)]
                    }),
            ])
        } else {
            var table = Table("ENTRY", "LOCATION", "STATE")
            for target in wanted.all {
                table.add(
                    Styled(Text(target.entry.bytes), .strong), Styled(target.spelling),
                    target.location == nil ? Styled("no location", .warning) : Styled(""))
            }
            table.print(session)
            for (_, problem) in wanted.unreadable { session.warn(problem) }
        }
        return wanted.unreadable.isEmpty ? .done : .inPart
    }
}
