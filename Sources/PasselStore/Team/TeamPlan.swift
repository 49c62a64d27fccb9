public import PasselCore
import PasselPosix

/// What a draft of the team changes, in words that people can judge.
public struct TeamPlan {
    /// Who joins which folder, in which role.
    public var added: [Text] = []
    /// Who leaves which folder.
    public var removed: [Text] = []
    /// Who changes role.
    public var changed: [Text] = []
    /// The folders that inherit their readers from then on.
    public var inherited: [Text] = []
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
        lines += added.map { "+ \($0)" }
        lines += removed.map { "- \($0)" }
        lines += changed.map { "  \($0)" }
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
        func person(_ key: Fingerprint) -> Text {
            let name = (draft.roster.keys[key] ?? before.keys[key]).map { Text($0.name) } ?? ""
            return "\(name) \(key.grouped)"
        }
        let folders = Set(before.folders.keys).union(draft.roster.folders.keys)
        for folder in folders.sorted(by: { $0.bytes.precedes($1.bytes) }) {
            guard let after = draft.roster.folders[folder] else {
                plan.inherited.append(shown(folder))
                continue
            }
            // A folder that gets readers of its own had those of the folder above it.
            let old = before.governing(folder).flatMap { before.folders[$0] } ?? [:]
            for key in after.keys.sorted() where old[key] != after[key] {
                guard let membership = after[key] else { continue }
                let until: Text = membership.until.map { " until \($0.spelling)" } ?? ""
                let role = "\(membership.role.rawValue)\(until) of \(shown(folder))" as Text
                if old[key] == nil {
                    plan.added.append("\(person(key)) as \(role)")
                } else if draft.old != nil {
                    plan.changed.append("\(person(key)) is now \(role)")
                }
            }
            for key in old.keys.sorted() where after[key] == nil {
                plan.removed.append("\(person(key)) from \(shown(folder))")
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
