import PasselCore
import PasselPosix
import PasselStore

/// `inject`: a template with values in the place of its references.
struct Inject: Command {
    static let word = "inject"
    static let summary = "fill in the references of a template"
    static let discussion = """
        In the place of {{ passel://NAME#FIELD }}, and of passel://NAME#FIELD without braces, comes \
        the value; everything else stays as it is. Without braces a reference ends before the first \
        character that is no letter, digit or one of - _ . / #.
        """
    static let parameters: [any Parameter] = [input, output, addIgnore]
    private static let input = Option(
        "input", letter: "i", .file, "the template, instead of standard input")
    private static let output = Option(
        "output", letter: "o", .file, "write it to this file, mode 0600")
    private static let addIgnore = Flag("add-ignore", "have git ignore the file")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let file = arguments[Self.input]
        let source =
            try file.map { try Files.readSecret($0) } ?? Prompt(output: session.output).everything()
        let template: Template
        do {
            template = try Template(source)
        } catch {
            throw Problem("\(file ?? "standard input"):\(error.line): \(error.reason)")
        }
        let references = template.references
        let filled = template.filled(
            with: references.isEmpty ? [] : try session.store.values(of: references))
        guard let place = arguments[Self.output] else {
            session.output.secret(filled)
            return .done
        }
        var consent = ExportConsent()
        consent.addsIgnore = arguments[Self.addIgnore]
        consent.command = { arguments.commandLine(adding: "\($0)") }
        try session.store.write(filled, inClearTo: place, consent)
        return .done
    }
}
