import PasselCore
import PasselGit
import PasselStore

/// How the report of a sync is shown.
struct SyncView {
    private let report: SyncReport
    private let isDryRun: Bool
    private let session: Session

    init(_ report: SyncReport, isDryRun: Bool, _ session: Session) {
        self.report = report
        self.isDryRun = isDryRun
        self.session = session
    }

    // MARK: For people

    /// Rows on standard output; what needs somebody, with what to type, on standard error.
    func show() {
        var table = Table("WHAT", "NAME", "NOTE")
        for remote in report.remotes { add(remote, &table) }
        // What went nowhere but to the others is the least of what there is to tell.
        let told = Set(report.items.compactMap { $0.isSent ? nil : $0.name })
        var ofTeam: Set<Path> = []
        for item in report.items where !(item.isSent && told.contains(item.name)) {
            // How the team is written down is a matter of one line, unless somebody has to look.
            guard item.isOpen || !item.isOfTeam else {
                ofTeam.insert(item.name)
                continue
            }
            let (word, note) = item.words
            table.add(
                Styled(word, item.isOpen ? .warning : nil), Styled(Text(item.name.bytes)),
                Styled(note))
        }
        if !ofTeam.isEmpty {
            table.add(
                "team", "",
                ofTeam.count == 1
                    ? "1 list, roster, key or request"
                    : "\(ofTeam.count) lists, rosters, keys and requests")
        }
        for folder in report.reviews {
            table.add(
                Styled("review", .warning), Styled(folder.folderText),
                "its recipients changed")
        }
        table.print(session)
        warn()
    }

    private func add(_ remote: SyncReport.Remote, _ table: inout Table) {
        let look: Look? =
            switch remote.state {
            case .done: .good
            case .failed, .refused: .bad
            }
        table.add(
            Styled(Text(remote.state.rawValue.utf8), look), Styled(remote.name),
            Styled(note(remote)))
        for violation in remote.gate?.violations ?? [] {
            table.add(
                Styled("violation", .bad), Styled(Text(violation.name.bytes)),
                Styled(violation.text))
        }
        for name in remote.gate?.rewritten?.changed ?? [] {
            table.add(Styled("rewritten", .bad), Styled(Text(name.bytes)), "would change")
        }
        for (commit, trust) in remote.gate?.commits ?? [] where trust.isSuspect {
            table.add(
                Styled("signature", .warning), Styled(Text(commit.id.hex.prefix(10).utf8)),
                Styled(trust.description))
        }
    }

    private func note(_ remote: SyncReport.Remote) -> Text {
        if let problem = remote.problem { return problem.message }
        var parts: [Text] = []
        if remote.received > 0 {
            let signed = remote.gate?.commits.count { $0.trust.isGood } ?? 0
            let state: Text =
                remote.state == .refused ? "refused" : isDryRun ? "would come" : "came"
            let trust: Text = signed > 0 ? ", \(signed) of them signed by the team" : ""
            parts.append("\(Self.commits(remote.received)) \(state)\(trust)")
        }
        if remote.sent > 0 {
            parts.append("\(Self.commits(remote.sent)) \(isDryRun ? "would go" : "went")")
        }
        return parts.isEmpty ? "nothing new" : parts.joined(separator: "; ")
    }

    private static func commits(_ count: Int) -> Text {
        count == 1 ? "1 commit" : "\(count) commits"
    }

    private func warn() {
        for name in report.uncommitted {
            session.warn(Problem("not committed: \(name)"))
        }
        var hints: [Text] = report.remotes.flatMap { $0.problem?.hints ?? [] }
        for item in report.items {
            if case .drifted(let problem) = item.what { hints += problem.hints }
        }
        if !report.reviews.isEmpty {
            hints.append(
                "see what changed, and accept or refuse it: \(session.program) recipients review")
        }
        if report.items.contains(where: \.isConflict) {
            hints.append("look at both versions: \(session.program) conflicts")
        }
        var told: Set<Text> = []
        for hint in hints where told.insert(hint).inserted {
            session.hint(hint)
        }
    }

    // MARK: For programs

    /// Everything.
    var json: JSON {
        [
            "state": report.needsPerson ? "in_part" : "done",
            "dry_run": .bool(isDryRun),
            "remotes": .array(report.remotes.map(json)),
            "entries": .array(report.items.map { $0.json }),
            "reviews": .array(report.reviews.map { ["folder": .path($0)] }),
            "uncommitted": .array(report.uncommitted.map { ["name": .path($0)] }),
        ]
    }

