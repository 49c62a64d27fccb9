import PasselCore
import PasselStore

/// `backup verify`: whether a backup is whole, and what of it can be opened here.
struct BackupVerify: Command {
    static let word = "verify"
    static let summary = "read a backup back, and see whether its entries can be opened"
    static let discussion = """
        Every bit of the file, the signature, the manifest and every object of the history are \
        checked, and ten entries decrypted by the keys that are here. Ends with 4 when an entry \
        cannot be opened that is for one of them, or when nobody or somebody unknown signed it.
        """
    static let parameters: [any Parameter] = [
        file, full, sample, BackupPassphrase.opening, Flag.json,
    ]
    private static let file = Operand("FILE", .file, "the backup")
    private static let full = Flag(
        "full", "look at every object as git does at what others send, and open every entry")
    private static let sample = Option(
        "decrypt", .backupSample, "how many entries to open: a number, or all")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let passphrase = try BackupPassphrase.read(
            BackupPassphrase.opening, arguments, session, isNew: false)
        let full = arguments[Self.full]
        let check = try session.store.verifyBackup(
            arguments[Self.file], passphrase: passphrase, full: full,
            decrypting: arguments[Self.sample] ?? (full ? .all : .some(10)), with: session.gpg)
        if arguments[Flag.json] {
            session.output.json(check.json)
        } else {
            for line in check.lines { session.output.line(line) }
            for failure in check.failed {
                session.warn(Problem(failure.reason).about(Text(failure.entry.bytes)))
            }
        }
        return check.needsAttention ? .needsAttention : .done
    }
}

extension ValueKind<BackupSample> {
    /// A number of entries, or all of them.
    static var backupSample: ValueKind {
        ValueKind(
            placeholder: "N", expected: "a number of entries, or all", candidates: .words(["all"])
        ) { bytes in
            if bytes == "all".bytes { return .all }
            return ValueKind<Int>.number(0...1_000_000).read(bytes).map { .some($0) }
        }
    }
}

extension BackupAuthor {
    /// In words.
    var line: Text {
        switch self {
        case .unsigned: "not signed: nobody can tell whose work it is"
        case .known(let key): "signed by \(key.grouped)"
        case .unknown(let key): "signed by \(key.grouped), whom this machine does not know"
        }
    }

    /// In a word.
    var word: Text {
        switch self {
        case .unsigned: "unsigned"
        case .known: "known"
        case .unknown: "unknown"
        }
    }

    /// The key.
    var key: Fingerprint? {
        switch self {
        case .unsigned: nil
        case .known(let key), .unknown(let key): key
        }
    }
}

extension BackupCheck {
    /// Whether somebody should look at it.
    var needsAttention: Bool {
        if case .known = author { return !failed.isEmpty }
        return true
    }

    /// For people.
    var lines: [Text] {
        var lines: [Text] = [
            "made \(info.created.spelling), \(ByteCount.text(size)), \(members) files, whole",
            author.line,
        ]
        let tried: Text =
            self.tried == entries ? "all \(entries) entries" : "\(self.tried) of \(entries) entries"
        lines.append("\(tried) tried: \(opened) can be opened here")
        if foreign > 0 { lines.append("\(foreign) are for others only") }
        if !failed.isEmpty { lines.append("\(failed.count) cannot be opened") }
        return lines
    }

    /// For programs.
    var json: JSON {
        [
            "created": .string(info.created.spelling), "size": .int(Int64(size)),
            "members": .int(Int64(members)), "signature": .string(author.word),
            "signer": .text(author.key.map { Text($0.bytes) }),
            "entries": .int(Int64(entries)), "tried": .int(Int64(tried)),
            "opened": .int(Int64(opened)), "foreign": .int(Int64(foreign)),
            "failed": .array(
                failed.map { ["entry": .path($0.entry), "problem": .string($0.reason)] }),
        ]
    }
}
