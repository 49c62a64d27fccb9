import PasselCore
import PasselPosix
import PasselStore

/// `insert`: stores a secret that the user types or pipes in.
struct Insert {
    let session: Session
    let word: Text

    private var usage: Text {
        "Usage: \(session.program) \(word) [--echo,-e | --multiline,-m] [--force,-f] pass-name"
    }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [
                .init(letter: "m", name: "multiline"), .init(letter: "e", name: "echo"),
                .init(letter: "f", name: "force"), Skip.definition,
            ], arguments, program: session.program, usage: usage)
        guard !(options.has("m") && options.has("e")), options.operands.count == 1,
            let operand = options.operands.first
        else { throw OptionProblem(usage: usage) }
        try Skip.apply(options, usage: usage, session: session)
        let name = Path(operand.last == .slash ? operand.dropLast() : operand[...])
        let entry = try NewEntry(name, session: session)
        try entry.askToReplace(forced: options.has("f"))
        try entry.prepareFolder()
        let secret = try read(Text(name.bytes), options)
        let recognition = Recognition(secret, in: name, session: session)
        try recognition?.warn(asking: true)
        try entry.put(secret, subject: CommitSubject.insert(Text(name.bytes)))
        recognition?.propose()
        return 0
    }

    private func read(_ name: Text, _ options: Options) throws -> Secret {
        let prompt = Prompt(output: session.output)
        if options.has("m") {
            session.output.line("Enter contents of \(name) and press Ctrl+D when finished:\n")
            return try prompt.everything()
        }
        let end = Secret(plain: "\n")
        if options.has("e") {
            return Secret(joining: [try prompt.visible("Enter password for \(name): "), end])
        }
        let first = try prompt.hidden("Enter password for \(name): ")
        session.output.write([.newline])
        let second = try prompt.hidden("Retype password for \(name): ")
        session.output.write([.newline])
        guard first == second else {
            throw Problem.pass("Error: the entered passwords do not match.")
        }
        return Secret(joining: [first, end])
    }
}

/// An entry that is about to be written: the checks that come before the secret is asked for.
struct NewEntry {
    let session: Session
    let name: Path
    /// The entry's file.
    let file: Path
    private var known: Store.Known

    init(_ name: Path, session: Session) throws {
        try EntryName.refuseSneaky(name)
        try EntryName.refuseUnstorable(name)
        self.session = session
        self.name = name
        file = session.store.file(name)
        known = try FileStatus(of: file) == nil && Prompt.isInteractive ? .absent : .anything
    }

    /// Asks before an entry is replaced, unless told not to.
    func askToReplace(forced: Bool) throws {
        guard !forced, try FileStatus(of: file) != nil else { return }
        try Prompt(output: session.output).confirm(
            "An entry already exists for \(Text(name.bytes)). Overwrite it?")
    }

    /// Makes the folder and finds its recipients, so that nobody types a secret that cannot be
    /// stored.
    func prepareFolder() throws {
        try session.store.makeFolders(file.parent)
        _ = try session.store.recipients(of: file.parent)
    }

    /// Encrypts, writes and commits.
    ///
    /// `old` is what was there, if anybody looked.
    func put(
        _ secret: Secret, replacing old: Secret? = nil, subject: Text, reason: Text? = nil
    ) throws {
        try session.store.put(
            secret, in: file, known: known, insteadOf: old, subject: subject, reason: reason)
    }
}
