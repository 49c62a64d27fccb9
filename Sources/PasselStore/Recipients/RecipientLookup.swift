public import PasselCore
import PasselPosix

extension Store {
    /// Whom entries in `folder` are encrypted to.
    ///
    /// `PASSWORD_STORE_KEY` if set, unchecked; else the nearest `.gpg-id` from the folder up to the
    /// top of the store. The nearest file wins completely, as in pass.
    ///
    /// - Throws: `NotInitialised` where there is none; a `Problem` for a list that cannot be read,
    ///   names nobody, or   lacks the signature that `PASSWORD_STORE_SIGNING_KEY` demands.
    public func recipients(of folder: Path) throws -> [Recipient] {
        try recipients(of: folder, pending: [:])
    }

    /// As above, with lists that are about to be written (or, if nothing, removed) in place of
    /// those on disk.
    func recipients(of folder: Path, pending: [Path: [Recipient]?]) throws -> [Recipient] {
        if !settings.recipientsOverride.isEmpty { return settings.recipientsOverride }
        guard let place = listFolder(for: folder, pending: pending) else { throw NotInitialised() }
        if case .some(.some(let list)) = pending[place] { return list }
        let file = place / ".gpg-id"
        let content = try Files.read(file)
        try verify(content, of: file)
        let list = try RecipientList(content, path: file)
        guard !list.recipients.isEmpty else {
            throw Problem(
                "\(file) names nobody to encrypt to", hints: ["name someone: passel init GPG-ID"])
        }
        return list.recipients
    }

    private func listFolder(for folder: Path, pending: [Path: [Recipient]?]) -> Path? {
        var current = folder.withoutTrailingSlashes
        let top = root.withoutTrailingSlashes
        while true {
            switch pending[current] {
            case .some(.some): return current
            case .some(.none): break
            case .none: if FileStatus.isFile(current / ".gpg-id") { return current }
            }
            if current.components.count <= top.components.count { return nil }
            current = current.parent
        }
    }

    /// Demands a good signature by one of the configured keys over a file's content, if keys are
    /// configured.
    ///
    /// The file is `FILE.sig`. Only full fingerprints of 40 upper-case digits count, of the signing
    /// key or its primary key, as in pass.
    public func verify(_ content: [UInt8], of file: Path) throws {
        guard !settings.signingKeys.isEmpty else { return }
        let signature = file.appending(".sig")
        guard FileStatus.isFile(signature) else {
            throw Problem.pass("Signature for \(file) does not exist.")
        }
        let trusted = Set(
            settings.signingKeys.map(\.bytes).filter { key in
                key.count == 40
                    && key.allSatisfy { $0.hexValue != nil && !(0x61...0x66).contains($0) }
            }.map { String(decoding: $0, as: UTF8.self) })
        let signers = try cipher.signers(of: content, signature: signature)
        guard !signers.isDisjoint(with: trusted) else {
            throw Problem.pass("Signature for \(file) is invalid.")
        }
    }
}
