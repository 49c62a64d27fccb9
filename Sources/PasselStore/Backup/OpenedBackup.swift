import Glibc
public import PasselCore
import PasselGit
import PasselPosix

/// Whose work a backup is.
public enum BackupAuthor: Sendable, Equatable {
    /// Nobody signed it.
    case unsigned
    /// Somebody whose key this machine knows: of the team, or the user's own.
    case known(Fingerprint)
    /// A key that only the backup itself has.
    case unknown(Fingerprint)
}

/// A backup that was decrypted into a folder of this run's own, and found to be whole.
struct OpenedBackup {
    let file: BackupFile
    let info: BackupInfo
    let author: BackupAuthor
    /// Whether the user's own key signed it.
    let isOwn: Bool
    /// How many members it has.
    let count: Int
    /// The folder of the members.
    let contents: Path

    /// Opens one.
    ///
    /// - Throws: a `Problem` when it cannot be opened, and for anything in it that is not as it was
    ///   written.
    init(
        _ file: BackupFile, in folder: Path, for store: Store, passphrase: Secret?,
        with cipher: any StreamCipher
    ) throws {
        self.file = file
        contents = folder / "contents"
        var unpacking = Unpacking(into: contents)
        try Self.decrypting(file.path, hasPassphrase: passphrase != nil) {
            try file.reading { feed in
                try unpacking.begin()
                try cipher.decrypt(with: passphrase, from: feed) { try unpacking.read($0) }
            }
        }
        try unpacking.finish(file.path)
        count = unpacking.lines.count
        guard let content = try Files.readIfPresent(contents / BackupMember.info),
            let found = BackupInfo(content), found.links == unpacking.links,
            let manifest = try Files.readIfPresent(contents / BackupMember.manifest),
            manifest == BackupManifest(unpacking.lines).content,
            unpacking.lines.first
                == BackupManifest.Line(BackupMember.readMe, file.readMe)
        else {
            throw Problem(
                "\(file.path) is not as its manifest says",
                hints: ["it was not written by this program, or by a later version of it"])
        }
        info = found
        (author, isOwn) = try Self.author(manifest, contents, store, folder)
    }

    static func decrypting<R>(
        _ path: Path, hasPassphrase: Bool, _ body: () throws -> R
    ) throws -> R {
        let word = ShellWord.text(path.bytes)
        do {
            return try body()
        } catch let flaw as StreamFlaw {
            switch flaw {
            case .noKey:
                throw Problem(
                    "\(path) is for none of your keys",
                    hints: [
                        "if it has a passphrase: add --passphrase",
                        "see whose it is: tar -xOf \(word) contents.tar.gpg | gpg --list-packets",
                    ])
            case .wrongPassphrase:
                throw Problem(
                    hasPassphrase
                        ? "\(path): this is not its passphrase"
                        : "\(path) is for none of your keys, and its passphrase was not given",
                    hints: ["try again with its passphrase: add --passphrase"])
            case .locked:
                throw Problem(
                    "\(path): the passphrase of your key was wrong, or asking for it was cancelled",
                    hints: ["try again with the passphrase of your key"])
            case .damaged:
                throw Problem("\(path): what is encrypted in it is damaged, or not from passel")
            }
        } catch is TarReader.Malformed {
            throw Problem("\(path): what is encrypted in it is damaged, or not from passel")
        }
    }

    // MARK: Who made it

    private static func author(
        _ manifest: [UInt8], _ contents: Path, _ store: Store, _ folder: Path
    ) throws -> (BackupAuthor, isOwn: Bool) {
        guard let signature = try Files.readIfPresent(contents / BackupMember.signature) else {
            return (.unsigned, false)
        }
        var known: [Fingerprint: [UInt8]] = [:]
        if FileStatus.isFolder(store.root), let stored = store.storedPins,
            let pins = try stored.load(settling: false)
        {
            let keyring = PrivateKeyring(folder: stored.folder, cipher: store.cipher)
            for (fingerprint, digest) in pins.keys { known[fingerprint] = try keyring.file(digest) }
        }
        let own = Set(try store.cipher.secretKeys().map(\.fingerprint))
        for key in own { known[key] = try store.cipher.export(key, from: .own) }
        if let key = try signer(known, manifest, signature, folder, store.cipher) {
            return (.known(key), own.contains(key))
        }
        var there: [Fingerprint: [UInt8]] = [:]
        let keys = contents / BackupMember.keys
        for name in FileStatus.isFolder(keys) ? try Files.names(in: keys) : [] {
            guard let fingerprint = Fingerprint(name.bytes), known[fingerprint] == nil else {
                continue
            }
            there[fingerprint] = try Files.read(keys / name.bytes)
        }
        if let key = try signer(there, manifest, signature, folder, store.cipher) {
            return (.unknown(key), false)
        }
        throw Problem(
            "the signature of the backup is not good",
            hints: ["use another backup; somebody may have put this one together"])
    }

    private static func signer(
        _ keys: [Fingerprint: [UInt8]], _ manifest: [UInt8], _ signature: [UInt8],
        _ folder: Path, _ cipher: any Cipher
    ) throws -> Fingerprint? {
        guard !keys.isEmpty else { return nil }
        let keyring = folder / "signers"
        try cipher.makeKeyring(Array(keys.values), at: keyring)
        return try cipher.signers(of: manifest, signature: signature, in: keyring).first
    }
}
