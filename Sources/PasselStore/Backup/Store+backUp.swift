import Glibc
public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// Writes everything that the store is into one file: encrypted, complete once it has its name,
    /// and never in anything's place.
    ///
    /// - Parameters:
    ///   - place: the file, or a folder in which it gets a name of the store and the time.
    ///   - cipher: what encrypts it.
    /// - Throws: `NotInitialised`; a `Problem`, and nothing is left behind, when something is in the
    ///   place or when it cannot be written, encrypted or signed.
    public func backUp(
        to place: Path, _ order: BackupOrder, with cipher: any StreamCipher
    ) throws -> BackupReceipt {
        let receipt = try writeBackup(to: place, order, with: cipher)
        rememberBackup()
        return receipt
    }

    /// As above; nobody is told that there is a backup now.
    func writeBackup(
        to place: Path, _ order: BackupOrder, with cipher: any StreamCipher
    ) throws -> BackupReceipt {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        let file = try backupFile(place)
        let output: UnnamedFile
        do {
            output = try UnnamedFile(in: file.parent)
        } catch let error as SystemError {
            throw error.problem
        }
        return try inWorkshop { workshop in
            let prepared: (readers: BackupReaders, sources: BackupSources, signer: Fingerprint?)
            prepared = try exclusively {
                // While gpg is asked.
                let look = try BackupSources.Look(self)
                let readers = try BackupReaders.find(order, in: self, workshop: workshop)
                let signer = try backupSigner(order.signing)
                let keys = try readers.adding(signer, from: self.cipher)
                let sources = try BackupSources(self, keys, look)
                // Of a folder alone nothing says what was there a moment ago.
                if !sources.hasHistory { try write(sources, keys, signer, order, cipher, output) }
                return (keys, sources, signer)
            }
            let (readers, sources, signer) = prepared
            if sources.hasHistory { try write(sources, readers, signer, order, cipher, output) }
            do {
                try output.name(file)
            } catch let error as SystemError where error.code == EEXIST {
                throw Self.taken(file)
            }
            return BackupReceipt(
                file: file, size: output.size, info: sources.info, recipients: readers.keys,
                hasPassphrase: order.passphrase != nil, signer: signer)
        }
    }

    /// What `body` makes in a folder of this run's own, which is gone afterwards.
    func inWorkshop<R>(_ body: (Path) throws -> R) throws -> R {
        let place =
            settings.stateFolder
            ?? settings.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : Path($0) } ?? "/tmp"
        let workshop = try Workshop(in: place, prefix: Workshop.restoring)
        defer { workshop.remove() }
        return try body(workshop.folder)
    }

    private func backupFile(_ place: Path) throws -> Path {
        let place = Files.absolute(place)
        if FileStatus.isFolder(place) {
            let name = BackupName(
                store: (Files.resolved(root) ?? root).name,
                created: Instant(second: settings.now()))
            return place / name.bytes
        }
        guard FileStatus.isFolder(place.parent) else {
            throw Problem(
                "there is no folder \(place.parent)",
                hints: ["mkdir -p \(ShellWord.text(place.parent.bytes))"])
        }
        guard try FileStatus(of: place, following: false) == nil else { throw Self.taken(place) }
        return place
    }

    private static func taken(_ file: Path) -> Problem {
        Problem(
            "\(file) exists already; a backup replaces nothing",
            hints: ["name another file, or a folder: --output \(ShellWord.text(file.parent.bytes))"]
        )
    }

    /// The key that signs: one of the team's if the user has one of them, else the first that can.
    private func backupSigner(_ signing: BackupOrder.Signing) throws -> Fingerprint? {
        if case .never = signing { return nil }
        let now = settings.now()
        let able = try cipher.secretKeys().filter { key in
            !key.primary.isRevoked && (key.primary.expires.map { $0 > now } ?? true)
                && ([key.primary] + key.subkeys).contains { $0.canSign && $0.isUsable(at: now) }
        }.map(\.fingerprint)
        let team = try pins()?.keys ?? [:]
        if let key = able.first(where: { team[$0] != nil }) ?? able.first { return key }
        guard case .always = signing else { return nil }
        throw Problem(
            "you have no key that can sign the backup",
            hints: ["see what you have: gpg --list-secret-keys"])
    }

    private func write(
        _ sources: BackupSources, _ readers: BackupReaders, _ signer: Fingerprint?,
        _ order: BackupOrder, _ cipher: any StreamCipher, _ output: UnnamedFile
    ) throws {
        let time = sources.info.created.second
        let readMe = BackupReadMe.text(hasHistory: sources.hasHistory).bytes
        let archive = BackupArchive(sources.members, time: time) { manifest in
            try signer.map { key in
                do {
                    return try self.cipher.sign(manifest, by: key)
                } catch var problem as Problem {
                    problem.hints.append("or leave it unsigned: add --no-sign")
                    throw problem
                }
            }
        }
        var message = TarMember(BackupMember.message, mode: 0o644, time: time)
        try output.write(
            TarMember(BackupMember.readMe, size: readMe.count, mode: 0o644, time: time).header
                + readMe + TarMember.padding(after: readMe.count))
        let place = output.size
        try output.write(message.header)
        let start = output.size
        var digest = DigestStream()
        let ids = try cipher.encrypt(
            to: readers.stream, passphrase: order.passphrase, from: archive.next
        ) { piece in
            digest.add(piece)
            try output.write(piece)
        }
        guard ids == readers.ids else {
            throw Problem(
                "gpg encrypted the backup to others than its recipients; nothing was written",
                hints: ["look for a program in gpg's place: command -v gpg"])
        }
        message.size = output.size - start
        try output.replace(at: place, by: message.header)
        let sums = BackupManifest([
            BackupManifest.Line(BackupMember.readMe, Digest(of: readMe)),
            BackupManifest.Line(BackupMember.message, digest.digest),
        ]).content
        try output.write(
            TarMember.padding(after: message.size)
                + TarMember(BackupMember.sums, size: sums.count, mode: 0o644, time: time).header
                + sums + TarMember.padding(after: sums.count) + TarMember.end)
    }
}

extension BackupReaders {
    /// With the public key of who signs.
    fileprivate func adding(
        _ signer: Fingerprint?, from cipher: any Cipher
    ) throws -> BackupReaders {
        guard let signer, files[signer] == nil else { return self }
        var files = files
        files[signer] = try cipher.export(signer, from: .own)
        return BackupReaders(stream: stream, ids: ids, keys: keys, files: files)
    }
}
