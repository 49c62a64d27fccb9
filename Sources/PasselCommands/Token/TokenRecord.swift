import PasselCore
import PasselPosix
import PasselStore

/// `token record`: what was done with a token elsewhere, for the security log.
struct TokenRecord: Command {
    static let word = "record"
    static let summary = "note in the security log what was done with a token elsewhere"
    static let discussion = """
        That places have the new token (updated), that it works there (verified), or that its \
        issuer takes the old one no more (revoked). Without --location a token was put to, or \
        works at, all places that its entry names. What was revoked is the token before the last \
        replacement or removal; without one, that of the entry.
        """
    static let parameters: [any Parameter] = [
        name, event, locations, lastFour, result, reason, Flag.json,
    ]
    private static let name = Operand("NAME", .entry, "the entry with the token")
    private static let event = Operand(
        "EVENT", .choice(Happening.self, "EVENT"), "what happened to it")
    private static let locations = ListOption(
        "location", letter: "l", .text, "the place that it is about, and others so given")
    private static let lastFour = Option(
        "last4", .text, "the last four characters of the token, if it is another one")
    private static let result = Option("result", .text, "how it ended, if it is not simply done")
    private static let reason = Option("reason", letter: "r", .text, "why it was done")

    /// What can happen elsewhere.
    enum Happening: String, CaseIterable, Sendable {
        case updated, verified, revoked
    }

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        if let typed = arguments[Self.lastFour], typed.bytes.count != 4 {
            throw arguments.problem("--last4 takes four characters, never the whole token")
        }
        let draft = try draft()
        try session.store.record(draft)
        let four = draft.oldLastFour ?? draft.newLastFour
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(draft.entry), "event": .string(Text(draft.kind.rawValue.utf8)),
                "last4": .text(four), "locations": .array(draft.locations.map { .string($0) }),
                "result": .text(draft.result), "reason": .text(draft.reason),
            ])
        } else {
            let places =
                draft.locations.isEmpty
                ? "" : ": \(draft.locations.joined(separator: ", "))" as Text
            session.output.line(
                "\(draft.entry) \(four.map { "…\($0) " as Text } ?? "")\(Text(draft.kind.rawValue.utf8))\(places)"
            )
        }
        return .done
    }

    private func draft() throws -> EventDraft {
        let (name, event) = (arguments[Self.name], arguments[Self.event])
        let isThere = try FileStatus(of: session.store.file(name)) != nil
        var draft: EventDraft
        if event == .revoked {
            draft = EventDraft(.revoked, name)
            draft.oldLastFour = try arguments[Self.lastFour] ?? revoked(name, isThere: isThere)
        } else {
            let entry = try StoredEntry(name, session: session)
            draft = EventDraft(event == .updated ? .updated : .verified, name)
            draft.newLastFour = arguments[Self.lastFour] ?? entry.secret.lastFour
            draft.locations = TokenMetadata(entry.text)[.location]
        }
        let locations = arguments[Self.locations]
        if !locations.isEmpty { draft.locations = locations }
        draft.result = arguments[Self.result]
        draft.reason = arguments[Self.reason]
        return draft
    }

    /// The end of the token that is revoked.
    private func revoked(_ name: Path, isThere: Bool) throws -> Text? {
        let events = try session.store.securityLog().events
        if let four = RotationLog.unrevoked(of: name, in: events) { return four }
        guard isThere || events.contains(where: { $0.entry == name }) else {
            throw Problem(
                "\(name) is not in the store, and the security log knows of no token there",
                hints: ["\(session.program) log --security"])
        }
        return isThere ? try StoredEntry(name, session: session).secret.lastFour : nil
    }
}
