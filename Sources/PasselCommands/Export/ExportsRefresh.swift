import PasselCore
import PasselPosix
import PasselStore

/// `exports refresh`: writes what the store has now.
struct ExportsRefresh: Command {
    static let word = "refresh"
    static let summary = "write what the store has now to exported files"
    static let discussion = """
        Without FILE all that are stale or expired, or where writing was cut short. A file that \
        is gone, or that somebody else changed, is written only if it is named, and changed parts \
        with --replace only. Tokens that were made for a file are made anew for as long as before. \
        The status is 3 if some could not be written.
        """
    static let parameters: [any Parameter] = [files, replace, Flag.json]
    private static let files = Operands("FILE", .file, "a file that was exported")
    private static let replace = Flag("replace", "also replace what somebody else changed")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let listing = try session.store.exportListing()
        if let problem = listing.problem { throw problem }
        let statuses = listing.statuses
        let named = try arguments[Self.files].map { try ExportedFiles.status(of: $0, statuses) }
        let wanted =
            named.isEmpty ? statuses.filter { [.stale, .expired].contains($0.state) } : named
        var consent = ExportConsent()
        consent.replacesForeign = arguments[Self.replace]
        consent.command = { arguments.commandLine(adding: "\($0)") }
        var done: [Path] = []
        var failed: [(Path, Problem)] = []
        for status in wanted {
            do {
                try refresh(status.record, consent)
                done.append(status.record.path)
            } catch let problem as Problem where wanted.count > 1 {
                failed.append((status.record.path, problem))
                session.warn(
                    Problem("\(status.record.path): \(problem.message)", hints: problem.hints))
            }
        }
        if arguments[Flag.json] {
            session.output.json([
                "refreshed": .array(done.map { .path($0) }),
                "failed": .array(failed.map { .path($0.0) }),
            ])
        } else {
            for path in done { session.output.line("\(path)") }
        }
        return failed.isEmpty ? .done : .inPart
    }

    private func refresh(_ record: ExportRecord, _ consent: ExportConsent) throws {
        var form = record.form
        let words: [ExportWord]
        if form.format == .template {
            let template = try template(record)
            form.template = template
            words = template.references.map { ExportWord($0) }
        } else {
            words = try record.items.map { item in
                guard let reference = Reference(item.reference.bytes) else {
                    throw Problem("\(item.reference) refers to no entry")
                }
                return ExportWord(name: item.name, reference)
            }
        }
        let values = try ExportValues(session: session, form: form).read(words)
        _ = try Exporter(session: session, consent: consent).write(values, form, to: record.path)
    }

    /// The template that a file was made of, as it is now.
    private func template(_ record: ExportRecord) throws -> Template {
        guard let path = record.form.templatePath else {
            let file = ShellWord.text(record.path.bytes)
            throw Problem(
                "its template came from standard input",
                hints: ["\(session.program) inject -o \(file) < TEMPLATE"])
        }
        return try Template.read(try Files.readSecret(path), Text(path.bytes))
    }
}

/// The files that are known as exported.
enum ExportedFiles {
    /// What is known of a file, however its path is spelled.
    static func status(of path: Path, _ statuses: [ExportStatus]) throws -> ExportStatus {
        let place = PlaintextFile.place(of: path)
        guard let status = statuses.first(where: { $0.record.path == place }) else {
            throw Problem("\(path) is not known as an exported file", hints: ["passel exports"])
        }
        return status
    }
}
