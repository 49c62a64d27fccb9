import PasselCore
import PasselPosix
import PasselStore

/// `generate`: stores a random password.
struct Generate {
    let session: Session
    let word: Text

    private var usage: Text {
        "Usage: \(session.program) \(word) [--no-symbols,-n] [--clip,-c] [--qrcode,-q] [--in-place,-i | --force,-f] pass-name [pass-length]"
    }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [
                .init(letter: "n", name: "no-symbols"), .init(letter: "q", name: "qrcode"),
                .init(letter: "c", name: "clip"), .init(letter: "i", name: "in-place"),
                .init(letter: "f", name: "force"), Skip.definition,
            ], arguments, program: session.program, usage: usage)
        let operands = options.operands
        guard (1...2).contains(operands.count), !(options.has("f") && options.has("i")),
            !(options.has("q") && options.has("c"))
        else { throw OptionProblem(usage: usage) }
        try Skip.apply(options, usage: usage, session: session)
        let name = Path(operands[0])
        try EntryName.refuseSneaky(name)
        let length = try session.passwordLength(operands.dropFirst().first ?? [])
        let entry = try NewEntry(name, session: session)
        try entry.prepareFolder()
        if !options.has("i") { try entry.askToReplace(forced: options.has("f")) }

        let characters =
            options.has("n")
            ? session.settings.characterSetNoSymbols : session.settings.characterSet
        let password = try password(length, characters)
        try store(password, entry, inPlace: options.has("i"))
        try present(password, Text(name.bytes), options)
        return 0
    }

    private func password(_ length: Int, _ characters: [UInt8]) throws -> Secret {
        do {
            return try PasswordGenerator.password(length: length, from: CharacterSet(characters))
        } catch let problem as Problem where problem.form == .own {
            session.warn(problem)
            throw Problem.pass("Could not generate password from /dev/urandom.")
        }
    }

    private func store(_ password: Secret, _ entry: NewEntry, inPlace: Bool) throws {
        let subject = CommitSubject.generate(Text(entry.name.bytes), inPlace: inPlace)
        let end = Secret(plain: "\n")
        guard inPlace else {
            try entry.put(Secret(joining: [password, end]), subject: subject)
            return
        }
        let store = session.store
        guard let old = try Files.readIfPresent(entry.file) else {
            session.warn(Problem("there is no \(entry.name) to replace the password of"))
            throw Problem.pass("Could not reencrypt new password.")
        }
        let before: Secret
        do {
            before = try store.read(entry.file, name: Text(entry.name.bytes))
        } catch let problem as Problem {
            session.warn(problem)
            throw Problem.pass("Could not reencrypt new password.")
        }
        do {
            let content = Secret(joining: [password, end, before.afterFirstLine])
            try store.put(
                content, in: entry.file, known: .ciphertext(old), insteadOf: before,
                freshMode: true, subject: subject)
        } catch is Store.ChangedMeanwhile {
            throw Problem(
                "\(entry.name) was changed by somebody else meanwhile; nothing was replaced",
                hints: ["try again: \(session.program) generate -i \(entry.name)"])
        }
    }

    private func present(_ password: Secret, _ name: Text, _ options: Options) throws {
        let output = session.output
        if options.has("c") {
            try Clipboard(session: session).copy(password, label: name)
        } else if options.has("q") {
            try QRCode(session: session).show(password, label: name)
        } else {
            let shown = output.name(name.bytes)
            output.write(
                Text(
                    "\u{1b}[1mThe generated password for \u{1b}[4m\(shown)\u{1b}[24m is:\u{1b}[0m\n\u{1b}[1m\u{1b}[93m"
                ).bytes)
            output.secret(password)
            output.write("\u{1b}[0m\n".bytes)
        }
    }
}

extension Session {
    /// How long a password gets: as typed, or as is usual.
    ///
    /// - Throws: a `Problem` in pass's words for what is no number, or none that a length can be.
    func passwordLength(_ typed: [UInt8] = []) throws -> Int {
        let text = typed.isEmpty ? settings.generatedLength : typed
        guard !text.isEmpty, text.allSatisfy(\.isDigit),
            let length = Int(String(decoding: text, as: UTF8.self)), length <= 1 << 20
        else { throw Problem.pass("Error: pass-length \"\(text)\" must be a number.") }
        guard length > 0 else {
            throw Problem.pass("Error: pass-length must be greater than zero.")
        }
        return length
    }
}
