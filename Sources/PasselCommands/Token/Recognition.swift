import PasselCore
import PasselStore

/// What is told to somebody who stores a token by one of pass's commands: what is wrong with it, and
/// which fields it implies.
///
/// Nothing at all where we stand in for pass.
struct Recognition {
    private let session: Session
    private let name: Path
    private let content: EntryText
    private let pasted: PastedToken
    private let finding: TokenFinding?

    /// Looks at what is about to be stored; nothing where there is nothing to say.
    init?(_ content: Secret, in name: Path, session: Session) {
        guard !session.isPass else { return nil }
        let text = EntryText(content)
        // A document, or a block, is what it is.
        guard !text.isOpaque, let first = text.units.first else { return nil }
        // A CR before the line's end belongs to the file's line ends only if there are more lines.
        let isCut = first.end == .crlf && text.units.count == 1
        pasted = PastedToken(
            Secret(joining: [text.value(of: first), Secret(plain: isCut ? "\r" : "")]))
        finding = pasted.clean.tokenFinding.flatMap { $0.certainty == .certain ? $0 : nil }
        guard let finding else {
            // Passwords may have blanks in them, but nobody types a byte order mark.
            guard !pasted.flaws.filter(Self.isNeverMeant).isEmpty else { return nil }
            (self.session, self.name, self.content) = (session, name, text)
            return
        }
        let isKnown = TokenMetadata(text).isToken
        guard !isKnown || !pasted.flaws.isEmpty || !finding.warnings.isEmpty else { return nil }
        (self.session, self.name, self.content) = (session, name, text)
    }

    private static func isNeverMeant(_ flaw: PastedToken.Flaw) -> Bool {
        switch flaw {
        case .byteOrderMark, .carriageReturn, .control: true
        case .blank, .innerBlank, .newline: false
        }
    }

    private var warnings: [Text] {
        let flaws = finding == nil ? pasted.flaws.filter(Self.isNeverMeant) : pasted.flaws
        return flaws.map { "\($0.text) came along with it" }
            + (finding?.warnings ?? []).map { "it \($0)" }
    }

    /// Points out what is wrong; with `asking` on a terminal, it is stored only if the user wants
    /// it so.
    ///
    /// - Throws: a silent problem when the user does not.
    func warn(asking: Bool) throws {
        for warning in warnings { session.warn(Problem(warning)) }
        guard asking, !warnings.isEmpty else { return }
        let prompt = Prompt(output: session.output, input: session.input)
        if prompt.canAsk { try prompt.confirm("Store it all the same?") }
    }

    /// Proposes the fields that a token implies, once it is stored: one line.
    func propose() {
        guard let finding, !TokenMetadata(content).isToken else { return }
        let fields = TokenField.allCases.compactMap { field in
            finding.implied[field].map { "\(field.key)=\($0)" as Text }
        }
        let words = fields.map { ShellWord.text($0.bytes) }.joined(separator: " ")
        let command: Text = "\(session.program) token set \(ShellWord.text(name.bytes)) \(words)"
        session.output.error("\(session.program): hint: it looks like \(finding.title): \(command)")
    }
}
