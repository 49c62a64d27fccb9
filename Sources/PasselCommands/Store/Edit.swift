import PasselCore
import PasselPosix
import PasselStore

/// `edit`: opens an entry in the user's editor and stores what is saved there.
struct Edit {
    let session: Session
    let word: Text

    private var usage: Text { "Usage: \(session.program) \(word) pass-name" }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let operands = try operands(arguments)
        guard operands.count == 1, let operand = operands.first else {
            throw OptionProblem(usage: usage)
        }
        let name = Path(operand.last == .slash ? operand.dropLast() : operand[...])
        let entry = try NewEntry(name, session: session)
        try entry.prepareFolder()
        let ciphertext = try Files.readIfPresent(entry.file)
        let old = try ciphertext.map { _ in try read(entry.file, Text(name.bytes)) }
        guard let new = try Editor(session: session).edit(old, name: name) else {
            throw Problem.pass("New password not saved.")
        }
        guard new != old else { throw Problem.pass("Password unchanged.") }
        let subject = CommitSubject.edit(
            Text(name.bytes), editor: session.settings.editorText, isNew: old == nil)
        // What somebody typed for long is not thrown away over a question.
        let isNewSecret = old.map { EntryText($0).secret } != EntryText(new).secret
        let recognition = isNewSecret ? Recognition(new, in: name, session: session) : nil
        try recognition?.warn(asking: false)
        try save(
            new, entry, known: ciphertext.map { .ciphertext($0) } ?? .absent, insteadOf: old,
            subject)
        recognition?.propose()
        return 0
    }

    /// pass's `edit` has no options: a single argument is a name, whatever it looks like.
    private func operands(_ arguments: [[UInt8]]) throws -> [[UInt8]] {
        let skips = arguments.contains { $0 == "--skip".bytes || $0.starts(with: "--skip=".utf8) }
        guard arguments.count > 1, skips else { return arguments }
        let options = try Options(
            [Skip.definition], arguments, program: session.program, usage: usage)
        try Skip.apply(options, usage: usage, session: session)
        return options.operands
    }

    /// The present plaintext; as for pass, failing to decrypt it is an ordinary failure here.
    private func read(_ file: Path, _ name: Text) throws -> Secret {
        do {
            return try session.store.read(file, name: name)
        } catch var problem as Problem {
            problem.status = 1
            throw problem
        }
    }

    /// Stores the text; what the user typed is not given up because encrypting failed once, nor
    /// because somebody else changed the entry meanwhile.
    private func save(
        _ new: Secret, _ entry: NewEntry, known: Store.Known, insteadOf old: Secret?,
        _ subject: Text
    ) throws {
        while true {
            do {
                try session.store.put(
                    new, in: entry.file, known: known, insteadOf: old, subject: subject)
                return
            } catch let problem as Problem where problem.form == .pass {
                guard Prompt.isInteractive else { throw problem }
                session.output.error(problem.message)
                try Prompt(output: session.output).confirm(
                    "GPG encryption failed. Would you like to try again?")
            } catch is Store.ChangedMeanwhile {
                let name = ConflictName(
                    of: Path(entry.name.bytes), id: Random.bytes(count: 4).hex.lowercased()
                ).name
                try session.store.put(
                    new, in: session.store.file(name), known: .absent, subject: subject)
                throw Problem(
                    "\(entry.name) was changed by somebody else meanwhile; your text is saved as \(name)",
                    hints: [
                        "see what differs: \(session.program) conflicts",
                        "then settle it: \(session.program) conflicts resolve \(name) --edit",
                    ])
            }
        }
    }
}
