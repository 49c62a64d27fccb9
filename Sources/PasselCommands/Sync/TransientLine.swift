import PasselCore
import PasselPosix

/// One line on the terminal that the next one replaces; none where standard error is something else.
final class TransientLine {
    private let output: Output
    private let isShown: Bool
    private var stands = false

    init(_ session: Session) {
        output = session.output
        let terminal = session.settings.environment["TERM"] ?? []
        isShown = output.errorIsTerminal && !terminal.isEmpty && terminal != "dumb".bytes
    }

    /// Shows a text in the place of the one before.
    func show(_ text: Text) {
        guard isShown else { return }
        // Cut rather than wrapped: only one line can be erased.
        let harmless = TerminalText.sanitised(text.bytes).prefix(78)
        output.prompt(Text(Self.erasing + harmless))
        stands = true
    }

    /// Takes it away.
    func erase() {
        guard stands else { return }
        output.prompt(Text(Self.erasing))
        stands = false
    }

    private static let erasing = "\r\u{1b}[K".bytes
}
