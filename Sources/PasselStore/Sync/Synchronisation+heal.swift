import PasselCore
import PasselGit
import PasselPosix

/// For which state of store and pins healing was last done.
///
/// A file `healed` in the state folder: the commit and the digest of what is acknowledged.
private struct HealedState {
    static let file: Path = "healed"

    static func content(_ head: GitID?, _ folder: StateFolder) throws -> [UInt8] {
        let pins = try Files.readIfPresent(folder.file("pins")) ?? []
        return Array("\(head?.hex ?? "-") \(Digest(of: pins).hex)\n".utf8)
    }
}

extension Synchronisation {
    /// Whether entries or recipients changed since it was last seen to that they fit.
    func isHealingDue() throws -> Bool {
        guard let folder = store.storedPins?.folder else { return false }
        return try Files.readIfPresent(folder.file(HealedState.file))
            != HealedState.content(try repository.headID(), folder)
    }

    /// Encrypts anew what is not for its folder's acknowledged recipients, as far as we can read it.
    ///
    /// Folders whose recipients wait for a review are left alone: nobody knows yet whom they are for.
    mutating func heal() throws {
        guard store.settings.recipientsOverride.isEmpty, let folder = store.storedPins?.folder
        else {
            return
        }
        var report = self.report
        defer { self.report = report }
        let policy = try store.settings.configuration.heal
        guard var all = try surveyed() else { return }
        let drift = wanted(all, &report)
        let names = drift.map(\.name)
        let isAllowed =
            switch policy {
            case .auto: true
            case .ask: !names.isEmpty && !request.isInBackground && request.mayHeal(names)
            case .never: false
            }
        if !drift.isEmpty {
            if isAllowed {
                let healing =
                    try request.isDryRun
                    ? store.expectedHealing(of: drift, after: supposed.steps)
                    : store.exclusively { try store.healAlone(drift) }
                if request.isDryRun { try suppose(healing) }
                for name in healing.healed { note(name, .healed, &report) }
                let healed = Set(healing.healed)
                all.entries.removeAll { healed.contains($0.name) }
                for (name, problem) in healing.remaining where isNew(name) {
                    note(name, .drifted(problem), &report)
                }
            } else {
                for name in names { note(name, .drifted(Self.notAllowed(policy)), &report) }
            }
        }
        guard !request.isDryRun else { return }
        store.remember(all)
        let content = try HealedState.content(try repository.headID(), folder)
        try folder.write(content, to: HealedState.file)
    }

    /// Notes where the branch would be once these entries are healed.
    ///
    /// What they would hold nobody can tell, only that it would be something else.
    private mutating func suppose(_ healing: Healing) throws {
        guard let head = supposed.head, !healing.healed.isEmpty else { return }
        let changes = healing.healed.map { name in
            GitChange(
                name.bytes + EntryName.suffix.utf8,
                .file(Array("healed: ".utf8) + name.bytes, executable: false))
        }
        supposed.head = try repository.suppose(changes, after: [head])
    }

    /// Who can read what, against who should; nothing where no list says so.
    private func surveyed() throws -> Drift? {
        do {
            return try store.drift(after: supposed.steps, keysAhead)
        } catch is NotInitialised {
            return nil
        }
    }

    /// What has drifted and may be healed; the folders that wait go into the report.
    private func wanted(_ drift: Drift, _ report: inout SyncReport) -> [Drift.Entry] {
        for waiting in drift.unacknowledged {
            let folder = waiting.folder ?? Roster.top
            if !report.reviews.contains(folder) { report.reviews.append(folder) }
        }
        let reviews = report.reviews
        guard !drift.unacknowledged.contains(where: { $0.folder == nil }) else { return [] }
        return drift.drifted.filter { entry in
            guard let folder = entry.folder else { return false }
            let place = Path(entry.name.bytes).parent
            return !reviews.contains { $0 == folder || $0 == Roster.top || place.isWithin($0) }
        }
    }

    /// Whether this sync has to do with the entry.
    private func isNew(_ name: Text) -> Bool {
        report.items.contains { $0.name.bytes == name.bytes }
    }

    private func note(_ name: Text, _ what: SyncReport.Item.What, _ report: inout SyncReport) {
        report.items.append(
            SyncReport.Item(name: Path(name.bytes), what: what, remote: nil))
    }

    private static func notAllowed(_ policy: HealPolicy) -> Problem {
        Problem(
            policy == .never
                ? "not for the recipients of its folder; passel.heal is never"
                : "not for the recipients of its folder",
            hints: ["passel recipients heal"])
    }
}
