public import PasselCore
import PasselPosix

/// A change of the team, wholly done in one commit or not at all: roster, signature, lists, keys
/// and every entry that has to be encrypted anew.
public struct TeamChange {
    /// What is to be.
    public var draft: TeamDraft
    /// Whether entries that the user cannot read may stay as they are.
    public var partial = false
    /// The commit's subject.
    public var subject: Text
    /// Other files of the store that change with it.
    var steps: [FileChange] = []

    /// A change to what `draft` says.
    public init(_ draft: TeamDraft, subject: Text) {
        self.draft = draft
        self.subject = subject
    }

    /// What was done.
    public struct Outcome {
        /// The entries that were encrypted anew.
        public var reencrypted: [Text]
        /// Those that could not be, because the user cannot read them, and why.
        public var failed: [(name: Text, problem: Problem)]
    }
}

extension Store {
    /// Does a change of the team.
    ///
    /// - Throws: a `Problem`, and nothing has changed, when the user may not sign it, somebody in it
    ///   cannot be encrypted to, nobody could sign for the store any more, an entry cannot be read
    ///   (unless the change is partial), or the store changed since the draft was begun.
    @discardableResult
    public func perform(_ change: TeamChange) throws -> TeamChange.Outcome {
        try exclusively {
            guard try pins() == change.draft.base else {
                throw Problem(
                    "the recipients changed meanwhile; nothing was done",
                    hints: ["look at them again: passel recipients"])
            }
            try refuseUnacknowledged(change.draft.base)
            return try performAlone(change)
        }
    }

    /// As above, for who holds the store's lock.
    @discardableResult
    func performAlone(_ change: TeamChange, done: [Text] = []) throws -> TeamChange.Outcome {
        let draft = change.draft
        let roster = try completed(draft)
        if let old = draft.old, draft.merging == nil, old.folders == roster.folders,
            old.keys == roster.keys
        {
            return try healAlone(change, old, done)
        }
        let signer = try signer(of: roster, after: draft)
        var pins = draft.base
        try take(draft.files, of: roster, into: &pins)
        try refuseUnusable(roster, pins, in: draft.changedFolders)
        let content = roster.content
        pins.roster = try Pins.AcceptedRoster(
            content: content, signature: try cipher.sign(content, by: signer))
        try refuseForeignSignature(pins, draft.base, by: signer)
        for folder in Set(pins.lists.keys).union(roster.folders.keys) {
            pins.setList(folder, roster.list(of: folder))
        }
        try describe(roster, &pins)
        let steps = try teamSteps(draft, roster, pins) + change.steps
        let result = try reencrypted(draft, roster, pins, partial: change.partial)
        try Change(
            store: self, steps: steps + result.changes, pins: pins, lines: done + result.lines,
            subject: { _ in change.subject }
        ).perform()
        if let stored = storedPins {
            try PrivateKeyring(folder: stored.folder, cipher: cipher).clear(except: pins.keys)
        }
        return TeamChange.Outcome(
            reencrypted: result.changes.map { entryName($0.path) }, failed: result.failed)
    }

    /// What is left of a change that leaves the roster as it is: files that are not what it says,
    /// and entries that drifted from it.
    private func healAlone(
        _ change: TeamChange, _ roster: Roster, _ done: [Text]
    ) throws -> TeamChange.Outcome {
        let pins = change.draft.base
        let steps = try teamSteps(change.draft, roster, pins) + change.steps
        let result = try reencrypted(change.draft, roster, pins, partial: change.partial)
        try Change(
            store: self, steps: steps + result.changes, pins: pins, lines: done + result.lines,
            subject: { _ in change.subject }
        ).perform()
        return TeamChange.Outcome(
            reencrypted: result.changes.map { entryName($0.path) }, failed: result.failed)
    }

