import PasselCore
import PasselGit
import PasselStore

/// `restore`: brings back what an entry was.
struct Restore: Command {
    static let word = "restore"
    static let summary = "make an entry what it was at a revision"
    static let discussion = """
        As a new commit, encrypted for those who may read the folder today. An entry that is gone \
        comes back.
        """
    static let parameters: [any Parameter] = [entry, revision, field, Flag.json]
    private static let entry = Operand("ENTRY", .entry, "the entry")
    private static let revision = Option(
        "at", .revision, "when it was as wanted: a commit, or a day and what was at its end")
    private static let field = Option("field", .text, "only the fields with this key")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        guard let revision = arguments[Self.revision] else {
            throw arguments.problem("--at is missing: say at which revision it was as wanted")
        }
        let entry = arguments[Self.entry]
        let restoring = try session.store.restore(
            entry, at: revision, field: arguments[Self.field])
        let commit = restoring.version.commit
        if arguments[Flag.json] {
            session.output.json([
                "entry": .string(Text(entry.bytes)),
                "field": arguments[Self.field].map { .string($0) } ?? .null,
                "from": .object(commit.json), "changed": .bool(restoring.isChanged),
            ])
        } else if restoring.isChanged {
            session.output.line("\(entry) is as at \(commit.id.short) (\(commit.moment))")
        } else {
            session.output.line("\(entry) was as at \(commit.id.short) (\(commit.moment)) already")
        }
        return .done
    }
}
