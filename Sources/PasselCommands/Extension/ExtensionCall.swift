import PasselCore
import PasselPosix
import PasselStore

/// What the prelude of extensions asks of us: pass's functions that bash cannot do by itself.
struct ExtensionCall {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        guard let function = arguments.first else {
            throw OptionProblem(usage: "Usage: --extension FUNCTION")
        }
        let operands = Array(arguments.dropFirst())
        let first = Path(operands.first ?? [])
        let second = Text(operands.count > 1 ? operands[1] : [])
        let store = session.store
        switch String(decoding: function, as: UTF8.self) {
        case "recipients":
            let folder = store.path(first == "." ? "" : first)
            for recipient in try store.recipients(of: folder) {
                session.output.write(recipient.bytes + [0])
            }
        case "recipient-options":
            for option in try store.recipientOptions(store.path(first == "." ? "" : first)) {
                session.output.write(option + [0])
            }
        case "git-dir":
            if let folder = try store.repositoryFolder(around: first) {
                session.output.write(folder.bytes + [.newline])
            }
        case "git-add": return try store.record(first, subject: second) ? 0 : 1
        case "git-commit": return try commit(in: first, second)
        case "reencrypt": try store.reencrypt(first)
        case "verify": try store.verify(try Files.read(first), of: first)
        case "clip":
            let secret = try Prompt(output: session.output).everything()
            try Clipboard(session: session).copy(secret, label: Text(first.bytes))
        case "qrcode":
            let secret = try Prompt(output: session.output).everything()
            try QRCode(session: session).show(secret, label: Text(first.bytes))
        case let other:
            throw Problem("extensions cannot call \(other)")
        }
        return 0
    }

    /// Commits what the extension staged by itself, with git, whose index it used.
    private func commit(in folder: Path, _ subject: Text) throws -> Int32 {
        var child = ChildProcess(
            "git", ["-C".bytes, folder.bytes, "commit".bytes, "-m".bytes, subject.bytes],
            environment: session.settings.environment)
        child.output = .inherited
        return try child.run().status
    }
}
