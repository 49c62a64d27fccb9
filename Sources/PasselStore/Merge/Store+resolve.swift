public import PasselCore
import PasselPosix

/// How an entry of which two versions are there becomes one.
public enum ConflictResolution: Sendable {
    /// What stands stays; the other version goes.
    case ours
    /// The other version takes its place.
    case theirs
    /// This takes its place, made of the two by a person who saw them: what stood, and the other.
    case text(Secret, standing: [UInt8]?, other: [UInt8])
    /// The other version becomes an entry of its own.
    case keepBoth
}

extension Store {
    /// Settles an entry of which other versions are kept, in one commit, and returns the names of
    /// entries that are new.
    ///
    /// `name` is the entry or one of its kept versions. What is written is encrypted to the
    /// recipients of its folder. What is given up stays in history.
    ///
    /// - Throws: a `Problem`, and nothing has changed, when it is not clear which version is meant,
    ///   or one cannot be read or written; `ChangedMeanwhile` when what a person saw is not there
    ///   any more.
    @discardableResult
    public func resolve(_ name: Path, _ resolution: ConflictResolution) throws -> [Path] {
        try exclusively {
            let found = try conflicts(of: name, comparing: false)
            guard let first = found.first else { return [] }
            switch resolution {
            case .ours:
                try finish(first.name, found, [:])
                return []
            case .theirs:
                let conflict = try only(found, "--theirs")
                let text = try read(file(conflict.kept), name: Text(conflict.kept.bytes))
                try finish(conflict.name, [conflict], [conflict.name: text])
                return []
            case .text(let text, let standing, let other):
                let conflict = try only(found, "--edit")
                guard try Files.readIfPresent(file(conflict.name)) == standing,
                    try Files.readIfPresent(file(conflict.kept)) == other
                else { throw ChangedMeanwhile() }
                try finish(conflict.name, [conflict], [conflict.name: text])
                return []
            case .keepBoth:
                var taken: [Path] = []
                var written: [Path: Secret] = [:]
                for conflict in found {
                    let free = try freeName(beside: conflict.name, taken)
                    written[free] = try read(
                        file(conflict.kept), name: Text(conflict.kept.bytes))
                    taken.append(free)
                }
                try finish(first.name, found, written)
                return taken
            }
        }
    }

    private func only(_ found: [Conflict], _ option: Text) throws -> Conflict {
        guard found.count == 1, let conflict = found.first else {
            throw Problem(
                "\(found[0].name) has \(found.count) other versions; name the one that is meant",
                hints: found.map { "passel conflicts resolve \($0.kept) \(option)" })
        }
        return conflict
    }

    private func written(_ text: Secret, _ name: Path) throws -> FileChange {
        let place = file(name)
        if try FileStatus(of: place, following: false)?.kind == .folder {
            throw Problem(
                "\(name) cannot be an entry: \(place) is a folder",
                hints: ["give it another name: passel conflicts resolve \(name) --keep-both"])
        }
        try makeFolders(place.parent)
        let ciphertext = try encrypt(text, to: audience(of: place.parent))
        note(text, as: ciphertext)
        return .write(try target(of: place), ciphertext, mode: .kept)
    }

    /// A name for an entry of its own: not one that looks like a kept version, though what is
    /// settled may be one itself.
    private func freeName(beside name: Path, _ taken: [Path]) throws -> Path {
        var name = name
        while let (original, _) = ConflictName.parse(name) { name = original }
        for number in 2... {
            let free = name.appending("-\(number)")
            if try FileStatus(of: file(free), following: false) == nil, !taken.contains(free) {
                return free
            }
        }
        return name
    }

    /// Removes the other versions of `name` that are settled, and writes these entries.
    private func finish(
        _ name: Path, _ settled: [Conflict], _ written: [Path: Secret]
    ) throws {
        let writes = written.sorted { $0.key.bytes.precedes($1.key.bytes) }
        let steps =
            try writes.map { try self.written($1, $0) }
            + settled.map { FileChange.remove(file($0.kept)) }
        try Change(
            store: self, steps: steps, events: events(name, settled, written),
            subject: { _ in "Resolve the conflict of \(name)." }
        ).perform()
    }

    /// What the security log says of it: a token that stands in the entry is not gone with another
    /// version.
    private func events(
        _ name: Path, _ settled: [Conflict], _ written: [Path: Secret]
    ) throws -> SecurityLog.Events {
        let watch = TokenWatch(store: self)
        guard try watch.isNeeded else { return SecurityLog.Events() }
        let names = Set([name] + settled.map(\.kept) + written.keys)
        let held = try watch.contents(names.map { file($0) })
        let kept = Set(settled.map(\.kept))
        let changes = names.sorted { $0.bytes.precedes($1.bytes) }.map { entry in
            let before = held[file(entry)] ?? .nothing
            let after = written[entry].map { TokenChange.Content.text($0) }
            return TokenChange(
                entry, from: before, to: after ?? (kept.contains(entry) ? .nothing : before))
        }
        return SecurityLog(store: self).eventsIfPossible(EventDraft.drafts(of: changes)) {
            try audience(of: $0)
        }
    }
}
