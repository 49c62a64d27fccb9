import PasselCore
import PasselStore

/// `backup create`: everything that the store is in one encrypted file.
struct BackupCreate: Command {
    static let word = "create"
    static let summary = "write the whole store into one encrypted file"
    static let discussion = """
        The history with all its branches, what is not committed, the public keys, and what this \
        machine acknowledged of the team; for a store without history, its files. It is encrypted \
        as one message, so that not even names show, to the signers of the store, or without a \
        roster to its recipients. The file says at its head how it is opened with tar, gpg and git \
        alone. Secret keys are not in it.
        """
    static let parameters: [any Parameter] = [
        output, recipients, BackupPassphrase.making, sign, unsigned, Flag.json,
    ]
    private static let output = Option(
        "output", letter: "o", .file, "the file, or a folder; otherwise the current folder")
    static let recipients = ListOption(
        "to", .key,
        "a key that can open it, instead of the store's own; one that is neither yours nor the team's by its fingerprint"
    )
    private static let sign = Flag("sign", "fail where it cannot be signed")
    private static let unsigned = Flag(
        "no-sign", "do not sign it, although you have a key that can")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        guard !(arguments[Self.sign] && arguments[Self.unsigned]) else {
            throw arguments.problem("--sign and --no-sign exclude each other")
        }
        var order = BackupOrder()
        order.recipients = arguments[Self.recipients]
        order.signing =
            arguments[Self.sign] ? .always : arguments[Self.unsigned] ? .never : .ifPossible
        order.passphrase = try BackupPassphrase.read(
            BackupPassphrase.making, arguments, session, isNew: true)
        let receipt = try session.store.backUp(
            to: arguments[Self.output] ?? ".", order, with: session.gpg)
        if arguments[Flag.json] {
            session.output.json(receipt.json)
        } else {
            session.output.line("\(receipt.file)")
            for line in receipt.lines { session.output.error(line) }
        }
        return .done
    }
}

extension BackupReceipt {
    fileprivate var lines: [Text] {
        let entries: Text = info.entries == 1 ? "1 entry" : "\(info.entries) entries"
        var lines: [Text] = ["\(entries), \(ByteCount.text(size)); it can be opened by"]
        for key in recipients {
            let id = key.fingerprint?.grouped ?? "unknown key"
            lines.append("  \(id)  \(key.name)")
        }
        if hasPassphrase { lines.append("  its passphrase") }
        lines.append(
            signer.map { "signed by \($0.grouped)" }
                ?? "not signed: nobody can tell whose work it is")
        return lines
    }

    fileprivate var json: JSON {
        [
            "file": .path(file), "size": .int(Int64(size)),
            "created": .string(info.created.spelling), "entries": .int(Int64(info.entries)),
            "recipients": .array(recipients.map { .object($0.members) }),
            "passphrase": .bool(hasPassphrase),
            "signer": .text(signer.map { Text($0.bytes) }),
        ]
    }
}