    /// The roster with its place in the chain, and without the keys of those who are in no folder.
    func completed(_ draft: TeamDraft) throws -> Roster {
        var roster = draft.roster
        let members = Set(roster.folders.values.flatMap(\.keys))
        roster.keys = roster.keys.filter { members.contains($0.key) }
        roster.generation = max(draft.old?.generation ?? 0, draft.merging?.generation ?? 0) + 1
        roster.previous = draft.old?.digest
        roster.merged = draft.merging?.digest
        for (folder, readers) in roster.folders where readers.isEmpty {
            throw Problem(
                "\(shown(folder)) would be left without a reader",
                hints: ["name somebody: passel recipients set KEY"])
        }
        guard !roster.signers(of: Roster.top).isEmpty else {
            throw Problem(
                "nobody would be left who can sign for the store",
                hints: ["make somebody a signer first: passel recipients add --role signer KEY"])
        }
        return roster
    }

    /// The user's key that signs: one of those that may sign for every folder that changes.
    func signer(of roster: Roster, after draft: TeamDraft) throws -> Fingerprint {
        let own = try cipher.secretKeys().filter { key in
            ([key.primary] + key.subkeys).contains(where: \.canSign)
        }.map(\.fingerprint)
        let able = own.filter { key in
            guard let old = draft.old else {
                return roster.signers(of: Roster.top).contains(key)
            }
            return [old, draft.merging].compactMap(\.self).allSatisfy {
                roster.follows($0, signedBy: [key])
            }
        }
        guard let signer = able.first else {
            throw Problem(
                "none of your keys may sign for \(draft.changedFolders.map(shown).joined(separator: ", "))",
                hints: ["let a signer do it; see who is one: passel recipients"])
        }
        return signer
    }

    /// Keeps the key files where only this machine can change them.
    private func take(
        _ files: [Fingerprint: [UInt8]], of roster: Roster, into pins: inout Pins
    ) throws {
        guard let stored = storedPins else { return }
        let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
        pins.keys = [:]
        for (key, named) in roster.keys {
            guard let file = files[key], Digest(of: file) == named.digest else {
                throw Problem("there is no key file of \(Text(named.name))")
            }
            try keyring.keep(file)
            pins.keys[key] = named.digest
        }
    }

    /// What the readers of each folder are recognised by.
    func describe(_ roster: Roster, _ pins: inout Pins) throws {
        guard let keyring = try keyring(of: pins.keys) else { return }
        let keys = try cipher.keys([], in: .file(keyring))
        for (folder, readers) in roster.folders {
            pins.readers[folder] = Pins.readers(
                keys.filter { readers[$0.fingerprint] != nil }, at: settings.now())
        }
    }

    /// Refuses to go on with somebody in these folders whom nobody can encrypt to, by name.
    func refuseUnusable(_ roster: Roster, _ pins: Pins, in folders: [Path]) throws {
        guard let keyring = try keyring(of: pins.keys) else { return }
        let now = settings.now()
        let readers = Set(folders.flatMap { roster.folders[$0]?.keys.map(\.self) ?? [] })
        for key in try cipher.keys([], in: .file(keyring)) where readers.contains(key.fingerprint) {
            let state = key.state(at: now)
            guard !state.isUsable, !isSkipped(key.fingerprint, key.name) else { continue }
            let day = state.end.map { " since \(Day(second: $0).spelling)" as Text } ?? ""
            throw Problem(
                "cannot encrypt to \(key.name): the key is \(state.word)\(day)",
                hints: [
                    "once they have prolonged it: passel recipients refresh",
                    "leave them out of what is written now: add --skip \(key.fingerprint.hex)",
                    "take them out: passel recipients rm \(key.fingerprint.hex)",
                ])
        }
    }