    private func json(_ remote: SyncReport.Remote) -> JSON {
        [
            "remote": .string(remote.name),
            "policy": .string(Text(remote.policy.rawValue.utf8)),
            "state": .string(Text(remote.state.rawValue.utf8)),
            "received": .int(Int64(remote.received)),
            "sent": .int(Int64(remote.sent)),
            "message": .text(remote.problem?.message),
            "commits": .array(
                (remote.gate?.commits ?? []).map { commit, trust in
                    [
                        "commit": .string(Text(commit.id.hex.utf8)),
                        "author": .string(commit.author.name),
                        "subject": .string(commit.subject),
                        "signature": .string(trust.word),
                    ]
                }),
            "violations": .array(
                (remote.gate?.violations ?? []).map {
                    [
                        "name": .path($0.name), "rule": .string(Text($0.rule.rawValue.utf8)),
                        "reason": .string($0.text),
                    ]
                }),
            "rewritten": .array(
                (remote.gate?.rewritten?.changed ?? []).map { ["name": .path($0)] }),
            "unverified": .array(
                (remote.gate?.unverified ?? []).map { ["name": .path($0)] }),
        ]
    }
}

extension CommitTrust {
    /// Whether it is worse than no signature at all.
    fileprivate var isSuspect: Bool {
        switch self {
        case .good, .unsigned: false
        default: true
        }
    }
}

extension SyncReport.Item {
    /// Whether it only went to a remote.
    fileprivate var isSent: Bool {
        if case .sent = what { true } else { false }
    }

    /// Whether it is one of the files by which the team is known.
    fileprivate var isOfTeam: Bool {
        if case .merged(let outcome) = what, ![.entry, .file].contains(outcome.subject) {
            return true
        }
        let parts = name.components
        return [".passel", ".public-keys"].contains { parts.first?.elementsEqual($0.utf8) == true }
            || [".gpg-id", ".gpg-id.sig"].contains { parts.last?.elementsEqual($0.utf8) == true }
    }

    /// Whether two versions are kept.
    fileprivate var isConflict: Bool {
        guard case .merged(let outcome) = what else { return false }
        return outcome.kept != nil
    }

    /// Whether somebody has to look at it.
    fileprivate var isOpen: Bool {
        switch what {
        case .merged(let outcome): outcome.needsPerson
        case .drifted: true
        case .sent, .healed: false
        }
    }

    /// What became of it, in a word, and what more there is to say.
    fileprivate var words: (word: Text, note: Text) {
        switch what {
        case .sent: ("sent", remote.map { "to \($0)" } ?? "")
        case .healed: ("healed", "encrypted anew for the recipients of its folder")
        case .drifted(let problem): ("drifted", problem.message)
        case .merged(let outcome): outcome.words
        }
    }

    fileprivate var json: JSON {
        var reason: Text?
        var outcome: MergeOutcome?
        switch what {
        case .merged(let found):
            outcome = found
            reason = found.reason
        case .drifted(let problem): reason = problem.message
        case .sent, .healed: break
        }
        return [
            "entry": .path(name),
            "what": .string(words.word.asWord),
            "remote": .text(remote),
            "from": .path(outcome?.origin),
            "kept": .path(outcome?.kept),
            "fields": .array((outcome?.parts ?? []).map { ["field": .string($0.called)] }),
            "reason": .text(reason),
        ]
    }
}

extension Text {
    /// The text as a word of JSON.
    fileprivate var asWord: Text { Text(bytes.map { $0 == 0x20 ? UInt8(ascii: "_") : $0 }) }
}

extension MergeOutcome {
    /// The name under which the other version is kept.
    fileprivate var kept: Path? {
        switch kind {
        case .conflict(let kept, _), .keptBoth(let kept, _): kept
        default: nil
        }
    }

    /// What it was called before.
    fileprivate var origin: Path? {
        switch kind {
        case .renamed(let from), .mergedUnderNewName(let from): from
        default: nil
        }
    }

    fileprivate var parts: [EntryPart] {
        if case .conflict(_, let parts) = kind { parts } else { [] }
    }

    fileprivate var reason: Text? {
        if case .keptBoth(_, let reason) = kind { reason } else { nil }
    }

    fileprivate var words: (word: Text, note: Text) {
        switch kind {
        case .came: ("came", "")
        case .changed: ("changed", "")
        case .removed: ("removed", "")
        case .renamed(let from): ("renamed", "was \(from)")
        case .merged: ("merged", "changed on both sides")
        case .mergedUnderNewName(let from): ("merged", "was \(from)")
        case .conflict(let kept, let parts):
            (
                "conflict",
                "\(parts.map(\.called).joined(separator: ", ")); the other version is \(kept)"
            )
        case .keptBoth(let kept, let reason):
            ("kept both", "\(reason); the other version is \(kept)")
        case .removalUndone(let side):
            ("kept", side == .ours ? "removed here, changed there" : "removed there, changed here")
        case .renamedApart(let ours, let theirs): ("renamed apart", "both \(ours) and \(theirs)")
        case .twin(let other): ("twin", "differs from \(other) only in the case of letters")
        case .unsigned: ("unsigned", "the merged list needs a signature")
        case .overruled: ("overruled", "the roster says otherwise")
        }
    }
}

extension EntryPart {
    /// What it is called: a field by its key.
    fileprivate var called: Text {
        switch self {
        case .secret: "secret"
        case .field(let key): key
        case .otpauth: "otpauth"
        case .text: "text"
        }
    }
}
