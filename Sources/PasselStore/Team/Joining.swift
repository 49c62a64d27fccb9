import Glibc
public import PasselCore
import PasselPosix

/// What asking to join comes to.
public struct Joining: Sendable {
    /// How it ends, or would end.
    public enum State: String, Sendable {
        /// There was no request, and then there is.
        case asked
        /// There was a request, and then it is another.
        case updated
        /// There is this very request already.
        case unchanged
        /// The key reads all of it already.
        case member
    }

    /// How it ends, or would end.
    public let state: State
    /// The folders that are asked for, or read already.
    public let folders: [Path]
    /// Who can approve, for comparing their fingerprints: the roster's signers of these folders.
    public let signers: [(fingerprint: Fingerprint, name: Text)]
    /// What will speak against the key when it is to be approved.
    public let doubts: [Problem]

    let request: RequestFile
    let keyFile: [UInt8]
}

extension Store {
    /// The user's keys with which one could join: their secret parts are there, and they encrypt and
    /// sign now.
    public func ownKeys() throws -> [PublicKey] {
        let now = settings.now()
        return try cipher.secretKeys().filter { key in
            key.state(at: now).isUsable
                && ([key.primary] + key.subkeys).contains { $0.canSign && $0.isUsable(at: now) }
        }
    }

    /// What it would come to if the user asked to read these folders with this key; nothing is
    /// written.
    ///
    /// `folders` are as typed below the store, none for all of it.
    ///
    /// - Throws: a `Problem` for a folder that the store does not have.
    public func joining(with key: PublicKey, folders: [Path], role: Role) throws -> Joining {
        guard FileStatus.isFile(root / ".gpg-id") || FileStatus.isFile(root / Roster.file) else {
            throw NotInitialised()
        }
        let places = try (folders.isEmpty ? [Roster.top] : folders).map { try place($0) }
        let roster = try Files.readIfPresent(root / Roster.file).map { try Roster($0) }
        let (request, keyFile) = try requested(key, places, role, roster)
        let check = KeyCheck(Person(key: key, file: keyFile), at: settings.now())
        return Joining(
            state: try state(of: request, key, roster), folders: request.folders,
            signers: Self.signers(roster, of: request.folders),
            doubts: check.doubts(beside: try readerFiles(roster, request.folders)),
            request: request, keyFile: keyFile)
    }

    /// Puts the user's public key and a signed request to read these folders into the store, in one
    /// commit.
    ///
    /// Encrypts nothing, and asks for no acknowledged recipients. Who joins again replaces the own
    /// request.
    ///
    /// - Throws: as `joining`.
    @discardableResult
    public func join(with key: PublicKey, folders: [Path], role: Role) throws -> Joining {
        try exclusively {
            let joining = try joining(with: key, folders: folders, role: role)
            switch joining.state {
            case .member, .unchanged: break
            case .asked, .updated: try publish(joining.request, joining.keyFile, name: key.name)
            }
            return joining
        }
    }

    private func state(
        of request: RequestFile, _ key: PublicKey, _ roster: Roster?
    ) throws -> Joining.State {
        let roles = try request.folders.map { try self.role(of: key, in: $0, roster) }
        // The role that everybody gets need not be asked for where somebody has another.
        let isMember = roles.allSatisfy {
            $0 != nil && (request.role == .member || $0 == request.role)
        }
        if isMember { return .member }
        let old = try ordinary(RequestFile.path(request.key), RequestFile.limit)
        guard old == request.content else { return old == nil ? .asked : .updated }
        return try self.request(of: request.key).flaw == nil ? .unchanged : .updated
    }

    /// The key files of the readers of some folders; one that is none where they are not known.
    private func readerFiles(_ roster: Roster?, _ folders: [Path]) throws -> [[UInt8]] {
        guard let roster else { return [[]] }
        let readers = Set(
            folders.flatMap { folder in
                roster.governing(folder).flatMap { roster.folders[$0]?.keys.map(\.self) } ?? []
            })
        return try readers.map { reader in
            try roster.keys[reader].flatMap {
                try TeamFiles(store: self).keyFile(reader, $0.digest)
            } ?? []
        }
    }

