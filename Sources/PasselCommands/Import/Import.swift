import PasselCore
import PasselImport
import PasselPosix
import PasselStore

/// `import`: entries from what another program kept.
struct Import: Command {
    static let word = "import"
    static let summary = "make entries of what another program kept"
    static let discussion = """
        FORMAT is one of \(ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")). FILE is \
        what that program wrote, in clear or, for bitwarden, under a password; - is standard input.

        Only names are shown. Everything becomes one commit or nothing does, and no entry is \
        replaced unless --on-conflict=replace is given. Afterwards FILE still has the secrets in \
        it: on a terminal passel offers to shred it.
        """
    static let parameters: [any Parameter] = [
        format, file, into, dryRun, onConflict, shred, Flag.json,
    ]
    private static let format = Operand(
        "FORMAT", .choice(ImportFormat.self, "FORMAT"), "the form, such as bitwarden")
    private static let file = Operand("FILE", .file, "what the other program wrote, or -")
    private static let into = Option(
        "into", letter: "i", .folder, "the folder for the entries; the top, if not given")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be done")
    private static let onConflict = Option(
        "on-conflict", .choice(ImportPlan.Policy.self, "WHAT"),
        "what to do where an entry holds something else: skip, rename or replace")
    private static let shred = Flag("shred", "overwrite and remove FILE afterwards, without asking")

    let session: Session
    let arguments: Arguments

    private var isFromInput: Bool { arguments[Self.file] == "-" }

    func run() throws -> ExitStatus {
        if isFromInput, arguments[Self.shred] {
            throw arguments.problem("standard input cannot be shredded")
        }
        let names = try session.store.entryNames()
        let found = try items()
        let plan = try plan(found.items, into: arguments[Self.into] ?? "", names)
        for reason in found.leftOut { session.warn(Problem("left out: \(reason)")) }
        for (item, step) in zip(found.items, plan.steps) where item.goesOn && step.isWritten {
            session.warn(
                Problem(
                    "\(step.name) has several lines, of which a reference gives the first",
                    hints: ["for all of them: \(Reference(step.name, field: "entry").spelling)"]))
        }
        if !arguments[Self.dryRun] {
            let count = plan.steps.count { $0.isWritten }
            try session.store.perform(
                plan, subject: CommitSubject.importing(count, from: arguments[Self.format].rawValue)
            )
        }
        let isLeft = plan.steps.contains { $0.outcome == .skipped }
        let shredded = try !arguments[Self.dryRun] && !isLeft && shredSource()
        tell(plan, found.leftOut, shredded)
        guard isLeft, arguments[Self.onConflict] == nil else { return .done }
        session.warn(
            Problem(
                "what is marked as skipped was not imported: other entries have these names",
                hints: [
                    arguments.commandLine(adding: "--on-conflict=rename"),
                    arguments.commandLine(adding: "--on-conflict=replace"),
                ]))
        return .inPart
    }

    // MARK: What there is

    private func items() throws -> ImportedItems {
        let path = arguments[Self.file]
        do {
            return try arguments[Self.format].items(inSource: source(), password: password)
        } catch let problem as Problem {
            throw problem.about(isFromInput ? "standard input" : Text(path.bytes))
        }
    }

    private func source() throws -> Secret {
        let path = arguments[Self.file]
        if isFromInput { return try Prompt(output: session.output).everything() }
        guard !FileStatus.isFolder(path) else { throw Problem("\(path) is a folder") }
        return try Files.readSecret(path, limit: 256 << 20)
    }

    private func password() throws -> Secret {
        guard !isFromInput else {
            throw Problem(
                "it is under a password, which cannot be asked for beside it",
                hints: ["\(session.program) import bitwarden FILE"])
        }
        let password = try Prompt(output: session.output).hidden("Password of the export: ")
        if Prompt.isInteractive { session.output.error("") }
        return password
    }

    private func plan(
        _ items: [ImportedItem], into folder: Path, _ names: [Path]
    ) throws -> ImportPlan {
        let store = session.store
        let wanted = Set(ImportPlan.names(of: items, in: folder)).intersection(names)
        var known = try store.texts(of: Array(wanted))
        return try ImportPlan(
            items, into: folder, arguments[Self.onConflict] ?? .skip, names: names
        ) { name in
            if known[name] == nil { known.merge(try store.texts(of: [name])) { $1 } }
            // What cannot be read here is another content.
            return try? known[name]?.get().source
        }
    }

    // MARK: Afterwards

    /// Offers to take the secrets out of the source.
    private func shredSource() throws -> Bool {
        guard !isFromInput else { return false }
        let path = arguments[Self.file]
        let command = "shred -u \(ShellWord.text(path.bytes))" as Text
        if !arguments[Self.shred] {
            let prompt = Prompt(output: session.output, input: session.input)
            guard prompt.canAsk else {
                session.warn(Problem("\(path) still has the secrets in it", hints: [command]))
                return false
            }
            do {
                try prompt.confirm("\(path) still has the secrets in it. Shred it?")
            } catch is Problem {
                return false
            }
        }
        do {
            try PlaintextFile(path).shred(keeping: nil)
        } catch let problem as Problem {
            throw Problem(
                "everything was imported, but the file stays: \(problem.message)",
                hints: [command], status: 3)
        }
        return true
    }

    private func tell(_ plan: ImportPlan, _ leftOut: [Text], _ shredded: Bool) {
        if arguments[Flag.json] {
            session.output.json([
                "entries": .array(
                    plan.steps.map { step in
                        [
                            "name": .path(step.name),
                            "outcome": .string(Text(step.outcome.rawValue.utf8)),
                            "wanted": step.wanted.map { .path($0) } ?? .null,
                        ]
                    }),
                "left_out": .array(leftOut.map { .string($0) }),
                "dry_run": .bool(arguments[Self.dryRun]),
                "shredded": .bool(shredded),
            ])
            return
        }
        for step in plan.steps {
            let detail: Text =
                step.outcome == .renamed ? step.wanted.map { " (not \($0))" } ?? "" : ""
            session.output.line("\(step.outcome.rawValue)\t\(step.name)\(detail)")
        }
        guard session.output.errorIsTerminal else { return }
        let counts = [ImportPlan.Outcome.new, .renamed, .replaced, .same, .skipped].compactMap {
            outcome -> Text? in
            let count = plan.steps.count { $0.outcome == outcome }
            return count == 0 ? nil : "\(count) \(outcome.rawValue)"
        }
        session.output.error(
            counts.isEmpty ? "nothing to import" : counts.joined(separator: ", "))
    }
}
