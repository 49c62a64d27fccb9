import PasselCore
import PasselGPG
import PasselStore

/// `backup key`: the user's secret key, to be kept where the store is not.
struct BackupKey: Command {
    static let word = "key"
    static let summary = "write your secret key down, as a file or for paper"
    static let discussion = """
        Without your secret key no backup of the store is of any use. What is written says at its \
        head how the key comes back by gpg alone. It is protected by the passphrase that the key \
        has, for which gpg asks; with --passphrase by one of its own as well, which a key that has \
        none needs. With --paper it is a text for a printer: numbered lines with checksums, which \
        can be typed, and the same as QR codes.
        """
    static let parameters: [any Parameter] = [
        key, paper, output, passphrase, force, addIgnore, Flag.json,
    ]
    private static let key = OptionalOperand(
        "KEY", .key, "the key, which need not be named if it is your only one")
    private static let paper = Flag("paper", "for a printer")
    private static let output = Option(
        "output", letter: "o", .file, "the file; otherwise it is printed")
    private static let passphrase = Flag(
        "passphrase",
        "encrypt it by a passphrase of its own; it is asked for, or read from standard input")
    private static let force = Flag("force", letter: "f", "replace a file that is there")
    private static let addIgnore = Flag("add-ignore", "have git ignore the file")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let path = arguments[Self.output]
        guard path != nil || !arguments[Flag.json] else {
            throw arguments.problem("say where the key is to go: --output")
        }
        let owner = try OwnKey(session: session, command: "backup key").chosen(
            arguments[Self.key], among: session.gpg.secretKeys(), none: "you have no secret key")
        // What is wrong with the place is told before anybody is asked for a passphrase.
        let place = try path.map { try self.place($0) }
        let passphrase =
            try arguments[Self.passphrase]
            ? BackupPassphrase.asked(session, of: "the key's backup", isNew: true) : nil
        let key = try session.gpg.secretKey(of: owner)
        try judge(key, of: owner, isSealed: passphrase != nil)
        let isProtected = key.parts.contains { $0.keeping == .passphrase }
        let bare = arguments[Self.paper] ? key.withoutForeignSignatures : key.content
        let backup = KeyBackup(
            of: owner, on: Day(second: session.now),
            openedBy: passphrase == nil ? .key : isProtected ? .both : .own,
            content: try passphrase.map { try session.gpg.sealed(bare, by: $0) } ?? bare)
        let text =
            arguments[Self.paper]
            ? try backup.paper { try QRDrawing(ground: .paper).drawing(of: $0) } : backup.file
        if let place {
            try place.replace(by: text)
            tell(place.path, owner, key, backup)
        } else {
            session.output.exact(text)
        }
        return .done
    }

    private func place(_ path: Path) throws -> PlaintextFile {
        var consent = ExportConsent()
        consent.addsIgnore = arguments[Self.addIgnore]
        consent.command = { arguments.commandLine(adding: "\($0)") }
        return try session.store.placeForKey(path, replacing: arguments[Self.force], consent)
    }

    /// Refuses what would be worthless or open to everybody, and tells what is not in it.
    private func judge(_ key: SecretKeyFile, of owner: PublicKey, isSealed: Bool) throws {
        let hex = owner.fingerprint.hex
        let kept = key.parts.map(\.keeping)
        guard kept.contains(.open) || kept.contains(.passphrase) else {
            throw kept.contains(.card)
                ? Problem(
                    "the secret of \(owner.name) is on a card, which does not give it out",
                    hints: ["see which card: gpg --card-status"])
                : Problem(
                    "the secret of \(owner.name) is not here",
                    hints: ["see what is: gpg --list-secret-keys \(hex)"])
        }
        guard isSealed || !kept.contains(.open) else {
            throw Problem(
                "the key of \(owner.name) has no passphrase: who finds the file would have the key",
                hints: [
                    "give the file one: \(arguments.commandLine(adding: "--passphrase"))",
                    "give the key one: gpg --change-passphrase \(hex)",
                ])
        }
        for part in key.parts where part.keeping == .card || part.keeping == .absent {
            let what: Text = part.isPrimary ? "the primary key" : "the subkey"
            let why: Text = part.keeping == .card ? "is on a card" : "is not here"
            session.warn(
                Problem("\(what) \(part.fingerprint.hex) \(why), and so not in the backup"))
        }
    }

    private func tell(
        _ file: Path, _ owner: PublicKey, _ key: SecretKeyFile, _ backup: KeyBackup
    ) {
        guard arguments[Flag.json] else {
            session.output.line("\(file)")
            session.output.error("how the key comes back stands at its head")
            return
        }
        session.output.json([
            "file": .path(file), "fingerprint": .string(Text(owner.fingerprint.bytes)),
            "name": .string(owner.name), "passphrase": .bool(arguments[Self.passphrase]),
            "codes": .int(arguments[Self.paper] ? Int64(backup.codeCount) : 0),
            "parts": .array(
                key.parts.map {
                    [
                        "fingerprint": .string(Text($0.fingerprint.bytes)),
                        "primary": .bool($0.isPrimary),
                        "secret": .string(Text($0.keeping.rawValue.utf8)),
                    ]
                }),
        ])
    }
}
