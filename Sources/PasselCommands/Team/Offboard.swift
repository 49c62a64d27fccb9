import PasselCore
import PasselStore

/// `offboard`: somebody leaves, and what they could ever read is worked off.
struct Offboard: Command {
    static let word = "offboard"
    static let summary = "let somebody leave, and list what they could ever read"
    static let discussion = """
        Takes KEY out of every folder, encrypts anew what they can read, and puts into the store a \
        list of all that they could ever read: in the whole history, on every branch, under every \
        name. All of it in one commit. For somebody who left already only the list is made.

        What they knew they still know: change these secrets where they are used, then here. An \
        entry is settled once its secret is none that they could read. What is gone from the store, \
        and what only you can know, is settled with --done.

        With --status the status is 4 while anything is open.
        """
    static let parameters: [any Parameter] = [
        key, status, done, dryRun, TeamEditing.partial, TeamEditing.skip, Flag.yes, Flag.json,
    ]
    private static let key = OptionalOperand(
        "KEY", .member, "who leaves; with --status and --done, whose list")
    private static let status = Flag("status", "show what has not been changed yet")
    private static let done = ListOption(
        "done", .entry, "settle an entry by hand (can be repeated)")
    private static let dryRun = Flag("dry-run", letter: "n", "only list what they could read")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        session.skipped = arguments[TeamEditing.skip]
        let settled = arguments[Self.done]
        let leaving = [Self.dryRun, TeamEditing.partial, Flag.yes].contains { arguments[$0] }
        if arguments[Self.status] || !settled.isEmpty {
            guard !leaving else {
                throw arguments.problem("--status and --done are about those who left already")
            }
            guard settled.isEmpty else { return try settle(settled) }
            return try showStatus()
        }
        guard let key = arguments[Self.key] else {
            throw arguments.problem("KEY is missing: say who leaves")
        }
        return try leave(key)
    }

    private func leave(_ key: Recipient) throws -> ExitStatus {
        let store = session.store
        let offboarding = try store.offboarding(of: key)
        let report = OffboardingReport(session: session, json: arguments[Flag.json])
        if arguments[Self.dryRun] {
            report.show(offboarding.list)
            return .done
        }
        let count = OffboardingReport.entries(Set(offboarding.list.items.map(\.name)).count)
        try session.approve(
            [
                "- \(offboarding.name) (\(offboarding.person.grouped)) leaves every folder",
                "- the list of what they could ever read: \(count)",
            ], question: "Let them leave?", arguments)
        let outcome = try store.offboard(offboarding, partial: arguments[TeamEditing.partial])
        report.show(offboarding.list, outcome)
        for (name, problem) in outcome.failed {
            session.warn(Problem("\(name) stays as it is: \(problem.message)"))
        }
        return outcome.failed.isEmpty ? .done : .inPart
    }

    private func settle(_ entries: [Path]) throws -> ExitStatus {
        let names = entries.map { Text($0.bytes) }
        try session.store.settleOffboarding(names, of: arguments[Self.key])
        guard arguments[Flag.json] else {
            session.output.line("Settled: \(names.joined(separator: ", "))")
            return .done
        }
        _ = try showStatus()
        return .done
    }

    private func showStatus() throws -> ExitStatus {
        let progress = LazyProgress(session, "comparing")
        defer { progress.end() }
        let statuses = try session.store.offboardingStatus(of: arguments[Self.key]) {
            progress.reach($0, of: $1)
        }
        progress.end()
        OffboardingReport(session: session, json: arguments[Flag.json]).show(statuses)
        return statuses.contains { $0.openCount > 0 } ? .needsAttention : .done
    }
}

/// Progress of work of which it is only known later how long it is.
private final class LazyProgress {
    private let session: Session
    private let doing: String
    private var progress: Progress?
    private var done = 0

    init(_ session: Session, _ doing: String) {
        self.session = session
        self.doing = doing
    }

    func reach(_ step: Int, of count: Int) {
        let progress = progress ?? session.progress(doing, of: count)
        self.progress = progress
        progress.advance(by: step - done)
        done = step
        if step == count { end() }
    }

    func end() {
        progress?.end()
        progress = nil
        done = 0
    }
}
