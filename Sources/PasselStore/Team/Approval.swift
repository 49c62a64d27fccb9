public import PasselCore
import PasselGit
import PasselPosix

/// What approving a request to join would do.
public struct Approval {
    /// The request.
    public let request: JoinRequest
    /// Who asks, with all that the store and the user's keyring know of the key.
    public let person: Person
    /// The folders that they are to read.
    public let folders: [Path]
    /// As what.
    public let membership: Roster.Membership
    /// Every entry that they will be able to read, by name.
    public let entries: [Text]
    /// What speaks against the key, and was let pass.
    public let doubts: [Problem]
    /// Whether the requester saw the team as this machine knows it.
    public let sight: Sight
    /// The team as it will be.
    public let draft: TeamDraft
    /// Whether the team stays as it is: they belong to it already.
    public let isMember: Bool

    /// Which roster the requester saw.
    public enum Sight: String, Sendable {
        /// The one that this machine has acknowledged.
        case current
        /// An earlier one of this store, or none.
        case earlier
        /// One that the store's history does not have.
        case unknown
    }
}

extension Store {
    /// Everything that is to be known before a request is approved.
    ///
    /// Folders, role and end are as requested where they are not given; `folders` are as typed below
    /// the store. With `force` a key passes that should not be used, and so does a request from
    /// before the person left the team.
    ///
    /// - Throws: a `Problem` when the request is not sound or not theirs any more, the key is not fit,
    ///   a folder is not there, or this machine has not acknowledged the team.
    public func approval(
        of request: JoinRequest, folders: [Path] = [], role: Role? = nil, until: Day? = nil,
        force: Bool = false
    ) throws -> Approval {
        if let flaw = request.flaw { throw flaw }
        guard let file = request.file else { throw Problem("there is no such request") }
        let places = try (folders.isEmpty ? file.folders : folders).map { folder in
            try place(folder == Roster.top ? "" : folder)
        }
        let membership = Roster.Membership(role ?? file.role, until: until)
        var draft = try draft()
        let person = try person(request.fingerprint)
        // Whoever just wants to read, and reads by now, keeps the role that they have.
        let wantsRole = role != nil || until != nil || file.role != .member
        for folder in Set(places).sorted(by: { $0.bytes.precedes($1.bytes) }) {
            // Where a folder above brings them in, it needs no readers of its own.
            let present = draft.membership(of: person.fingerprint, in: folder)
            guard present == nil || (wantsRole && present != membership) else { continue }
            draft.add(person, as: membership, to: folder)
        }
        let past = try rosters(with: person.fingerprint, old: draft.old)
        if !force, past.isOutdated(file) { throw outdated(person) }
        let doubts = try draft.check(person, in: places, at: settings.now(), force: force)
        return Approval(
            request: request, person: person, folders: places, membership: membership,
            entries: try entries(for: person.fingerprint, draft.roster), doubts: doubts,
            sight: past.sight(of: file), draft: draft,
            isMember: draft.changedFolders.isEmpty)
    }

    /// The names of the entries that somebody would be able to read with this roster.
    private func entries(for key: Fingerprint, _ roster: Roster) throws -> [Text] {
        var known: [Path: Bool] = [:]
        return try Reencryption.files(below: root).filter { file in
            if let answer = known[file.parent] { return answer }
            let place = roster.governing(teamFolder(file.parent))
            let answer = place.map { roster.folders[$0]?[key] != nil } ?? false
            known[file.parent] = answer
            return answer
        }.map { entryName($0) }
    }

    /// Every roster that the store has had, and whether somebody was in it.
    private func rosters(with key: Fingerprint, old: Roster?) throws -> PastRosters {
        var past = PastRosters(current: old?.digest)
        guard let repository = try repository(around: root),
            let name = repository.name(of: root / Roster.file)
        else { return past }
        for revision in try repository.revisions(of: name) {
            guard let leaf = revision.leaf, leaf.isFile else { continue }
            let content = try repository.content(of: leaf.id)
            // What is no roster has nobody in it.
            let isIn = (try? Roster(content))?.keys[key] != nil
            past.rosters.append((Digest(of: content), isIn))
        }
        return past
    }

