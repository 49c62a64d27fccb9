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
    /// and commits it.
    ///
    /// - Throws: a `Problem`, and nothing has changed, when the entry is not what `known` says, or
    ///   when it cannot be   encrypted or written.
    public func put(
        _ plaintext: Secret, in file: Path, known: Known, freshMode: Bool = false, subject: Text
    ) throws {
        try exclusively {
            try check(known, file)
            let ciphertext = try encrypt(plaintext, to: audience(of: file.parent))
            // generate -i makes a file of its own of a link, as pass does by renaming over it.
            let place = freshMode ? file : try target(of: file)
            try Change(
                store: self, steps: [.write(place, ciphertext, mode: freshMode ? .fresh : .kept)],
                subject: { _ in subject }
            ).perform()
            note(plaintext, as: ciphertext)
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
