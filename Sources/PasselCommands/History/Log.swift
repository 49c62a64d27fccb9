import PasselCore
import PasselGit
import PasselStore

/// `log`: what happened to entries.
struct Log: Command {
    static let word = "log"
    static let summary = "list what was changed, when and by whom"
    static let discussion = """
        The newest first, of the current branch. An entry is followed to the names that it had \
        before. Names and times are what the commits state; whether somebody of the team signed \
        them is told for each. Times are in UTC.

        --security lists what happened to tokens instead, as the security log in the store has it: \
        which was replaced or narrowed, by whom, and the last four characters of the old and the \
        new one. --verify checks that nothing is missing from that log and nothing in it was \
        altered; the status is 4 if something was, and 3 if some of it is encrypted to others only.
        """
    static let parameters: [any Parameter] = [name, limit, security, format, verify, Flag.json]
    private static let name = OptionalOperand(
        "NAME", .entryOrFolder, "only this entry or folder")
    private static let limit = Option(
        "limit", letter: "n", .number(1...Int.max), "at most so many commits or events")
    private static let security = Flag("security", "what happened to tokens")
    private static let format = Option(
        "format", .choice(LogFormat.self, "FORMAT"), "of --security: a table, or a page in Markdown"
    )
    private static let verify = Flag("verify", "check that the security log is whole")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[Self.name] ?? ""
        try checkOptions()
        if arguments[Self.verify] {
            let check = try session.store.securityLog(checkingHistory: true)
            return SecurityLogReport(session: session, name: name, check: check)
                .printCheck(asJSON: arguments[Flag.json])
        }
        if arguments[Self.security] {
            let check = try session.store.securityLog()
            return SecurityLogReport(session: session, name: name, check: check).print(
                arguments[Self.format] ?? .text, limit: arguments[Self.limit] ?? .max,
                asJSON: arguments[Flag.json])
        }
        let all = try session.store.log(of: name)
        let entries = Array(all.prefix(arguments[Self.limit] ?? .max))
        let trust = try session.store.trust(in: entries, of: name)
        if arguments[Flag.json] {
            session.output.json(
                ["commits": .array(entries.map { LogLine($0, trust[$0.commit.id]).json })])
            return .done
        }
        var table = Table("WHEN", "WHO", "COMMIT", "SIGNED", "WHAT")
        for entry in entries {
            let line = LogLine(entry, trust[entry.commit.id])
            table.add(
                Styled(entry.commit.moment), Styled(entry.commit.who),
                Styled(Text(entry.commit.id.short.utf8), .faint), line.signed, Styled(line.what))
        }
        table.print(session)
        return .done
    }

    private func checkOptions() throws {
        if arguments[Self.format] != nil {
            guard arguments[Self.security] else {
                throw arguments.problem("--format is for --security")
            }
            guard !arguments[Flag.json] else {
                throw arguments.problem("--format and --json exclude each other")
            }
        }
        guard arguments[Self.verify] else { return }
        if arguments[Self.security] {
            throw arguments.problem("--security and --verify exclude each other")
        }
        if arguments[Self.name] != nil || arguments[Self.limit] != nil {
            throw arguments.problem("--verify is about the whole log")
        }
    }
}

/// A commit in the log.
private struct LogLine {
    private let entry: LogEntry
    private let trust: CommitTrust?

    /// Beyond this many names of a kind, only their number is told.
    private static let most = 3

    init(_ entry: LogEntry, _ trust: CommitTrust?) {
        (self.entry, self.trust) = (entry, trust)
    }

    var signed: Styled {
        switch trust {
        case .good: Styled("good", .good)
        case .unsigned, nil: Styled("-", .faint)
        case .foreign: Styled("foreign", .faint)
        case .unknownKey, .notInTeam, .expired: Styled(trust?.word ?? "", .warning)
        case .bad: Styled("bad", .bad)
        }
    }

    /// What happened, in one line; the subject where no entry and no list was changed.
    var what: Text {
        var parts: [Text] = []
        for kind in ["added", "changed", "removed"] as [Text] {
            let names = entry.changes.filter { word($0.kind) == kind }.map { Text($0.name.bytes) }
            if !names.isEmpty { parts.append("\(kind) \(few(names))") }
        }
        for kind in ["renamed", "copied"] as [Text] {
            let names = entry.changes.filter { word($0.kind) == kind }.map {
                "\(source($0.kind) ?? "") to \($0.name)" as Text
            }
            if !names.isEmpty { parts.append("\(kind) \(few(names))") }
        }
        if !entry.recipients.isEmpty {
            let folders = entry.recipients.map { $0 == "." ? "the store" : Text($0.bytes) }
            parts.append("changed the recipients of \(few(folders))")
        }
        return parts.isEmpty ? entry.commit.subject : parts.joined(separator: "; ")
    }

    private func few(_ names: [Text]) -> Text {
        guard names.count > Self.most else { return names.joined(separator: ", ") }
        let shown = names.prefix(Self.most - 1).joined(separator: ", ")
        return "\(shown) and \(names.count - Self.most + 1) more"
    }

    private func word(_ kind: LogEntry.Kind) -> Text {
        switch kind {
        case .added: "added"
        case .changed: "changed"
        case .removed: "removed"
        case .renamed: "renamed"
        case .copied: "copied"
        }
    }

    private func source(_ kind: LogEntry.Kind) -> Path? {
        switch kind {
        case .renamed(let old), .copied(let old): old
        default: nil
        }
    }

    var json: JSON {
        let changes = entry.changes.map { change -> JSON in
            [
                "entry": .string(Text(change.name.bytes)), "what": .string(word(change.kind)),
                "from": source(change.kind).map { .string(Text($0.bytes)) } ?? .null,
            ]
        }
        return .object(
            entry.commit.json + [
                .init("trust", trust.map { .string($0.word) } ?? .null),
                .init("entries", .array(changes)),
                .init(
                    "recipients",
                    .array(entry.recipients.map { ["folder": .string(Text($0.bytes))] })),
                .init("files", .array(entry.others.map { ["file": .string(Text($0.bytes))] })),
            ])
    }
}