    /// Refuses a signature that others would not accept.
    ///
    /// Who takes themselves out signs with a key that is not in the new roster any more.
    private func refuseForeignSignature(_ pins: Pins, _ base: Pins, by signer: Fingerprint) throws {
        guard let roster = pins.roster else { return }
        let keys = pins.keys.merging(base.keys) { new, _ in new }
        guard try TeamFiles(store: self).signers(of: roster, keys).contains(signer) else {
            throw Problem(
                "gpg did not sign with your key \(signer.hex)",
                hints: ["see whether it can sign: gpg --list-secret-keys \(signer.hex)"])
        }
    }

    /// Roster, signature, lists and key files, as far as they differ from what is there.
    private func teamSteps(_ draft: TeamDraft, _ roster: Roster, _ pins: Pins) throws
        -> [FileChange]
    {
        var steps: [FileChange] = []
        func write(_ name: Path, _ content: [UInt8]) throws {
            guard try Files.readIfPresent(root / name) != content else { return }
            try refuseLinks(above: name)
            try makeFolders((root / name).parent)
            steps.append(.write(root / name, content, mode: .fresh))
        }
        func remove(_ name: Path) throws {
            guard try FileStatus(of: root / name, following: false) != nil else { return }
            steps.append(.remove(root / name))
        }
        if let accepted = pins.roster {
            try write(Roster.file, accepted.content)
            try write(TeamFiles.signature, accepted.signature)
        }
        for folder in Set(draft.base.lists.keys).union(roster.folders.keys)
            .sorted(by: { $0.bytes.precedes($1.bytes) })
        {
            let file: Path = folder == Roster.top ? ".gpg-id" : folder / ".gpg-id"
            guard let list = roster.list(of: folder) else {
                try remove(file)
                try remove(file.appending(".sig"))
                continue
            }
            let isThere = try Files.readIfPresent(root / file) == list
            try write(file, list)
            if !settings.signingKeys.isEmpty, !isThere || draft.base.lists[folder] != list {
                try write(
                    file.appending(".sig"), cipher.sign(list, with: settings.signingKeys))
            }
        }
        for key in roster.keys.keys.sorted() {
            if let file = draft.files[key] { try write(TeamFiles.keyFile(key), file) }
        }
        for key in Set(draft.old?.keys.keys ?? [:].keys).subtracting(roster.keys.keys).sorted() {
            try remove(TeamFiles.keyFile(key))
        }
        return steps
    }

    private func reencrypted(
        _ draft: TeamDraft, _ roster: Roster, _ pins: Pins, partial: Bool
    ) throws -> Reencryption.Result {
        guard let keyring = try keyring(of: pins.keys) else { return Reencryption.Result() }
        var pending: [Path: Audience?] = [:]
        var left: Set<Path> = []
        let changed = Set(draft.changedFolders)
        for folder in Set(draft.base.lists.keys).union(roster.folders.keys) {
            let place = (folder == Roster.top ? root : root / folder).withoutTrailingSlashes
            guard let readers = roster.folders[folder] else {
                pending.updateValue(nil, forKey: place)
                continue
            }
            do {
                pending[place] = .pinned(
                    try usable(readers, in: folder, pins), folder: folder, keyring: keyring)
            } catch is Problem where !changed.contains(folder) {
                // Somebody there cannot be encrypted to, which is no matter of this change: what
                // lies there stays as it is.
                left.insert(folder)
            }
        }
        let candidates = try Reencryption.files(below: root).filter { file in
            roster.governing(teamFolder(file.parent)).map { !left.contains($0) } ?? true
        }.map {
            Reencryption.Candidate(source: $0, destination: $0, listChanged: true)
        }
        let result = try Reencryption(store: self, pending: pending, pins: pins).run(candidates)
        guard partial || result.failed.isEmpty else {
            let names = result.failed.map(\.name).joined(separator: ", ")
            throw Problem(
                "nothing was changed, because you cannot read these: \(names)",
                hints: [
                    "let somebody who can read all of them do it",
                    "leave them as they are, to be healed by others: add --partial",
                ])
        }
        return result
    }
}
