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
    /// - Throws: a `Problem`, and nothing has changed, when the entry is not what `known` says, or
    ///   when it cannot be encrypted or written.
    public func put(
        _ plaintext: Secret, in file: Path, known: Known, freshMode: Bool = false, subject: Text,
        event: EventDraft? = nil
    ) throws {
        try exclusively {
            try check(known, file)
            let audience = try audience(of: file.parent)
            let ciphertext = try encrypt(plaintext, to: audience)
            // generate -i makes a file of its own of a link, as pass does by renaming over it.
            let place = freshMode ? file : try target(of: file)
            let log = SecurityLog(store: self)
            let logged = try event.map { try log.entry($0, for: audience) }
            let step = FileChange.write(place, ciphertext, mode: freshMode ? .fresh : .kept)
            try Change(
                store: self, steps: [step] + (logged.map { [$0.step] } ?? []),
                subject: { _ in subject }
            ).perform()
            note(plaintext, as: ciphertext)
            if let logged { log.remember(logged) }
        }
    }

    private func check(_ known: Known, _ file: Path) throws {
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
