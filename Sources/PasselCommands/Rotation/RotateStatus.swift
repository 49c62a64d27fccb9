import PasselCore
import PasselStore

/// `rotate status`: which rotations are under way.
struct RotateStatus: Command {
    static let word = "status"
    static let summary = "list the rotations that are under way"
    static let discussion = """
        The status is 4 if an old secret should have been revoked a day ago, or longer.
        """
    static let parameters: [any Parameter] = [Flag.json]

    /// So many seconds after the time it is warned.
    private static let patience: Int64 = 86_400

    let session: Session
    let arguments: Arguments

    private struct Row {
        let entry: Path
        let record: RotationRecord
    }

    func run() throws -> ExitStatus {
        let rows = try rows()
        if arguments[Flag.json] {
            session.output.json(["rotations": .array(rows.map(json))])
        } else {
            show(rows)
        }
        return rows.contains { isLate($0.record) } ? .needsAttention : .done
    }

    private func rows() throws -> [Row] {
        var entries: [Path: Path] = [:]
        for name in try session.store.entryNames() {
            for side in RotationRecord.Side.allCases {
                if let entry = side.entry(of: name) { entries[name] = entry }
            }
        }
        let texts = try session.store.texts(of: Array(entries.keys))
        return entries.compactMap { name, entry in
            guard case .success(let text) = texts[name],
                let record = RotationRecord(text.source)
            else { return nil }
            return Row(entry: entry, record: record)
        }.sorted { $0.entry.bytes.precedes($1.entry.bytes) }
    }

    private func isLate(_ record: RotationRecord) -> Bool {
        record.until.map { $0.second + Self.patience <= session.now } ?? false
    }

    private func show(_ rows: [Row]) {
        var table = Table("STATE", "ENTRY", "SINCE", "REVOKE FROM", "REASON")
        for row in rows {
            let record = row.record
            table.add(
                Styled(Text(record.state.rawValue.utf8), isLate(record) ? .bad : .warning),
                Styled(Text(row.entry.bytes), .strong), Styled(record.since.spelling),
                Styled(record.until?.spelling ?? ""), Styled(record.reason ?? ""))
        }
        table.print(session)
        for row in rows where isLate(row.record) {
            session.warn(
                Problem(
                    "the old secret of \(row.entry) should be revoked by now",
                    hints: [
                        "\(session.program) rotate \(ShellWord.text(row.entry.bytes)) --resume"
                    ]))
        }
    }

    private func json(_ row: Row) -> JSON {
        [
            "name": .path(row.entry), "state": .string(Text(row.record.state.rawValue.utf8)),
            "since": .string(row.record.since.spelling),
            "until": .text(row.record.until?.spelling), "reason": .text(row.record.reason),
            "late": .bool(isLate(row.record)),
        ]
    }
}
