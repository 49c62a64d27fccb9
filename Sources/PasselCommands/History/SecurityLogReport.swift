import PasselCore
import PasselStore

/// How the security log is shown.
enum LogFormat: String, CaseIterable, Sendable {
    case text, markdown
}

/// The security log, or what of it is about one entry or folder.
struct SecurityLogReport {
    let session: Session
    /// The entry or folder; empty for the whole store.
    let name: Path
    let check: LogCheck

    /// What is shown, the oldest first.
    private var events: [SecurityEvent] {
        check.events.filter { name.isEmpty || $0.entry.isWithin(name) }
    }

    /// Prints the events, the newest first, and tells what is wrong.
    func print(_ format: LogFormat, limit: Int, asJSON: Bool) -> ExitStatus {
        let shown = Array(events.suffix(limit))
        if asJSON {
            session.output.json([
                "events": .array(shown.reversed().map(json)), "unreadable": unreadableJSON,
                "flaws": flawsJSON,
            ])
        } else if format == .markdown {
            session.output.write(RotationLog(shown).markdown.bytes)
        } else {
            table(Array(shown.reversed())).print(session)
        }
        if !asJSON { tell() }
        return status
    }

    /// Tells whether the log is whole.
    func printCheck(asJSON: Bool) -> ExitStatus {
        if asJSON {
            session.output.json([
                "checked": .int(Int64(check.events.count)), "unreadable": unreadableJSON,
                "flaws": flawsJSON, "heads": .array(check.heads.map { .string($0.text) }),
            ])
            return status
        }
        for flaw in check.flaws { session.output.line(flaw.description) }
        let count = check.events.count
        if check.flaws.isEmpty {
            session.output.line(
                "\(count) \(count == 1 ? "event" : "events"), none missing or altered")
        }
        tellUnreadable()
        return status
    }

    private var status: ExitStatus {
        guard check.flaws.isEmpty else { return .needsAttention }
        return check.unreadable.isEmpty ? .done : .inPart
    }

    private func tell() {
        if !check.flaws.isEmpty {
            session.warn(
                Problem(
                    "the log is not as it was written",
                    hints: ["\(session.program) log --verify"]))
        }
        tellUnreadable()
    }

    private func tellUnreadable() {
        let count = check.unreadable.count
        guard count > 0 else { return }
        session.warn(
            Problem(
                "\(count) \(count == 1 ? "event is" : "events are") encrypted to others and cannot be read here"
            ))
    }

    // MARK: - Forms

    private func table(_ events: [SecurityEvent]) -> Table {
        var table = Table("WHEN", "WHO", "EVENT", "ENTRY", "OLD", "NEW", "DETAILS")
        for event in events {
            let source = event.source.map { "from \($0)" as Text }
            let details = event.locations + [source, event.result, event.reason].compactMap(\.self)
            table.add(
                Styled(event.time.spelling), Styled(event.actor ?? ""),
                Styled(event.event, .strong), Styled(Text(event.entry.bytes)),
                Styled(event.oldLastFour ?? ""), Styled(event.newLastFour ?? ""),
                Styled(details.joined(separator: ", "), .faint))
        }
        return table
    }

    private func json(_ event: SecurityEvent) -> JSON {
        [
            "name": .string(event.name.text), "time": .string(event.time.spelling),
            "actor": .text(event.actor), "key": .text(event.key.map { Text($0.hex.utf8) }),
            "entry": .path(event.entry), "from": .text(event.source.map { Text($0.bytes) }),
            "event": .string(event.event),
            "old_last4": .text(event.oldLastFour), "new_last4": .text(event.newLastFour),
            "locations": .array(event.locations.map { .string($0) }),
            "result": .text(event.result), "reason": .text(event.reason),
            "previous": .array(event.previous.map { .string($0.text) }),
        ]
    }

    private var unreadableJSON: JSON { .array(check.unreadable.map { .string($0.text) }) }

    private var flawsJSON: JSON {
        .array(
            check.flaws.map { flaw in
                switch flaw {
                case .altered(let name): ["what": "altered", "name": .string(name.text)]
                case .missing(let name): ["what": "missing", "name": .string(name.text)]
                case .stray(let name): ["what": "stray", "name": .string(name)]
                }
            })
    }
}
