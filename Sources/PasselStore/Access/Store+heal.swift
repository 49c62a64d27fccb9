public import PasselCore
import PasselPosix

/// What came of encrypting anew what had drifted.
public struct Healing: Sendable {
    /// The entries that are for their folder's recipients again, and nobody else.
    public var healed: [Text] = []
    /// Those that are not, and why.
    public var remaining: [(name: Text, problem: Problem)] = []

    /// Nothing, where nothing had drifted.
    public init() {}
}

extension Store {
    /// Encrypts every drifted entry at and below `name` that the user can read to the recipients of
    /// its folder: one commit.
    ///
    /// What cannot be read stays as it is and is told, and so does a folder whose recipients this
    /// machine has not acknowledged, or of whom somebody cannot be encrypted to.
    ///
    /// - Throws: as `drift`; a `Problem`, and nothing has changed, when nothing could be written.
    public func heal(below name: Path = "") throws -> Healing {
        guard settings.recipientsOverride.isEmpty else {
            throw Problem(
                "PASSWORD_STORE_KEY stands in for every list of recipients; nothing can be healed by it",
                hints: ["unset PASSWORD_STORE_KEY"])
        }
        return try exclusively {
            // Seen for the first time, the store is acknowledged now: it cannot be while it is read.
            _ = try pins()
            return try healAlone(drift(below: name).drifted)
        }
    }

    /// As above for these entries, for who holds the store's lock.
    func healAlone(_ drifted: [Drift.Entry]) throws -> Healing {
        let tried = Self.candidates(drifted)
        var healing = tried.healing
        var changes: [FileChange] = []
        for (_, found) in tried.candidates.sorted(by: {
            $0.key.bytes.precedes($1.key.bytes)
        }) {
            do {
                let result = try Reencryption(store: self).run(found.map(\.candidate))
                changes += result.changes
                healing.remaining += result.failed
            } catch let problem as Problem {
                healing.remaining += found.map { ($0.name, problem) }
            }
        }
        healing.healed = changes.map { entryName($0.path) }.sorted { $0.bytes.precedes($1.bytes) }
        healing.remaining.sort { $0.name.bytes.precedes($1.name.bytes) }
        let count = healing.healed.count
        try Change(
            store: self, steps: changes,
            subject: { _ in "Heal \(count) \(count == 1 ? "entry" : "entries")." }
        ).perform()
        return healing
    }

    /// What healing these entries would come to once the steps are done, as far as that can be told
    /// without encrypting anything.
    ///
    /// Only what the user has no key for is tried, to tell why it cannot be read.
    func expectedHealing(of drifted: [Drift.Entry], after steps: [FileChange]) throws -> Healing {
        let tried = Self.candidates(drifted)
        var healing = tried.healing
        let own = try cipher.secretKeys().reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        var coming: [Path: [UInt8]] = [:]
        for case .write(let path, let content, _) in steps { coming[path] = content }
        for (_, found) in tried.candidates.sorted(by: {
            $0.key.bytes.precedes($1.key.bytes)
        }) {
            do {
                for (name, candidate) in found {
                    let audience = try audience(of: candidate.destination.parent)
                    _ = try audience.readers(with: cipher)
                    let ciphertext =
                        try coming[candidate.source] ?? Files.read(candidate.source)
                    // What is no message has no readers, and decrypting it tells so.
                    let readers = (try? EncryptedMessage(ciphertext))?.recipients ?? []
                    do {
                        if !readers.contains(where: { $0 == .hidden || own.contains($0) }) {
                            _ = try cipher.decrypt(ciphertext, name: name)
                        }
                        healing.healed.append(name)
                    } catch let problem as Problem {
                        healing.remaining.append((name, problem))
                    }
                }
            } catch let problem as Problem {
                healing.remaining += found.map { ($0.name, problem) }
            }
        }
        healing.healed.sort { $0.bytes.precedes($1.bytes) }
        healing.remaining.sort { $0.name.bytes.precedes($1.name.bytes) }
        return healing
    }

    /// What can be tried, by the folder whose list holds, and what cannot.
    private static func candidates(
        _ drifted: [Drift.Entry]
    ) -> (
        candidates: [Path: [(name: Text, candidate: Reencryption.Candidate)]], healing: Healing
    ) {
        var healing = Healing()
        var candidates: [Path: [(name: Text, candidate: Reencryption.Candidate)]] = [:]
        for entry in drifted {
            guard let folder = entry.folder else {
                let problem = Problem(
                    "no list of recipients holds for it", hints: ["name someone: passel init KEY"])
                healing.remaining.append((entry.name, problem))
                continue
            }
            guard let file = entry.file else {
                let problem = Problem("lies outside of the store, behind a link")
                healing.remaining.append((entry.name, problem))
                continue
            }
            let candidate = Reencryption.Candidate(
                source: file, destination: file, listChanged: true, anew: true)
            candidates[folder, default: []].append((entry.name, candidate))
        }
        return (candidates, healing)
    }
}
