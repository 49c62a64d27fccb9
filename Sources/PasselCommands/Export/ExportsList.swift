import PasselCore
import PasselStore

/// `exports ls`: every file with secrets that was written, and what has become of it.
struct ExportsList: Command {
    static let word = "ls"
    static let summary = "list the files that have secrets of the store in them"
    static let discussion = """
        A file is current, stale when the store has other values by now, edited when somebody else \
        changed what is ours in it, gone, or expired. The status is 4 if one is stale or expired. \
        Where your key cannot be used, what may be current or stale is unknown, and the status is 3.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let listing = try session.store.exportListing()
        let statuses = listing.statuses
        if arguments[Flag.json] {
            session.output.json(["exports": .array(statuses.map(\.json))])
        } else {
            var table = Table("STATE", "FILE", "FORMAT", "ENTRIES", "WRITTEN", "EXPIRES")
            for status in statuses {
                let record = status.record
                table.add(
                    Styled(Text(status.state.rawValue.utf8), look(status.state)),
                    Styled(Text(record.path.bytes), .strong),
                    Styled(Text(record.form.format.rawValue.utf8)),
                    Styled(record.items.map(\.reference).joined(separator: ", ")),
                    Styled(Instant(second: record.time).spelling, .faint),
                    Styled(record.ends.map { Instant(second: $0).spelling } ?? ""))
            }
            table.print(session)
            for status in statuses where !status.missing.isEmpty {
                let names = status.missing.joined(separator: ", ")
                session.warn(Problem("the store has no value for \(names)"))
            }
        }
        if let problem = listing.problem {
            session.warn(problem)
            return .inPart
        }
        let needsAttention = statuses.contains { [.stale, .expired].contains($0.state) }
        return needsAttention ? .needsAttention : .done
    }

    private func look(_ state: ExportState) -> Look? {
        switch state {
        case .current: .good
        case .stale, .edited: .warning
        case .expired: .bad
        case .gone, .unknown: .faint
        }
    }
}

extension ExportStatus {
    /// As a program reads it.
    var json: JSON {
        [
            "path": .path(record.path), "format": .string(Text(record.form.format.rawValue.utf8)),
            "state": .string(Text(state.rawValue.utf8)),
            "written": .string(Instant(second: record.time).spelling),
            "expires": .text(record.ends.map { Instant(second: $0).spelling }),
            "entries": .array(
                record.items.map {
                    ["name": .string($0.name), "reference": .string($0.reference)]
                }),
            "missing": .array(missing.map { .string($0) }),
        ]
    }
}
