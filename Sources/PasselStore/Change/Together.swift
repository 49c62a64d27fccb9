public import PasselCore
import PasselPosix

/// What becomes of one of several entries that are changed at once.
public struct EntryChange: Sendable {
    /// The entry.
    public let name: Path
    /// What it holds from then on; nothing where it goes away.
    public let content: Secret?
    /// What it held when it was looked at.
    public let known: Store.Known

    /// A change of an entry.
    public init(_ name: Path, to content: Secret?, known: Store.Known) {
        self.name = name
        self.content = content
        self.known = known
    }
}

extension Store {
    /// Changes several entries in one commit, each encrypted for the recipients of its folder, with
    /// what the security log has to say of it.
    ///
    /// - Parameter drafts: all that the log is told; nothing is concluded from the contents.
    /// - Throws: a `Problem`, and nothing has changed, when an entry is not what is known of it, or
    ///   one cannot be encrypted or written; `ChangedMeanwhile` likewise.
    public func putTogether(
        _ changes: [EntryChange], telling drafts: [EventDraft], subject: Text
    ) throws {
        try exclusively {
            var steps: [FileChange] = []
            var written: [(content: Secret, ciphertext: [UInt8])] = []
            for change in changes {
                let file = file(change.name)
                try check(change.known, file)
                guard let content = change.content else {
                    steps.append(.remove(file))
                    continue
                }
                try makeFolders(file.parent)
                let ciphertext = try encrypt(content, to: audience(of: file.parent))
                steps.append(.write(try target(of: file), ciphertext, mode: .kept))
                written.append((content, ciphertext))
            }
            let events = try SecurityLog(store: self).events(drafts) { try audience(of: $0) }
            try Change(store: self, steps: steps, events: events, subject: { _ in subject })
                .perform()
            for (content, ciphertext) in written { note(content, as: ciphertext) }
        }
    }
}
