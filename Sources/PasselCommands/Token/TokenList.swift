import PasselCore
import PasselStore

/// How a list of tokens is sorted.
enum TokenOrder: String, CaseIterable, Sendable {
    case expires, name, kind
}

/// `token ls`: the tokens of the store, and how long they last.
struct TokenList: Command {
    static let word = "ls"
    static let summary = "list tokens and how long they last"
    static let discussion = """
        An entry is a token if one of its fields says what it is, when it ends or where it is used: \
        any field of passel-token(5) but url, username, owner and note; or if its secret itself \
        says when it ends. A token ends when it expires, or when “created” and “rotate-every” \
        say that there is to be another one, whichever is sooner. The status is 3 if entries \
        could not be read; those that are encrypted to others only are none of them.
        """
    static let parameters: [any Parameter] = [folder, kind, expiring, owner, sort, Flag.json]
    private static let folder = OptionalOperand(
        "FOLDER", .folder, "the folder; without it, the whole store")
    private static let kind = Option("kind", letter: "k", .text, "only tokens of this kind")
    private static let expiring = Option(
        "expiring", letter: "e", .span, "only those that end within this time, or have ended")
    private static let owner = Option("owner", letter: "o", .text, "only those of this owner")
    private static let sort = Option(
        "sort", letter: "s", .choice(TokenOrder.self, "ORDER"), "the soonest end first, or by kind")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let catalogue = try TokenCatalogue(
            below: arguments[Self.folder] ?? "", session: session)
        let tokens = sorted(catalogue.tokens.filter(isWanted))
        if arguments[Flag.json] {
            session.output.json(
                .object(
                    [.init("tokens", .array(tokens.map { $0.json(at: session.now) }))]
                        + catalogue.entries.unreadMembers))
        } else {
            table(tokens).print(session)
            catalogue.entries.tellUnread(session)
        }
        return catalogue.entries.status
    }

    private func isWanted(_ token: KnownToken) -> Bool {
        if let kind = arguments[Self.kind], token.kind != kind { return false }
        if let owner = arguments[Self.owner], token.metadata[.owner].last != owner { return false }
        guard let span = arguments[Self.expiring] else { return true }
        return token.life.map { $0.end.second <= session.now + span.seconds } ?? false
    }

    private func sorted(_ tokens: [KnownToken]) -> [KnownToken] {
        func kind(_ token: KnownToken) -> [UInt8] { token.kind?.bytes ?? [] }
        return tokens.sorted { left, right in
            switch arguments[Self.sort] ?? .name {
            case .expires:
                let (one, other) = (left.life?.end.second ?? .max, right.life?.end.second ?? .max)
                if one != other { return one < other }
            case .kind where kind(left) != kind(right): return kind(left).precedes(kind(right))
            case .kind, .name: break
            }
            return left.name.bytes.precedes(right.name.bytes)
        }
    }

    private func table(_ tokens: [KnownToken]) -> Table {
        var table = Table("NAME", "KIND", "ENDS IN", "OWNER", "DUE", "LEFT")
        for token in tokens {
            let (metadata, life) = (token.metadata, token.life)
            table.add(
                Styled(Text(token.name.bytes), .strong), Styled(token.kind ?? ""),
                Styled(token.lastFour ?? "", .faint), Styled(metadata[.owner].last ?? ""),
                Styled(life?.end.spelling ?? ""), life.map(left) ?? "")
        }
        return table
    }

    /// A bar for people, a number for programs.
    private func left(_ life: TokenLife) -> Styled {
        guard session.output.isTerminal else { return "\(life.daysLeft(at: session.now))" }
        return TimeBar(life, at: session.now, utf8: session.settings.showsUTF8).cell
    }
}

extension ValueKind<TimeSpan> {
    /// How long something lasts.
    static var span: ValueKind {
        ValueKind(
            placeholder: "SPAN", expected: "a time span such as 30d or 12h", read: { TimeSpan($0) })
    }
}
