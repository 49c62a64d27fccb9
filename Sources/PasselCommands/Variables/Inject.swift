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

        A file that is written is remembered: see exports.
        """
    static let parameters: [any Parameter] = [input, output, addIgnore, replace]
    private static let input = Option(
        "input", letter: "i", .file, "the template, instead of standard input")
    private static let output = Option(
        "output", letter: "o", .file, "write it to this file, mode 0600")
    private static let addIgnore = Flag("add-ignore", "have git ignore the file")
    private static let replace = Flag("replace", "also replace what somebody else wrote there")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let file = arguments[Self.input]
        let source =
            try file.map { try Files.readSecret($0) } ?? Prompt(output: session.output).everything()
        let template = try Template.read(source, file.map { Text($0.bytes) } ?? "standard input")
        let references = template.references
        guard let place = arguments[Self.output] else {
            session.output.secret(
                template.filled(
                    with: references.isEmpty ? [] : try session.store.values(of: references)))
            return .done
        }
        var form = ExportForm(.template)
        form.template = template
        form.templatePath = file.map(PlaintextFile.place)
        var consent = ExportConsent()
        consent.addsIgnore = arguments[Self.addIgnore]
        consent.replacesForeign = arguments[Self.replace]
        consent.command = { arguments.commandLine(adding: "\($0)") }
        let values = try ExportValues(session: session, form: form)
            .read(references.map { ExportWord($0) })
        _ = try Exporter(session: session, consent: consent).write(values, form, to: place)
        return .done
    }
}

extension Template {
    /// The template in a file, whose name messages have.
    static func read(_ source: Secret, _ name: Text) throws -> Template {
        do {
            return try Template(source)
        } catch {
            throw Problem("\(name):\(error.line): \(error.reason)")
        }
    }
}
