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
        // What a killed change left half done is no change by others.
        switch try exclusively({ try audience(of: folder) }) {
        case .given(let names), .listed(let names, _): names
        case .pinned(let keys, _, _): keys.map(\.recipient)
        }
    }

    /// As above, and how it is made sure of; with audiences of folders that are about to change (or
    /// to lose their own list, if nothing) in place of those on disk.
    ///
    /// - Throws: as above, and a `Problem` when this machine has not acknowledged the list or the
    ///   roster that hold, or when somebody among them cannot be encrypted to any more.
    func audience(of folder: Path, pending: [Path: Audience?] = [:]) throws -> Audience {
        if !settings.recipientsOverride.isEmpty { return .given(settings.recipientsOverride) }
        guard let place = listFolder(for: folder, pending: pending) else { throw NotInitialised() }
        if case .some(.some(let audience)) = pending[place] { return audience }
        let file = place / ".gpg-id"
        let content = try Files.read(file)
        try verify(content, of: file)
        let name = teamFolder(place)
        // What is wrong with the list itself is told first: it says more than that it changed.
        let list = try RecipientList(content, path: file)
        let pins = try acknowledged(content, in: place, for: folder, pending: pending)
        if let pins, let roster = pins.roster?.roster, let readers = roster.folders[name],
            let keyring = try keyring(of: pins.keys)
        {
            return .pinned(
                try usable(readers, in: name, pins), folder: name, keyring: keyring)
        }
        guard !list.recipients.isEmpty else {
            throw Problem(
                "\(file) names nobody to encrypt to", hints: ["name someone: passel init GPG-ID"])
        }
        return try listed(list.recipients, name, pins)
    }

    /// The audience of a folder that is moved or copied with its own list: the same people as
    /// before, if they are acknowledged.
    func audience(of content: [UInt8], movedFrom file: Path, to place: Path) throws -> Audience {
        let old = teamFolder(file.parent)
        let pins = try acknowledged(content, in: file.parent, for: file.parent, pending: [:])
        if let pins, let readers = pins.roster?.roster.folders[old],
            let keyring = try keyring(of: pins.keys)
        {
            return .pinned(try usable(readers, in: old, pins), folder: old, keyring: keyring)
        }
        return try listed(RecipientList(content, path: file).recipients, old, pins)
    }

    private func listFolder(for folder: Path, pending: [Path: Audience?]) -> Path? {
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
