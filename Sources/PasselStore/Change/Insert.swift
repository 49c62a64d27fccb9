public import PasselCore
import PasselPosix

extension Store {
    /// What an entry's file held when the user was asked about it.
    public enum Known: Sendable {
        /// There was no entry, and none may have come since.
        case absent
        /// The user agreed to replace whatever is there.
        case anything
        /// There was this ciphertext.
        case ciphertext([UInt8])
    }

    /// Encrypts `plaintext` for the recipients of the entry's folder, puts it in the entry's place,
    /// and commits it, with what the security log has to say of it.
    ///
    /// - Parameters:
    ///   - before: what the entry held, where the caller read it.
    ///   - restoring: whether it held `plaintext` at some time before.
    ///   - reason: why a token is replaced.
    /// - Throws: a `Problem`, and nothing has changed, when the entry is not what `known` says, or
    ///   when it cannot be encrypted or written.
    public func put(
        _ plaintext: Secret, in file: Path, known: Known, insteadOf before: Secret? = nil,
        freshMode: Bool = false, restoring: Bool = false, subject: Text,
        reason: Text? = nil
    ) throws {
        try exclusively {
            try check(known, file)
            let audience = try audience(of: file.parent)
            let ciphertext = try encrypt(plaintext, to: audience)
            // generate -i makes a file of its own of a link, as pass does by renaming over it.
            let place = freshMode ? file : try target(of: file)
            let change = TokenChange(
                Path(entryName(file).bytes),
                from: try before.map { TokenChange.Content.text($0) }
                    ?? TokenWatch(store: self).content(file),
                to: .text(plaintext))
            var drafts = EventDraft.drafts(of: [change], restoring: restoring)
            for index in drafts.indices { drafts[index].reason = reason }
            let events = try SecurityLog(store: self).events(drafts) { _ in audience }
            try Change(
                store: self,
                steps: [.write(place, ciphertext, mode: freshMode ? .fresh : .kept)],
                events: events, subject: { _ in subject }
            ).perform()
            note(plaintext, as: ciphertext)
        }
    }

    func check(_ known: Known, _ file: Path) throws {
        let name = entryName(file)
        switch known {
        case .anything: break
        case .absent:
            guard try FileStatus(of: file) == nil else {
                throw Problem(
                    "\(name) was added by somebody else meanwhile; it was not replaced",
                    hints: ["look at it: passel show \(name)"])
            }
        case .ciphertext(let old):
            guard try Files.readIfPresent(file) == old else { throw ChangedMeanwhile() }
        }
    }

    /// Thrown when an entry is not any more what the user saw.
    public struct ChangedMeanwhile: Error {}
}
