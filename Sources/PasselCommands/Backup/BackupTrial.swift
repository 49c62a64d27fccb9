import PasselCore
import PasselStore

/// `backup drill`: tries a recovery out.
struct BackupTrial: Command {
    static let word = "drill"
    static let summary = "back up, restore into a private place, compare, and open every entry"
    static let discussion = """
        The recovery is tried out from end to end with a backup that is removed afterwards, so \
        that nothing is left of it but a line in the security log and in status. Ends with 4 when \
        anything did not come back, or could not be opened by the keys that are here.
        """
    static let parameters: [any Parameter] = [BackupCreate.recipients, Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        var order = BackupOrder()
        order.recipients = arguments[BackupCreate.recipients]
        let drill = try session.store.drillBackup(order, with: session.gpg)
        if arguments[Flag.json] {
            session.output.json([
                "good": .bool(drill.isGood), "compared": .int(Int64(drill.compared)),
                "different": .array(drill.different.map { ["file": .path($0)] }),
                "backup": drill.check.json,
            ])
        } else {
            for line in drill.check.lines { session.output.line(line) }
            session.output.line(
                drill.different.isEmpty
                    ? "\(drill.compared) files compared: all came back as they are"
                    : "\(drill.different.count) files did not come back as they are")
            for path in drill.different { session.warn(Problem("\(path) is different")) }
            for failure in drill.check.failed {
                session.warn(Problem(failure.reason).about(Text(failure.entry.bytes)))
            }
        }
        return drill.isGood ? .done : .needsAttention
    }
}
