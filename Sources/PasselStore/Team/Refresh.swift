public import PasselCore
import PasselPosix

/// Newer self-signatures, subkeys and revocations of the team's keys.
public struct KeyRefresh {
    /// A key of which more is known than was acknowledged.
    public struct Newer: Sendable {
        /// Whose key it is, as it is now.
        public let person: Person
        /// What is different, in words.
        public let changes: [Text]
    }

    /// The keys that are newer.
    public var newer: [Newer] = []
    /// Whether the user can sign the roster that names them.
    public var canSign: Bool
    let draft: TeamDraft
}

extension Store {
    /// What the store and the user's own keyring know of the team's keys that is newer than what was
    /// acknowledged.
    public func keyRefresh() throws -> KeyRefresh {
        var draft = try draft()
        let now = settings.now()
        var found: [KeyRefresh.Newer] = []
        for (key, file) in draft.files.sorted(by: { $0.key < $1.key }) {
            let known = try person(key, file)
            let merged = try person(key, newest(key, file))
            let changes = Self.differences(known.key, merged.key, now)
            guard !changes.isEmpty else { continue }
            found.append(KeyRefresh.Newer(person: merged, changes: changes))
            draft.files[key] = merged.file
            draft.roster.keys[key] = Roster.Key(
                digest: Digest(of: merged.file), name: merged.name.bytes)
        }
        let own = try cipher.secretKeys().map(\.fingerprint)
        let signers = Set(draft.roster.folders.keys.flatMap { draft.roster.signers(of: $0) })
        return KeyRefresh(
            newer: found, canSign: own.contains(where: signers.contains), draft: draft)
    }

    /// What is known of a key, all versions made into one: the acknowledged file, the one in the
    /// store, and the user's own keyring.
    private func newest(_ key: Fingerprint, _ file: [UInt8]) throws -> [UInt8] {
        var files = [file]
        if let published = try TeamFiles(store: self).keyFile(key), published != file {
            if try cipher.keys(inFile: published).map(\.fingerprint) == [key] {
                files.append(published)
            } else {
                // It must not keep the keys of everybody else from being refreshed.
                observer.warned(
                    Problem(
                        "the key file of \(key.hex) in the store holds other keys, too; it is left out",
                        hints: ["see who changed it: passel git log -- \(TeamFiles.keyFile(key))"]))
            }
        }
        if try cipher.keys([key.recipient], in: .own).contains(where: { $0.fingerprint == key }) {
            files.append(try cipher.export(key, from: .own))
        }
        return files.allSatisfy { $0 == file } ? file : try cipher.merged(files)
    }

    /// Takes newer keys into use: into the store, for everybody, and into this machine's keyring.
    ///
    /// A signer names them in a new roster. Whoever is not one publishes only the key file, for a
    /// signer to take over.
    public func perform(_ refresh: KeyRefresh) throws {
        guard !refresh.newer.isEmpty else { return }
        let names = refresh.newer.map(\.person.name).joined(separator: ", ")
        let subject: Text = "Refresh the keys of \(names)."
        guard !refresh.canSign else {
            try perform(TeamChange(refresh.draft, subject: subject))
            return
        }
        try exclusively {
            try refuseLinks(above: TeamFiles.keys / "key")
            try makeFolders(root / TeamFiles.keys)
            let steps = refresh.newer.map {
                FileChange.write(
                    root / TeamFiles.keyFile($0.person.fingerprint), $0.person.file, mode: .fresh)
            }
            try Change(store: self, steps: steps, subject: { _ in subject }).perform()
        }
    }

    private static func differences(_ old: PublicKey, _ new: PublicKey, _ now: Int64) -> [Text] {
        var found: [Text] = []
        func day(_ end: Int64?) -> Text { end.map { Day(second: $0).spelling } ?? "never" }
        if old.primary.isRevoked != new.primary.isRevoked { found.append("revoked by its owner") }
        if old.primary.expires != new.primary.expires {
            found.append(
                "expires \(day(new.primary.expires)) instead of \(day(old.primary.expires))")
        }
        for subkey in new.subkeys {
            guard let before = old.subkeys.first(where: { $0.fingerprint == subkey.fingerprint })
            else {
                found.append("new subkey \(subkey.keyID.hex)")
                continue
            }
            if before.isRevoked != subkey.isRevoked {
                found.append("subkey \(subkey.keyID.hex) revoked")
            }
            if before.expires != subkey.expires {
                found.append("subkey \(subkey.keyID.hex) expires \(day(subkey.expires))")
            }
        }
        if old.userIDs != new.userIDs { found.append("other user ids") }
        return found
    }
}
