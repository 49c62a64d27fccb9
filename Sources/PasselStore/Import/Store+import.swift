public import PasselCore
import PasselPosix

extension Store {
    /// The names of all entries, as they are typed.
    ///
    /// - Throws: `NotInitialised` without a store.
    public func entryNames() throws -> [Path] {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        return try entryFiles().map { Path(entryName($0).bytes) }
    }

    /// Writes the entries of a plan: one commit, all of them or none.
    ///
    /// Each is encrypted to the recipients of its folder. Folders are made where they are missing.
    ///
    /// - Throws: a `Problem`, and nothing has changed, when one of them cannot be encrypted or
    ///   written, or when an entry came to be there meanwhile that the plan does not know.
    public func perform(_ plan: ImportPlan, subject: Text) throws {
        let steps = plan.steps.filter(\.isWritten)
        guard !steps.isEmpty else { return }
        try exclusively {
            try leftOut.refuseUnknown(among: settings.skipped)
            let places = try steps.map { try place(for: $0) }
            let ciphertexts = try encrypt(steps, in: places)
            let before = try TokenWatch(store: self).contents(places)
            let changes = zip(steps, places).map { step, place in
                TokenChange(step.name, from: before[place] ?? .nothing, to: .text(step.content))
            }
            let events = try SecurityLog(store: self).events(EventDraft.drafts(of: changes)) {
                try audience(of: $0)
            }
            var change = Change(
                store: self,
                steps: zip(places, ciphertexts).map { .write($0, $1, mode: .kept) },
                events: events, subject: { _ in subject })
            change.makesFolders = true
            try change.perform()
            learn(
                zip(steps, ciphertexts).map { step, ciphertext in
                    (ciphertext, OpenedMessage(plaintext: step.content, sessionKey: nil))
                })
        }
    }

    /// The file that an entry is written to.
    private func place(for step: ImportPlan.Step) throws -> Path {
        let file = file(step.name)
        let isThere = try FileStatus(of: file, following: false) != nil
        guard isThere == (step.outcome == .replaced) else {
            throw Problem(
                "\(step.name) was \(isThere ? "added" : "removed") by somebody else meanwhile; nothing was imported",
                hints: ["import again"])
        }
        var folder = file.parent
        while !FileStatus.isFolder(folder), folder != root, !folder.isEmpty {
            guard try FileStatus(of: folder, following: false) == nil else {
                throw Problem(
                    "\(folder) is not a folder, so that nothing can be imported into it",
                    hints: ["ls -ld \(ShellWord.text(folder.bytes))"])
            }
            folder = folder.parent
        }
        try refuseLeavingStore(folder / file.name)
        return try target(of: file)
    }

    /// The contents as messages to the recipients of their folders.
    private func encrypt(_ steps: [ImportPlan.Step], in places: [Path]) throws -> [[UInt8]] {
        var audiences: [Path: Audience] = [:]
        return try encrypt(
            zip(steps, places).map { step, place in
                let audience = try audiences[place.parent] ?? audience(of: place.parent)
                audiences[place.parent] = audience
                return (step.content, audience)
            })
    }
}
