import PasselCore
import PasselGit
import PasselStore

/// A status for people: a row for each thing, and what to do about it.
struct StatusReport {
    private let status: StoreStatus
    private let session: Session
    private var table = Table("WHAT", "WHICH", "STATE")
    private var hints: [Text] = []

    init(_ status: StoreStatus, session: Session) {
        self.status = status
        self.session = session
        addRepository()
        for remote in status.remotes { add(remote) }
        if let problem = status.backgroundProblem {
            table.add("autosync", "-", Styled(problem.message, .bad))
            for text in problem.hints { hint(text) }
        }
        addChanges()
        addTeam()
        addDrift()
        addBackup()
    }

    func print() {
        table.print(session)
        if let check = status.check {
            let entries: Text = check.checked == 1 ? "1 entry" : "\(check.checked) entries"
            let drifted: Text =
                check.drifted == 0 ? "each for the right people" : "\(check.drifted) drifted"
            session.output.error("\(entries), \(drifted)")
        }
        for hint in hints { session.hint(hint) }
    }

    private var program: Text { Text(session.program) }

    private mutating func addRepository() {
        guard status.isRepository else {
            table.add("branch", "-", Styled("not in a git repository", .faint))
            return
        }
        table.add(
            "branch", Styled(status.branch ?? "-"),
            status.branch == nil
                ? Styled("not on a branch", .warning) : Styled("", nil))
        guard let operation = status.operation else { return }
        let ending = operation.endingWords
        table.add("git", Styled(operation.word), Styled("begun and not ended", .bad))
        if case .merge = operation {
            hints.append("merge it as a sync does: \(program) sync --finish")
        }
        hints.append("give it up: \(program) git \(ending)")
    }

    private mutating func add(_ remote: StoreStatus.Remote) {
        var states: [Text] = []
        if remote.toPush > 0 { states.append("\(remote.toPush) to push") }
        if remote.toPull > 0 { states.append("\(remote.toPull) to merge") }
        if remote.ahead == nil { states.append("never synced") }
        if states.isEmpty { states.append("up to date") }
        if remote.policy != .sync { states.append(Text(remote.policy.rawValue.utf8)) }
        if let success = remote.last.success {
            states.append("synced \(Ago.text(success, now: session.now))")
        }
        let waits = remote.toPush + remote.toPull > 0 || remote.ahead == nil
        table.add(
            "remote", Styled(remote.name),
            Styled(states.joined(separator: ", "), waits ? .warning : .good))
        if waits { hint("exchange what is new: \(program) sync") }
        if let failure = remote.last.failure {
            let why = remote.last.message.map { ": \($0)" as Text } ?? ""
            table.add(
                "remote", Styled(remote.name),
                Styled("failed \(Ago.text(failure, now: session.now))\(why)", .bad))
            hint("try again: \(program) sync")
        }
    }

    private mutating func addChanges() {
        for change in status.uncommitted {
            table.add("file", Styled(Text(change.name.bytes)), Styled(change.kind.word, .warning))
        }
        if !status.uncommitted.isEmpty {
            hint("commit by hand what is to stay: \(program) git add -A, \(program) git commit")
        }
        for conflict in status.conflicts {
            table.add("conflict", Styled(Text(conflict.bytes)), Styled("kept", .bad))
        }
        if !status.conflicts.isEmpty { hint("see what differs: \(program) conflicts") }
    }

    private mutating func addTeam() {
        for review in status.reviews {
            let place = review.folder?.folderText ?? Text(Roster.file.bytes)
            table.add("review", Styled(place), Styled(review.what, .bad))
        }
        if !status.reviews.isEmpty {
            hint("accept or refuse it: \(program) recipients review")
        }
        for request in status.requests {
            table.add("request", Styled(request.grouped), Styled("asks to join", .warning))
        }
        if !status.requests.isEmpty { hint("see who asks: \(program) recipients approve") }
        for key in status.keys {
            table.add("key", key.key.cell, key.standing.cell)
        }
        if !status.keys.isEmpty {
            hint("take in keys that were renewed: \(program) recipients refresh")
        }
    }

    private mutating func addDrift() {
        for entry in status.drifted {
            table.add("entry", Styled(entry.name), Styled(entry.why, .bad))
        }
        if !status.drifted.isEmpty {
            hint("encrypt them for the right people: \(program) recipients heal")
        }
    }

    /// Whoever never made one here has another way, or none to be reminded of.
    private mutating func addBackup() {
        guard let backup = status.backup else { return }
        let made: Text =
            backup.made.map { "made \(Ago.text($0, now: session.now))" } ?? "not made here"
        let drill: Text =
            backup.drill.map { "recovery tried out \(Ago.text($0, now: session.now))" }
            ?? "recovery never tried out"
        table.add(
            "backup", "-", Styled("\(made), \(drill)", backup.drill == nil ? .warning : .good))
        if backup.drill == nil { hint("try a recovery out: \(program) backup drill") }
    }

    private mutating func hint(_ text: Text) {
        if !hints.contains(text) { hints.append(text) }
    }
}

extension Drift.Entry {
    /// What is wrong with it, in one phrase.
    fileprivate var why: Text {
        if let flaw { return flaw }
        if folder == nil { return "no list of recipients holds for it" }
        var parts: [Text] = []
        if !missing.isEmpty {
            parts.append("not for \(missing.map(\.name).joined(separator: ", "))")
        }
        if !extra.isEmpty {
            parts.append("also for \(extra.map(\.description).joined(separator: ", "))")
        }
        if hidden > 0 { parts.append("\(hidden) hidden recipients") }
        if oldSubkeys.contains(where: \.isRevoked) { parts.append("for a revoked subkey") }
        if usesAEAD { parts.append("in a form that older programs cannot read") }
        return parts.joined(separator: "; ")
    }
}
