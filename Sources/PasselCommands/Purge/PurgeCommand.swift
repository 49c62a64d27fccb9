import PasselCore
import PasselStore

/// `purge`: takes a secret out of the history on this machine.
struct PurgeCommand: Command {
    static let word = "purge"
    static let summary = "take old versions of an entry out of the history on this machine"
    static let discussion = """
        Every version but the present one goes out of all branches, tags and stashes, and all \
        reflogs are dropped; every commit from the first of them on gets another id. With --all \
        the entry itself goes as well. What other clones, servers, backups and disks have is out of \
        reach: change the secret first, and treat the old one as known.
        """
    static let parameters: [any Parameter] = [entry, all, Flag.yes, Flag.json]
    private static let entry = Operand(
        "NAME", .entry, "the entry, or the name of another file that was committed")
    private static let all = Flag("all", letter: "a", "the present version, too")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[Self.entry]
        let purge = try session.store.purge(name, all: arguments[Self.all]) { purge in
            try session.approve(plan(purge), question: "Rewrite the history?", arguments)
        }
        if arguments[Flag.json] {
            session.output.json([
                "file": .path(purge.file), "versions": .int(Int64(purge.versions.count)),
                "commits": .int(Int64(purge.commits)), "removed": .bool(purge.removesPresent),
                "kept": .array(purge.kept.map { .path($0) }),
                "remotes": .array(purge.remotes.map { .string($0) }),
            ])
        } else {
            let count = purge.versions.count
            session.output.line(
                "\(purge.file): \(count == 1 ? "1 version is" : "\(count) versions are") gone from this machine's history"
            )
        }
        for other in purge.kept {
            session.warn(
                Problem("one version stays in the history, for \(other) has it now"))
        }
        for remote in purge.remotes {
            session.warn(
                Problem(
                    "\(remote) still has what was there when it was last synced with, and the next sync brings it back",
                    hints: [
                        "with everybody's consent, replace what it has: \(session.program) git push --force --all \(ShellWord.text(remote.bytes))"
                    ]))
        }
        session.warn(
            Problem(
                "the old secret is still in other clones, backups and caches: it is only safe once it is changed",
                hints: purge.removesPresent
                    ? [] : ["\(session.program) generate --in-place \(ShellWord.text(name.bytes))"])
        )
        return .done
    }

    private func plan(_ purge: Purge) -> [Text] {
        let count = purge.versions.count
        let commits: Text = purge.commits == 1 ? "1 commit" : "\(purge.commits) commits"
        var plan: [Text] = [
            "- \(count == 1 ? "1 version" : "\(count) versions") of \(purge.file), from \(commits)"
        ]
        if purge.removesPresent { plan.append("- \(purge.file) itself") }
        plan.append(
            "All commits since get another id and lose their signatures; reflogs are dropped.")
        let remotes =
            purge.remotes.isEmpty ? "" : ": \(purge.remotes.joined(separator: ", "))" as Text
        plan.append(
            "Other clones and remotes\(remotes), their caches, backups and disks keep what they have."
        )
        return plan
    }
}
