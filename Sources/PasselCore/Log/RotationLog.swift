/// The security log as a page for people, in Markdown: a section for each token that came, with what
/// became of the one before.
public struct RotationLog: Sendable {
    private struct Section {
        var event: SecurityEvent
        var updated: [SecurityEvent] = []
        var verified: [SecurityEvent] = []
        var revoked: [SecurityEvent] = []
    }

    private let sections: [Section]

    /// The page of these events, which come oldest first.
    public init(_ events: [SecurityEvent]) {
        var sections: [Section] = []
        var newest: [Path: Int] = [:]
        for event in events {
            switch event.kind {
            case .updated, .verified, .revoked:
                // What belongs to no section of its own stands under the last one of its entry.
                guard let place = newest[event.entry] else {
                    sections.append(Section(event: event))
                    continue
                }
                switch event.kind {
                case .updated: sections[place].updated.append(event)
                case .verified: sections[place].verified.append(event)
                default: sections[place].revoked.append(event)
                }
            // Of no token.
            case .drilled: continue
            case .narrowed: sections.append(Section(event: event))
            case .replaced, .abandoned:
                // What was done before the entry got it is told with it.
                if let place = newest[event.entry], sections[place].event.kind == .begun {
                    sections[place].event = event
                } else if event.kind == .replaced {
                    newest[event.entry] = sections.count
                    sections.append(Section(event: event))
                }
            case .moved:
                // What is told of it from now on is of the same token.
                if let place = event.source.flatMap({ newest.removeValue(forKey: $0) }) {
                    newest[event.entry] = place
                }
                sections.append(Section(event: event))
            default:
                newest[event.entry] = sections.count
                sections.append(Section(event: event))
            }
        }
        self.sections = sections.reversed()
    }

    /// The page, the newest section first.
    public var markdown: Text {
        var lines: [Text] = ["# Rotation log"]
        for section in sections { lines += [""] + self.lines(of: section) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of section: Section) -> [Text] {
        let event = section.event
        let title =
            event.reason.map(Self.plain)
            ?? "\(Self.code(event.entry.bytes)) \(Self.plain(event.event))"
        var lines: [Text] = ["## \(Day(second: event.time.second).spelling) - \(title)", ""]
        lines.append("- entry: \(Self.code(event.entry.bytes))")
        if let source = event.source { lines.append("- from: \(Self.code(source.bytes))") }
        if let actor = event.actor { lines.append("- by: \(Self.plain(actor))") }
        lines.append("- old token: \(Self.end(event.oldLastFour))")
        lines.append("- new token: \(Self.end(event.newLastFour))")
        // Of these nothing more is told: they are no new token of the entry.
        guard event.kind != .narrowed, event.kind != .moved else {
            return lines + (event.result.map { ["- result: \(Self.plain($0))"] } ?? [])
        }
        lines.append("- updated: \(Self.places(section.updated))")
        lines.append("- verified: \(Self.places(section.verified))")
        let day = section.revoked.last.map { Day(second: $0.time.second).spelling }
        let isOldLeft = [.replaced, .restored, .removed].contains(event.kind)
        lines.append("- revoked old: \(day ?? (isOldLeft ? "no" : "-"))")
        return lines
    }

    /// The last four characters of the token that an entry had and that nobody recorded to be
    /// revoked; nothing where there is none.
    ///
    /// - Parameter events: they come oldest first.
    public static func unrevoked(of entry: Path, in events: [SecurityEvent]) -> Text? {
        var left: [Path: Text] = [:]
        // Whether the old one was revoked before there was a new one, where that was begun.
        var begun: [Path: Bool] = [:]
        for event in events {
            switch event.kind {
            case .begun: begun[event.entry] = false
            case .replaced where begun.removeValue(forKey: event.entry) == true:
                left[event.entry] = nil
            case .replaced, .restored, .removed: left[event.entry] = event.oldLastFour
            case .moved: left[event.entry] = event.source.flatMap { left.removeValue(forKey: $0) }
            case .revoked:
                left[event.entry] = nil
                if begun[event.entry] != nil { begun[event.entry] = true }
            default: break
            }
        }
        return left[entry]
    }

    /// The places of events; their day where there are none.
    private static func places(_ events: [SecurityEvent]) -> Text {
        guard !events.isEmpty else { return "-" }
        var told: Set<Text> = []
        return events.flatMap { event -> [Text] in
            let result = event.result.map { " (\(plain($0)))" as Text } ?? ""
            let names =
                event.locations.isEmpty
                ? [Day(second: event.time.second).spelling]
                : event.locations.map { code($0.bytes) }
            return names.map { $0 + result }
        }.filter { told.insert($0).inserted }.joined(separator: ", ")
    }

    private static func end(_ lastFour: Text?) -> Text {
        lastFour.map { "…\(code($0.bytes))" } ?? "-"
    }

    /// A text that Markdown takes for nothing else.
    private static func plain(_ text: Text) -> Text {
        Text(
            TerminalText.sanitised(text.bytes).flatMap { byte in
                "\\`*_[]<>#|~&".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
            })
    }

    /// A name as code, between as many backticks as it needs.
    private static func code(_ bytes: [UInt8]) -> Text {
        let shown = TerminalText.sanitised(bytes)
        let runs = shown.split { $0 != UInt8(ascii: "`") }.map(\.count)
        let fence = [UInt8](repeating: UInt8(ascii: "`"), count: (runs.max() ?? 0) + 1)
        let blank: [UInt8] = runs.isEmpty ? [] : [0x20]
        return Text(fence + blank + shown + blank + fence)
    }
}