    /// A folder of the store as the team knows it.
    ///
    /// - Throws: a `Problem` when there is no such folder, or it is none for entries.
    public func place(_ folder: Path) throws -> Path {
        let name = teamFolder(path(folder))
        let own = [".git", ".passel", ".public-keys", ".extensions"].map { Array($0.utf8) }
        guard FileStatus.isFolder(path(folder)), !name.isAbsolute,
            !name.components.contains(where: own.contains)
        else {
            throw Problem(
                "there is no folder \(folder) in the store", hints: ["see which are: passel ls"])
        }
        return name
    }

    /// The request, and the key file that it speaks of.
    private func requested(
        _ key: PublicKey, _ folders: [Path], _ role: Role, _ roster: Roster?
    ) throws -> (request: RequestFile, keyFile: [UInt8]) {
        var keyFile = try cipher.export(key.fingerprint, from: .own)
        // What the roster names must stay as it is; a newer version is for `refresh`.
        if let named = roster?.keys[key.fingerprint],
            let there = try TeamFiles(store: self).keyFile(key.fingerprint, named.digest)
        {
            keyFile = there
        }
        let request = RequestFile(
            key: key.fingerprint, digest: Digest(of: keyFile), name: key.name.bytes,
            folders: folders, role: role, roster: roster?.digest)
        return (request, keyFile)
    }

    /// What a key is in a folder, going by what the store says, acknowledged or not.
    private func role(of key: PublicKey, in folder: Path, _ roster: Roster?) throws -> Role? {
        if let roster {
            return roster.governing(folder).flatMap { roster.folders[$0]?[key.fingerprint]?.role }
        }
        var pins = Pins()
        pins.lists = try lists()
        guard let place = pins.governing(folder), let content = pins.lists[place] else {
            return nil
        }
        let list = try RecipientList(content, path: place / ".gpg-id")
        return list.recipients.contains { key.matches($0) } ? .member : nil
    }

    private static func signers(
        _ roster: Roster?, of folders: [Path]
    ) -> [(fingerprint: Fingerprint, name: Text)] {
        guard let roster else { return [] }
        let able = folders.map { roster.signers(of: $0) }
        return able.dropFirst().reduce(able.first ?? []) { $0.intersection($1) }.sorted().map {
            ($0, Text(roster.keys[$0]?.name ?? []))
        }
    }

    private func publish(_ request: RequestFile, _ keyFile: [UInt8], name: Text) throws {
        let content = request.content
        let signature = try cipher.sign(content, by: request.key)
        guard try signers(of: content, signature, keyFile).contains(request.key) else {
            throw Problem(
                "gpg did not sign with your key \(request.key.hex)",
                hints: ["see whether it can sign: gpg --list-secret-keys \(request.key.hex)"])
        }
        var steps: [FileChange] = []
        for (name, content) in [
            (TeamFiles.keyFile(request.key), keyFile), (RequestFile.path(request.key), content),
            (RequestFile.signaturePath(request.key), signature),
        ] where try ordinary(name, content.count) != content {
            try refuseLinks(above: name)
            try makeFolders((root / name).parent)
            steps.append(.write(root / name, content, mode: .fresh))
        }
        try Change(
            store: self, steps: steps, subject: { _ in "Ask to join: \(name.onOneLine)." }
        ).perform()
    }

    /// Refuses to write below the top where one of the folders on the way is a link: what comes from
    /// the remote must not lead out of the store.
    func refuseLinks(above name: Path) throws {
        var folder = root
        for part in name.parent.components {
            folder = folder / part
            guard let status = try FileStatus(of: folder, following: false) else { return }
            guard status.kind == .folder else {
                throw Problem(
                    "\(folder) is not a folder; nothing is written through it",
                    hints: ["see who put it there: passel git log -- \(Text(part))"])
            }
        }
    }
}

extension Text {
    /// The text with a blank for each control character, for where it must not end a line.
    var onOneLine: Text { Text(bytes.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }) }
}
