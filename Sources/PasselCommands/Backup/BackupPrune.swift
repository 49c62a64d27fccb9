import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// `backup prune`: removes old backups by a rule.
struct BackupPrune: Command {
    static let word = "prune"
    static let summary = "remove the backups of a folder that a rule does not keep"
    static let discussion = """
        The rule, such as daily=7,weekly=4,monthly=12, keeps the newest backup of each of so many \
        last days, weeks, months or years that have one; last=3 keeps the newest three. What would \
        go is shown first, and nothing is removed without consent. Only complete backups count, \
        each store's for itself, and what is damaged or called otherwise stays.
        """
    static let parameters: [any Parameter] = [folder, rule, dryRun, Flag.yes, Flag.json]
    private static let folder = Operand("DIR", .directory, "the folder")
    private static let rule = Option("keep", .retention, "what is kept")
    private static let dryRun = Flag("dry-run", letter: "n", "only show what would be removed")

    let session: Session
    let arguments: Arguments

    private struct Choice {
        let backup: BackupFile.Glance
        let reasons: [Text]
    }

    func run() throws -> ExitStatus {
        guard let rule = arguments[Self.rule] else {
            throw arguments.problem("--keep is missing: say what is to stay")
        }
        let choices = try choices(rule)
        let going = choices.filter(\.reasons.isEmpty).map(\.backup.path)
        if !arguments[Flag.json] {
            for choice in choices {
                let name = Text(choice.backup.path.name)
                session.output.line(
                    choice.reasons.isEmpty
                        ? "- \(name)" : "  \(name)  \(choice.reasons.joined(separator: ", "))")
            }
        }
        var removed: [Path] = []
        if !arguments[Self.dryRun], !going.isEmpty {
            let count: Text = going.count == 1 ? "1 backup" : "\(going.count) backups"
            try session.approve(
                ["\(count) of \(choices.count) would be removed"], question: "Remove?", arguments)
            for path in going {
                guard path.withCString({ unlink($0) }) == 0 else {
                    throw SystemError("remove", path)
                }
                removed.append(path)
            }
        }
        if arguments[Flag.json] {
            session.output.json([
                "kept": .array(
                    choices.filter { !$0.reasons.isEmpty }.map {
                        [
                            "file": .path($0.backup.path),
                            "reasons": .array($0.reasons.map { .string($0) }),
                        ]
                    }),
                "going": .array(going.map { ["file": .path($0)] }),
                "removed": .array(removed.map { ["file": .path($0)] }),
            ])
        }
        return .done
    }

    private func choices(_ rule: Retention) throws -> [Choice] {
        let found = try BackupFile.glances(in: arguments[Self.folder]).filter {
            $0.isComplete && $0.store != nil && $0.created != nil
        }
        var choices: [Choice] = []
        for store in Set(found.compactMap(\.store)).sorted(by: { $0.precedes($1) }) {
            let mine = found.filter { $0.store == store }
            let reasons = rule.reasons(mine.compactMap(\.created))
            choices += zip(mine, reasons).map { Choice(backup: $0, reasons: $1) }
        }
        return choices
    }
}

extension ValueKind<Retention> {
    /// Which backups are kept.
    static var retention: ValueKind {
        ValueKind(
            placeholder: "RULE", expected: "a rule such as daily=7,weekly=4,monthly=12"
        ) { Retention($0) }
    }
}
