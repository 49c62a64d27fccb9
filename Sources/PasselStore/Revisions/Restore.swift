public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// What restoring did.
    public struct Restoring: Sendable {
        /// What was restored.
        public let version: EntryVersion
        /// Whether the entry is different now; not when it was the same already.
        public let isChanged: Bool
    }

    /// Makes an entry what it was at a revision, or one of its fields, as a change of today:
    /// encrypted for the recipients that its folder has now.
    ///
    /// An entry that is gone comes back. Of several fields with the key all are restored.
    ///
    /// - Throws: a `Problem` when the entry, or the field, was not there.
    public func restore(
        _ entry: Path, at revision: Text, field key: Text? = nil
    ) throws -> Restoring {
        let version = try version(of: entry, at: revision)
        let file = file(entry)
        let present = try Files.readIfPresent(file)
        let now = try present.map {
            try refuseUnverified(file, content: $0)
            return try cipher.decrypt($0, name: Text(entry.bytes))
        }
        var wanted = try read(version)
        if let key {
            guard let now else {
                throw Problem(
                    "\(entry) is gone; a field needs an entry",
                    hints: ["restore all of it: passel restore \(entry) --at \(revision)"])
            }
            wanted = try Self.restoring(key, of: wanted, in: now, version)
        }
        guard now != wanted else { return Restoring(version: version, isChanged: false) }
        let what: Text = key.map { "\($0) of \(entry)" } ?? Text(entry.bytes)
        try makeFolders(file.parent)
        do {
            try put(
                wanted, in: file, known: present.map { .ciphertext($0) } ?? .absent,
                insteadOf: now, restoring: true,
                subject: "Restore \(what) from \(version.commit.id.short).")
        } catch {
            // The folder was made for nothing; an empty one that stays is no harm.
            try? prune(file.parent)
            throw error
        }
        return Restoring(version: version, isChanged: true)
    }

    private static func restoring(
        _ key: Text, of old: Secret, in now: Secret, _ version: EntryVersion
    ) throws -> Secret {
        let before = EntryText(old)
        let text = EntryText(now)
        guard !before.fields(key).isEmpty else {
            throw Problem(
                "\(version.name) had no field \(key) at \(version.commit.id.short)",
                hints: ["see what it had: passel diff \(version.name) \(version.commit.id.short)"])
        }
        guard !text.isOpaque else {
            throw Problem("\(version.name) has no fields now: it is not made of lines")
        }
        return text.replacing(key, byThoseOf: before)
    }
}
