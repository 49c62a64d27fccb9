import PasselCore
import PasselGit
import PasselStore

/// `diff`: what is different in an entry, field by field.
struct Diff: Command {
    static let word = "diff"
    static let summary = "show how an entry differs from an earlier version"
    static let discussion = """
        From REV, or else from the version before the last one that holds something else, to what \
        the entry is now. Lines that are gone begin with -, new ones with +. Secrets are masked; so \
        are the values of fields unless their key is a usual one for what is no secret, such as \
        login or url.
        """
    static let parameters: [any Parameter] = [entry, revision, reveal, Flag.json]
    private static let entry = Operand("ENTRY", .entry, "the entry")
    private static let revision = OptionalOperand(
        "REV", .revision, "what to compare with: a commit, or a day and what was at its end")
    private static let reveal = Flag("reveal", "show secrets too")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let comparison = try session.store.comparison(
            of: arguments[Self.entry], with: arguments[Self.revision])
        let report = DiffReport(
            session: session, reveals: arguments[Self.reveal], comparison: comparison)
        if arguments[Flag.json] {
            session.output.json(report.json(entry: arguments[Self.entry]))
        } else {
            report.show(entry: arguments[Self.entry])
        }
        return .done
    }
}

/// A difference as it is shown.
private struct DiffReport {
    let session: Session
    let reveals: Bool
    let comparison: EntryComparison

    private static let mask: Text = "********"

    func show(entry: Path) {
        let since: Text =
            comparison.old.map { "\($0.commit.id.short) (\($0.commit.moment), \($0.commit.who))" }
            ?? "before it was there"
        session.output.error("\(entry) since \(since):")
        let difference = comparison.difference
        if difference.changes.isEmpty {
            session.output.error(
                difference.isOfFormOnly ? "the same, only otherwise spaced or ordered" : "the same")
        }
        for change in difference.changes {
            show(change.old, "-", change.part, .bad)
            show(change.new, "+", change.part, .good)
        }
    }

    private func show(_ value: Secret?, _ sign: Text, _ part: EntryPart, _ look: Look) {
        guard let value else { return }
        let label = part.label
        guard isShown(part) else { return line(sign, label, look) }
        // An empty value has a line, too.
        var number = 1
        repeat {
            line(sign, label, look, value.line(number) ?? Secret(plain: ""))
            number += 1
        } while value.line(number) != nil
    }

    private func line(_ sign: Text, _ label: Text, _ look: Look, _ value: Secret? = nil) {
        let head = session.output.name((sign + label).bytes)
        session.output.write(session.looks.apply(look, to: head) + ": ".bytes)
        if let value { session.output.secret(value) } else { session.output.write(Self.mask.bytes) }
        session.output.write([.newline])
    }

    private func isShown(_ part: EntryPart) -> Bool { reveals || part.isUsuallyPublic }

    func json(entry: Path) -> JSON {
        let changes = comparison.difference.changes.map { change -> JSON in
            var kind: Text = "changed"
            if change.old == nil { kind = "added" }
            if change.new == nil { kind = "removed" }
            var key: JSON = .null
            if case .field(let name) = change.part { key = .string(name) }
            return [
                "part": .string(change.part.word), "key": key, "what": .string(kind),
                "masked": .bool(!isShown(change.part)), "old": value(change.old, change.part),
                "new": value(change.new, change.part),
            ]
        }
        return [
            "entry": .string(Text(entry.bytes)),
            "from": comparison.old.map { .object($0.commit.json) } ?? .null,
            "same": .bool(comparison.difference.changes.isEmpty), "changes": .array(changes),
        ]
    }

    private func value(_ value: Secret?, _ part: EntryPart) -> JSON {
        guard let value, isShown(part) else { return .null }
        // plaintext: asked for with --reveal, on its way to standard output.
        return .string(value.withBytes { Text($0) })
    }
}

extension EntryPart {
    /// The part in a word, for `--json`.
    var word: Text {
        switch self {
        case .secret: "secret"
        case .field: "field"
        case .otpauth: "otpauth"
        case .text: "text"
        }
    }

    /// What stands before its value.
    var label: Text {
        if case .field(let key) = self { key } else { word }
    }
}
