import PasselCore
import PasselPosix

/// How a piece of text looks on a terminal that shows more than text.
enum Look: String {
    case strong = "1"
    case faint = "2"
    case bad = "31"
    case good = "32"
    case warning = "33"
}

/// A text and how it looks; write one as a string literal.
struct Styled: ExpressibleByStringInterpolation {
    var text: Text
    var look: Look?

    init(_ text: Text, _ look: Look? = nil) {
        self.text = text
        self.look = look
    }

    init(stringLiteral value: String) { self.init(Text(value.utf8)) }
    init(stringInterpolation: Text.Interpolation) {
        self.init(Text(stringInterpolation: stringInterpolation))
    }
}

/// Whether texts get colours: only on a terminal, not on a dumb one, and not where `NO_COLOR` is
/// set (https://no-color.org).
struct Looks {
    let isOn: Bool

    init(isOn isTerminal: Bool, environment: ProcessEnvironment) {
        let terminal = environment["TERM"] ?? []
        isOn =
            isTerminal && !terminal.isEmpty && terminal != "dumb".bytes
            && environment["NO_COLOR"] ?? [] == []
    }

    /// The bytes, between control sequences where looks are on.
    func apply(_ look: Look?, to bytes: [UInt8]) -> [UInt8] {
        guard isOn, let look, !bytes.isEmpty else { return bytes }
        return "\u{1b}[\(look.rawValue)m".bytes + bytes + "\u{1b}[0m".bytes
    }
}
