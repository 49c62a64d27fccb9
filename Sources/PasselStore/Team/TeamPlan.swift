public import PasselCore
import PasselPosix

/// What a draft of the team changes, for people to judge.
public struct TeamPlan {
    /// Somebody in a folder.
    public struct Reader: Sendable {
        /// The name.
        public let name: Text
        /// The key.
        public let fingerprint: Fingerprint
        /// The folder, `.` for the top.
        public let folder: Path
        /// What they become, or were if they leave.
        public let membership: Roster.Membership

        fileprivate var person: Text { "\(name) \(fingerprint.grouped)" }
        fileprivate var place: Text { folder == Roster.top ? "the store" : Text(folder.bytes) }
        fileprivate var role: Text {
            let until: Text = membership.until.map { " until \($0.spelling)" } ?? ""
            return "\(membership.role.rawValue)\(until) of \(place)"
        }
    }

    /// Who joins which folder.
    public var added: [Reader] = []
    /// Who leaves which folder.
    public var removed: [Reader] = []
    /// Who changes role.
    public var changed: [Reader] = []
    /// The folders that inherit their readers from then on.
    public var inherited: [Path] = []
    /// Whether the store gets its first roster.
    public var isFirst = false
    /// The entries whose readers change.
    public var entries: [Text] = []

    /// Whether nothing at all changes.
    public var isEmpty: Bool {
        !isFirst && added.isEmpty && removed.isEmpty && changed.isEmpty && inherited.isEmpty
            && entries.isEmpty
    }

    /// A line for each change, and how many entries it concerns.
    public var lines: [Text] {
        var lines: [Text] = isFirst ? ["the store gets a signed roster of its team"] : []
        lines += added.map { "+ \($0.person) as \($0.role)" }
        lines += removed.map { "- \($0.person) from \($0.place)" }
        lines += changed.map { "  \($0.person) is now \($0.role)" }
        lines += inherited.map { "  \($0) inherits its readers" }
        lines.append(
            "\(entries.count) \(entries.count == 1 ? "entry is" : "entries are") encrypted anew")
        return lines
    }
}

extension Store {
    /// What a draft changes compared with what is acknowledged.
    public func plan(_ draft: TeamDraft) throws -> TeamPlan {
        var plan = TeamPlan(isFirst: draft.old == nil)
        let before = try draft.old ?? draft.listedRoster(self)
        func reader(
            _ key: Fingerprint, _ folder: Path, _ membership: Roster.Membership
        ) -> TeamPlan.Reader {
            let name = (draft.roster.keys[key] ?? before.keys[key]).map { Text($0.name) } ?? ""
            return TeamPlan.Reader(
                name: name, fingerprint: key, folder: folder, membership: membership)
        }
        let folders = Set(before.folders.keys).union(draft.roster.folders.keys)
        for folder in folders.sorted(by: { $0.bytes.precedes($1.bytes) }) {
            guard let after = draft.roster.folders[folder] else {
                plan.inherited.append(folder)
                continue
            }
            // A folder that gets readers of its own had those of the folder above it.
            let old = before.governing(folder).flatMap { before.folders[$0] } ?? [:]
            for (key, membership) in after.sorted(by: { $0.key < $1.key })
            where old[key] != membership {
                if old[key] == nil {
                    plan.added.append(reader(key, folder, membership))
                } else if draft.old != nil {
                    plan.changed.append(reader(key, folder, membership))
                }
            }
            for (key, membership) in old.sorted(by: { $0.key < $1.key }) where after[key] == nil {
                plan.removed.append(reader(key, folder, membership))
            }
        }
        plan.entries = try concerned(before, draft.roster)
        return plan
    }

    /// The entries that other people read with one roster than with the other.
    private func concerned(_ old: Roster, _ new: Roster) throws -> [Text] {
        var known: [Path: Bool] = [:]
        return try Reencryption.files(below: root).filter { file in
            if let answer = known[file.parent] { return answer }
            let folder = teamFolder(file.parent)
            let before = old.governing(folder).flatMap { old.folders[$0] } ?? [:]
            let after = new.governing(folder).flatMap { new.folders[$0] } ?? [:]
            let answer = Set(before.keys) != Set(after.keys)
            known[file.parent] = answer
            return answer
        }.map { entryName($0) }
    }
}

extension TeamDraft {
    /// What bare lists said, as a roster: everybody in them by whom they were found to mean.
    func listedRoster(_ store: Store) throws -> Roster {
        var roster = Roster()
        for (folder, content) in base.lists {
            let list = try RecipientList(content, path: folder / ".gpg-id")
            for recipient in list.recipients {
                let person = try store.person(recipient)
                roster.folders[folder, default: [:]][person.fingerprint] = Roster.Membership(
                    .member)
                roster.keys[person.fingerprint] = Roster.Key(
                    digest: Digest(of: person.file), name: person.name.bytes)
            }
        }
        return roster
    }
}
