import PasselCore
import PasselPosix
import PasselStore

/// An entry of the store with the bytes that it was read from, so that it is replaced only while it
/// is still that.
struct StoredEntry {
    let session: Session
    let name: Path
    /// What it holds.
    let text: EntryText
    private let file: Path
    private let ciphertext: [UInt8]

    /// Reads the entry with this name.
    ///
    /// - Throws: a `Problem` when there is none, or nobody here can read it.
    init(_ name: Path, session: Session) throws {
        self.session = session
        self.name = name
        file = session.store.file(name)
        guard let ciphertext = try Files.readIfPresent(file) else {
            throw Problem(
                "\(name) is not in the store",
                hints: ["\(session.program) find \(ShellWord.text(name.name))"])
        }
        self.ciphertext = ciphertext
        text = EntryText(try session.store.read(file, name: Text(name.bytes)))
    }

    /// The secret: the first line, or the block or document that it begins.
    var secret: Secret { text.secret }

    /// Puts another content in its place and commits that; another secret of a token is recorded.
    func replace(by content: Secret, subject: Text, reason: Text? = nil) throws {
        try session.store.put(
            content, in: file, known: .ciphertext(ciphertext), insteadOf: text.source,
            subject: subject, reason: reason)
        session.store.rememberEnd(of: content, insteadOf: text.source)
    }

    /// A part of a change of several entries that puts another content in its place.
    func change(to content: Secret) -> EntryChange {
        EntryChange(name, to: content, known: .ciphertext(ciphertext))
    }

    /// What to say where one field or the secret alone cannot be changed.
    var notEditable: Problem {
        Problem(
            "\(name) is not made of lines that can be changed one by one",
            hints: ["\(session.program) edit \(ShellWord.text(name.bytes))"])
    }
}