    private func outdated(_ person: Person) -> Problem {
        Problem(
            "\(person.name) asked before they left the team, not since",
            hints: [
                "let them ask again: passel sync, then passel join",
                "approve it all the same: add --force",
            ])
    }

    /// Adds who asked to the team and removes the request, in one commit.
    ///
    /// - Throws: as `perform`.
    @discardableResult
    public func approve(_ approval: Approval, partial: Bool = false) throws -> TeamChange.Outcome {
        let steps = try removal(of: approval.request)
        let name = approval.person.name.onOneLine
        guard !approval.isMember else {
            try exclusively {
                try Change(
                    store: self, steps: steps, subject: { _ in "Close the request of \(name)." }
                ).perform()
            }
            try prune(root / RequestFile.folder)
            return TeamChange.Outcome(reencrypted: [], failed: [])
        }
        let places = approval.folders.map { shown($0) }.joined(separator: ", ").onOneLine
        var change = TeamChange(approval.draft, subject: "Let \(name) join \(places).")
        change.partial = partial
        change.steps = steps
        let outcome = try perform(change)
        try prune(root / RequestFile.folder)
        return outcome
    }

    /// Removes a request, sound or not, and the key that came with it unless the team knows the
    /// key, in one commit.
    public func refuse(_ request: JoinRequest) throws {
        try exclusively {
            var steps = try removal(of: request)
            let keyFile = root / TeamFiles.keyFile(request.fingerprint)
            if try !isKnown(request.fingerprint),
                try FileStatus(of: keyFile, following: false) != nil
            {
                steps.append(.remove(keyFile))
            }
            try Change(
                store: self, steps: steps,
                subject: { _ in "Refuse the request of \(request.name.onOneLine)." }
            ).perform()
            for folder in [RequestFile.folder, TeamFiles.keys] { try prune(root / folder) }
        }
    }

    private func removal(of request: JoinRequest) throws -> [FileChange] {
        try [
            RequestFile.path(request.fingerprint), RequestFile.signaturePath(request.fingerprint),
        ].map { root / $0 }.filter { try FileStatus(of: $0, following: false) != nil }
            .map { .remove($0) }
    }

    /// Whether a roster or a list names a key, acknowledged or not.
    private func isKnown(_ key: Fingerprint) throws -> Bool {
        if try pins()?.roster?.roster.keys[key] != nil { return true }
        // A roster that cannot be read names nobody.
        let roster = try Files.readIfPresent(root / Roster.file).flatMap { try? Roster($0) }
        if roster?.keys[key] != nil { return true }
        return try lists().contains { folder, content in
            try RecipientList(content, path: folder / ".gpg-id").recipients.contains {
                Fingerprint($0.bytes) == key || KeyID(hex: $0.bytes) == key.keyID
            }
        }
    }
}

/// The rosters that a store has had.
private struct PastRosters {
    /// The one that is acknowledged.
    let current: Digest?
    /// Those of the history, the newest first, and whether somebody was in them.
    var rosters: [(digest: Digest, isIn: Bool)] = []

    func sight(of request: RequestFile) -> Approval.Sight {
        if request.roster == current { return .current }
        guard let seen = request.roster else { return .earlier }
        return rosters.contains { $0.digest == seen } ? .earlier : .unknown
    }

    /// Whether the requester has been in the team since, and is not any more: whoever can push can
    /// put an old request back.
    func isOutdated(_ request: RequestFile) -> Bool {
        guard let newest = rosters.first, !newest.isIn,
            let last = rosters.firstIndex(where: \.isIn)
        else { return false }
        guard let seen = request.roster else { return true }
        return rosters.firstIndex { $0.digest == seen }.map { $0 >= last } ?? false
    }
}
