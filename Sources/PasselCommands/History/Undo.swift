import PasselCore
import PasselGit
import PasselStore

/// `undo`: takes back a change, as a new commit.
struct Undo: Command {
    static let word = "undo"
    static let summary = "take back the last change that was made on this machine"
    static let discussion = """
        As a new commit. The last change is the newest commit of the branch that was made in this \
        clone, no merge and not one that came with a sync or a pull, that did more than add to the \
        security log, and that is not taken back already. An undo is such a change, too: undone, it brings back what it took away. To take \
        back an older one, name its commit.

        Refused, and nothing is changed, for merges, for changes of recipients, and when something \
        was changed again since.
        """
    static let parameters: [any Parameter] = [commit, dryRun, Flag.json]
    private static let commit = OptionalOperand(
        "COMMIT", .revision, "the commit to take back, as log names it")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be done")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let isDry = arguments[Self.dryRun]
        let undoing = try session.store.undo(arguments[Self.commit], dryRun: isDry)
        if arguments[Flag.json] {
            session.output.json([
                "undone": .object(undoing.commit.json), "dry_run": .bool(isDry),
                "entries": .array(
                    undoing.effects.map { name, effect in
                        [
                            "entry": .string(Text(name.bytes)),
                            "what": .string(Text(effect.rawValue.utf8)),
                        ]
                    }),
            ])
            return .done
        }
        session.output.error(
            "\(isDry ? "would undo" : "undone"): \(undoing.commit.id.short) \(undoing.commit.subject)"
        )
        var table = Table("WHAT", "ENTRY")
        for (name, effect) in undoing.effects {
            table.add(Styled(effect.words), Styled(Text(name.bytes)))
        }
        table.print(session)
        return .done
    }
}

extension Undoing.Effect {
    fileprivate var words: Text {
        switch self {
        case .removed: "removed"
        case .restored: "restored"
        case .broughtBack: "brought back"
        }
    }
}
