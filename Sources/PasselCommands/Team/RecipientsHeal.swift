import PasselCore
import PasselStore

/// `recipients heal`: encrypts what has drifted for the people of its folder again.
struct RecipientsHeal: Command {
    static let word = "heal"
    static let summary = "encrypt drifted entries for the recipients of their folder again"
    static let discussion = """
        All in one commit. Entries that you cannot read stay as they are and are listed; then the \
        status is 3.
        """
    static let parameters: [any Parameter] = [path, dryRun, Flag.yes, Flag.json]
    private static let path = Option(
        "path", letter: "p", .entryOrFolder, "only this folder or entry")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be done")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let place = arguments[Self.path] ?? ""
        let drifted = try session.store.drift(below: place).drifted
        guard !drifted.isEmpty else {
            session.output.error("nothing has drifted")
            return report(Healing())
        }
        if arguments[Self.dryRun] {
            var table = Table("WHAT", "WHERE", "WHO", "KEY")
            for entry in drifted { DriftRows(entry).add(to: &table) }
            table.print(session)
            return .done
        }
        let question: Text =
            drifted.count == 1 ? "Heal 1 entry?" : "Heal \(drifted.count) entries?"
        try session.approve(drifted.map(\.name), question: question, arguments)
        return report(try session.store.heal(below: place))
    }

    private func report(_ healing: Healing) -> ExitStatus {
        if arguments[Flag.json] {
            session.output.json([
                "reencrypted": .array(healing.healed.map { ["entry": .string($0)] }),
                "left": .array(
                    healing.remaining.map {
                        ["entry": .string($0.name), "reason": .string($0.problem.message)]
                    }),
            ])
        } else {
            for name in healing.healed { session.output.line(name) }
            for (name, problem) in healing.remaining {
                session.warn(Problem("\(name) stays as it is: \(problem.message)"))
            }
            tellHints(healing)
        }
        return healing.remaining.isEmpty ? .done : .inPart
    }

    /// Each hint once, however many entries it is for.
    private func tellHints(_ healing: Healing) {
        var told: Set<Text> = []
        for hint in healing.remaining.flatMap(\.problem.hints) where told.insert(hint).inserted {
            session.hint(hint)
        }
    }
}
