import PasselCore
import PasselStore

/// `backup restore`: the store of a backup in a new place, or one of its entries in the store.
struct BackupRestore: Command {
    static let word = "restore"
    static let summary = "put the store of a backup into a new folder, or one entry into yours"
    static let discussion = """
        A whole store goes into a folder that is not there yet, or empty, with its history and \
        byte for byte as it was. With --only an entry becomes what it was, in your store and as a \
        new commit, encrypted for those who may read the folder today.
        """
    static let parameters: [any Parameter] = [
        file, folder, entry, BackupPassphrase.opening, Flag.json,
    ]
    private static let file = Operand("FILE", .file, "the backup")
    private static let folder = Option("into", .directory, "the folder for the whole store")
    private static let entry = Option("only", .entry, "the entry that is to be what it was")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let (folder, entry) = (arguments[Self.folder], arguments[Self.entry])
        guard (folder == nil) != (entry == nil) else {
            throw arguments.problem("say either --into DIR or --only NAME")
        }
        let passphrase = try BackupPassphrase.read(
            BackupPassphrase.opening, arguments, session, isNew: false)
        if let folder { try restore(into: folder, passphrase) }
        if let entry { try restore(entry, passphrase) }
        return .done
    }

    private func restore(into folder: Path, _ passphrase: Secret?) throws {
        let restored = try session.store.restoreBackup(
            arguments[Self.file], into: folder, passphrase: passphrase, with: session.gpg)
        if arguments[Flag.json] {
            session.output.json([
                "place": .path(folder), "created": .string(restored.info.created.spelling),
                "entries": .int(Int64(restored.entries)),
                "signature": .string(restored.author.word),
                "signer": .text(restored.author.key.map { Text($0.bytes) }),
            ])
            return
        }
        let entries: Text = restored.entries == 1 ? "1 entry" : "\(restored.entries) entries"
        session.output.line(
            "\(folder) is the store as of \(restored.info.created.spelling): \(entries)")
        session.output.error(restored.author.line)
        session.output.error("remotes are not in a backup: \(session.program) remote add NAME URL")
    }

    private func restore(_ entry: Path, _ passphrase: Secret?) throws {
        let (created, isChanged) = try session.store.restoreEntry(
            entry, from: arguments[Self.file], passphrase: passphrase, with: session.gpg)
        if arguments[Flag.json] {
            session.output.json([
                "entry": .path(entry), "created": .string(created.spelling),
                "changed": .bool(isChanged),
            ])
        } else if isChanged {
            session.output.line("\(entry) is as in the backup of \(created.spelling)")
        } else {
            session.output.line("\(entry) was as in the backup of \(created.spelling) already")
        }
    }
}

extension ValueKind<Path> {
    /// A folder outside the store.
    static var directory: ValueKind {
        ValueKind(placeholder: "DIR", expected: "a folder", candidates: .files) {
            $0.isEmpty ? nil : Path($0)
        }
    }
}
