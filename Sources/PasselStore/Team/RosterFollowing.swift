import PasselCore
import PasselPosix

extension Store {
    /// What is acknowledged after these steps of a change, and the steps that keep a roster true to
    /// the lists they move, copy or remove; nothing when no list changes.
    ///
    /// - Throws: a `Problem` when the store has a roster and the user may not sign for the folders.
    func followed(_ steps: [FileChange]) throws -> (pins: Pins, steps: [FileChange])? {
        guard let before = try pins(), var pins = before.after(steps, in: self) else { return nil }
        guard let old = before.roster?.roster else { return (pins, []) }
        var roster = old
        roster.folders = [:]
        for (folder, content) in pins.lists {
            roster.folders[folder] = try readers(folder, content, in: old)
        }
        guard roster.folders != old.folders else { return (pins, []) }
        let draft = TeamDraft(roster: roster, files: [:], base: before)
        roster = try completed(draft)
        let signer = try signer(of: roster, after: draft)
        let content = roster.content
        let signature = try cipher.sign(content, by: signer)
        pins.roster = try Pins.AcceptedRoster(content: content, signature: signature)
        pins.keys = pins.keys.filter { roster.keys[$0.key] != nil }
        try describe(roster, &pins)
        return (
            pins,
            [
                .write(root / Roster.file, content, mode: .fresh),
                .write(root / TeamFiles.signature, signature, mode: .fresh),
            ]
        )
    }

    /// The readers that a list stands for: those of the folder that had it, roles included.
    private func readers(
        _ folder: Path, _ content: [UInt8], in roster: Roster
    ) throws -> Roster.Readers {
        if roster.list(of: folder) == content { return roster.folders[folder] ?? [:] }
        let same = roster.folders.filter { roster.list(of: $0.key) == content }
        if let found = same.min(by: { $0.key.bytes.precedes($1.key.bytes) }) { return found.value }
        let list = try RecipientList(content, path: folder / ".gpg-id")
        var readers: Roster.Readers = [:]
        for recipient in list.recipients {
            guard let fingerprint = Fingerprint(recipient.bytes), roster.keys[fingerprint] != nil
            else {
                throw Problem(
                    "\(shown(folder)) would get a recipient who is not in the team: \(Text(recipient.bytes))",
                    hints: ["add them first: passel recipients add \(Text(recipient.bytes))"])
            }
            readers[fingerprint] = Roster.Membership(.member)
        }
        return readers
    }
}
