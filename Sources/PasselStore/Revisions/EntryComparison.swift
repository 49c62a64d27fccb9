public import PasselCore
import PasselPosix

/// What an entry is now beside what it was.
public struct EntryComparison: Sendable {
    /// What it is compared with; nothing when it was not there before.
    public let old: EntryVersion?
    /// What is different.
    public let difference: EntryDifference
}

extension Store {
    /// What is different in an entry since a revision, or else since the newest version that holds
    /// something else than now.
    ///
    /// An entry that was only encrypted anew is not different.
    public func comparison(of entry: Path, with revision: Text?) throws -> EntryComparison {
        let content = try Files.readIfPresent(file(entry))
        let now = try content.map {
            try refuseUnverified(file(entry), content: $0)
            return try cipher.decrypt($0, name: Text(entry.bytes))
        }
        if let revision {
            let old = try version(of: entry, at: revision)
            return EntryComparison(
                old: old, difference: EntryDifference(from: try read(old), to: now))
        }
        let revisions = try revisions(of: entry)
        guard !revisions.isEmpty || now != nil else {
            throw Problem(
                "\(entry) is not in the store, and never was",
                hints: ["passel find \(Text(entry.name))"])
        }
        for revision in revisions {
            guard let old = try version(revision), old.ciphertext != content else { continue }
            let plaintext = try read(old)
            guard plaintext != now else { continue }
            return EntryComparison(
                old: old, difference: EntryDifference(from: plaintext, to: now))
        }
        return EntryComparison(old: nil, difference: EntryDifference(from: nil, to: now))
    }
}
