public import PasselCore
import PasselPosix

extension Store {
    /// Gives a folder its recipients, or takes them away, and encrypts every entry below anew that
    /// needs it: one commit, or nothing at all.
    ///
    /// `ids` empty removes the folder's own list, so that the one above it holds. `folder` is the
    /// part of the store, as typed, empty for all of it. New lists are signed where
    /// `PASSWORD_STORE_SIGNING_KEY` is set.
    ///
    /// - Throws: a `Problem` that names every entry which cannot be read; then nothing has changed.
    public func initialise(_ ids: [[UInt8]], folder: Path) throws {
        let place = path(folder)
        if let there = try FileStatus(of: place), there.kind != .folder {
            throw Problem.pass("Error: \(place) exists but is not a directory.")
        }
        let typed: Text? = folder.isEmpty ? nil : Text(folder.bytes)
        finishInterrupted()
        if try isRosterStore() {
            try exclusively { try initialiseTeam(place, ids, typed) }
        } else if ids.isEmpty {
            try exclusively { try deinitialise(place, typed) }
        } else {
            // Spelled as pass spells it, for whoever reads the line.
            try makeFolders(folder.isEmpty ? root.appending("/") : place)
            try exclusively { try initialise(place, ids, typed) }
        }
    }

    /// Whether the store's recipients follow from a roster, here or in what was acknowledged.
    private func isRosterStore() throws -> Bool {
        if try FileStatus(of: root / Roster.file, following: false) != nil { return true }
        return try storedPins?.load(settling: false)?.roster != nil
    }

    /// The same for a store with a roster, which says it too.
    private func initialiseTeam(_ place: Path, _ ids: [[UInt8]], _ typed: Text?) throws {
        var draft = try draftAlone()
        let folder = teamFolder(place)
        guard !ids.isEmpty else {
            guard draft.roster.folders[folder] != nil else {
                throw Problem.pass(
                    "Error: \(place / ".gpg-id") does not exist and so cannot be removed.")
            }
            draft.inherit(folder)
            try performAlone(
                TeamChange(
                    draft, subject: CommitSubject.deinitialise(place / ".gpg-id", folder: typed)),
                done: ["removed \(quoted(place / ".gpg-id"))"])
            return
        }
        draft.set(try ids.map { try person(Recipient($0)) }, as: nil, in: folder)
        // Whoever asks for the same people again wants everything to be for them.
        if draft.changedFolders.isEmpty {
            try refuseUnusable(draft.roster, draft.base, in: [folder])
        }
        let names = ids.map { Text($0) }.joined(separator: ", ")
        let suffix: Text = typed.map { " (\($0))" as Text } ?? ""
        let done: Text = "Password store initialized for \(names)\(suffix)"
        try performAlone(
            TeamChange(draft, subject: CommitSubject.initialise(names, folder: typed)),
            done: [done])
    }

    private func initialise(_ place: Path, _ ids: [[UInt8]], _ typed: Text?) throws {
        let file = place / ".gpg-id"
        let content = ids.flatMap { $0 + [.newline] }
        let list = try RecipientList(content, path: file).recipients
        let old = try Files.readIfPresent(file)
        let names = ids.map { Text($0) }.joined(separator: ", ")
        var steps: [FileChange] =
            old == content ? [] : [.write(try target(of: file), content, mode: .kept)]
        let signing = try sign(content, file, &steps)
        let folder = teamFolder(place)
        var coming = try pins()
        coming?.setList(folder, content)
        let result = try reencrypted(
            place, pending: [place.withoutTrailingSlashes: .listed(list, folder: folder)],
            listChanged: old != content, pins: coming)
        for case (.listed(_, let folder), let found) in result.found {
            coming?.readers[folder] = found
        }
        let subject =
            old == content
            ? CommitSubject.reencrypt(names, folder: typed)
            : CommitSubject.initialise(names, folder: typed)
        let suffix: Text = typed.map { " (\($0))" as Text } ?? ""
        let done: Text = "Password store initialized for \(names)\(suffix)"
        guard !(steps.isEmpty && result.changes.isEmpty) else { return observer.told(done) }
        try Change(
            store: self, steps: steps + result.changes, pins: coming, lines: [done] + result.lines,
            subject: { _ in subject }
        ).perform()
        // The new signature must satisfy those who will check it; what they would say is said at
        // once.
        if signing { try verify(content, of: file) }
    }

    private func sign(
        _ content: [UInt8], _ file: Path, _ steps: inout [FileChange]
    ) throws -> Bool {
        guard !settings.signingKeys.isEmpty else { return false }
        let signature = try cipher.sign(content, with: settings.signingKeys)
        steps.append(.write(file.appending(".sig"), signature, mode: .kept))
        return true
    }

    private func deinitialise(_ place: Path, _ typed: Text?) throws {
        let file = place / ".gpg-id"
        guard FileStatus.isFile(file) else {
            throw Problem.pass("Error: \(file) does not exist and so cannot be removed.")
        }
        var steps: [FileChange] = [.remove(file)]
        let signature = file.appending(".sig")
        if try FileStatus(of: signature, following: false) != nil {
            steps.append(.remove(signature))
        }
        var coming = try pins()
        coming?.setList(teamFolder(place), nil)
        let result = try reencrypted(
            place, pending: [place.withoutTrailingSlashes: Audience?.none], listChanged: true,
            pins: coming)
        for case (.listed(_, let folder), let found) in result.found {
            coming?.readers[folder] = found
        }
        try Change(
            store: self, steps: steps + result.changes, pins: coming,
            lines: ["removed \(quoted(file))"] + result.lines,
            subject: { _ in CommitSubject.deinitialise(file, folder: typed) }
        ).perform()
        try prune(place)
    }

    private func reencrypted(
        _ place: Path, pending: [Path: Audience?], listChanged: Bool, pins: Pins?
    ) throws -> Reencryption.Result {
        let files = try Reencryption.files(below: place)
        let result = try Reencryption(store: self, pending: pending, pins: pins).run(
            files.map {
                Reencryption.Candidate(source: $0, destination: $0, listChanged: listChanged)
            })
        guard result.failed.isEmpty else {
            let names = result.failed.map(\.name).joined(separator: ", ")
            throw Problem(
                "nothing was changed, because these cannot be encrypted anew: \(names)",
                hints: ["let somebody who can read all of them do it"])
        }
        return result
    }
}
