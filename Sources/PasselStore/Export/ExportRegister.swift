public import PasselCore
import PasselPosix

/// What this machine remembers of the files with secrets that were written from a store: two files
/// of the state folder.
///
/// `exports.local` is a secret of this machine, by which nobody else can make the other or try out
/// values on it:
///
///     passel exports-local 1
///     secret 64 HEXADECIMAL DIGITS
///
/// `exports` is a line `passel exports 1` and the records, sealed with a key that follows from it.
public struct ExportRegister {
    private static let file: Path = "exports"
    private static let localFile: Path = "exports.local"
    private static let head = Array("passel exports 1\n".utf8)
    private static let localHead = "passel exports-local 1"

    private let folder: StateFolder
    private let secret: Secret
    /// What is remembered, by path.
    public private(set) var records: [ExportRecord]

    /// What a folder remembers.
    ///
    /// - Throws: a `Problem` when it is damaged.
    init(in folder: StateFolder) throws {
        self.folder = folder
        let content = try Files.readIfPresent(folder.file(Self.file))
        guard let local = try Files.readIfPresent(folder.file(Self.localFile), limit: 4096) else {
            guard content == nil else { throw Self.damaged(folder) }
            secret = Secret.random(byteCount: 32)
            records = []
            return
        }
        let words = local.split { $0 == .newline || $0 == 0x20 }
        guard local.starts(with: Self.localHead.utf8), words.count == 5,
            let digest = Digest(words[4])
        else { throw Self.damaged(folder) }
        secret = digest.bytes.withUnsafeBytes { Secret(copying: $0) }
        guard let content else {
            records = []
            return
        }
        guard content.starts(with: Self.head),
            let text = SecretBox.open(
                content[Self.head.count...], key: secret.derivedKey(1), context: Self.head),
            let records = ExportRecord.read(text.withBytes { Array($0) })
        else { throw Self.damaged(folder) }
        self.records = records
    }

    private static func damaged(_ folder: StateFolder) -> Problem {
        let path = ShellWord.text(folder.file(file).bytes)
        return Problem(
            "the record of exported files is damaged: \(folder.file(file))",
            hints: ["start a new one, which knows none of them: mv \(path) \(path).damaged"])
    }

    /// The keyed hash of a secret.
    public func digest(_ secret: Secret) -> Digest {
        let key = self.secret.derivedKey(2)
        return secret.withBytes { Digest(code: $0, key: key) }
    }

    /// The record of a file.
    public subscript(_ path: Path) -> ExportRecord? { records.first { $0.path == path } }

    /// Puts a record in the place of the one that its file has.
    public mutating func set(_ record: ExportRecord) {
        if let place = records.firstIndex(where: { $0.path == record.path }) {
            records[place] = record
        } else {
            records.append(record)
            records.sort { $0.path.bytes.precedes($1.path.bytes) }
        }
    }

    /// Forgets a file.
    public mutating func forget(_ path: Path) { records.removeAll { $0.path == path } }

    /// Keeps it, durably.
    func save() throws {
        let local: Text = """
            \(Self.localHead)
            secret \(secret.withBytes { $0.hex.lowercased() })

            """
        if try Files.readIfPresent(folder.file(Self.localFile)) != local.bytes {
            try folder.write(local.bytes, to: Self.localFile)
        }
        let text = ExportRecord.text(records).withUnsafeBytes { Secret(copying: $0) }
        let box = SecretBox.seal(text, key: secret.derivedKey(1), context: Self.head)
        try folder.write(Self.head + box, to: Self.file)
    }
}

extension Store {
    /// What is remembered of exported files, to read it only.
    public func exportRegister() throws -> ExportRegister {
        try ExportRegister(in: try exportFolder())
    }

    /// Does `body` as the only one who writes such files or remembers them.
    ///
    /// What a killed run left beside a file is removed first.
    func exportingAlone<R>(_ body: (inout ExportRegister) throws -> R) throws -> R {
        let folder = try exportFolder()
        try folder.make()
        let lock = try FileLock.acquire(folder.path.parent, patience: 60) {
            observer.warned(Problem("another passel is writing files; waiting for it"))
        }
        defer { withExtendedLifetime(lock) {} }
        var register = try ExportRegister(in: folder)
        for place in Set(register.records.map(\.path.parent)) { Scratch.clear(place) }
        return try body(&register)
    }

    private func exportFolder() throws -> StateFolder {
        guard let folder = storedPins?.folder else {
            throw Problem(
                "there is no place to remember which files have secrets in them",
                hints: ["export HOME=... or XDG_STATE_HOME=..."])
        }
        return folder
    }
}
