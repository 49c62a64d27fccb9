import PasselCore
import PasselGit
import PasselPosix

/// Whom merged entries are encrypted to: those whom this machine has acknowledged, without whoever
/// either side took out since.
///
/// So nobody who was removed anywhere gets a merged secret, and nobody whom no person here has
/// looked at.
final class MergeReaders {
    /// Whom the entries of a folder are for.
    struct Wanted {
        let audience: Audience
        /// The ids that a message to them names, sorted.
        let ids: [KeyID]
        /// What was acknowledged, without those who are left out.
        let pins: Pins?
    }

    private let merge: StoreMerge
    private let prefix: [UInt8]
    private let texts: MergeTexts
    private let base: GitID?
    private let pins: Pins?
    private var known: [Path: Result<Wanted, Problem>] = [:]
    private var lists: [ListKey: [UInt8]?] = [:]
    private var rosters: [GitID: Roster?] = [:]

    private struct ListKey: Hashable {
        let commit: GitID
        let folder: Path
    }

    /// `prefix` is the store's place below the work tree.
    init(_ merge: StoreMerge, prefix: [UInt8], _ texts: MergeTexts, base: GitID?) throws {
        self.merge = merge
        self.prefix = prefix
        self.texts = texts
        self.base = base
        pins = try merge.store.storedPins?.load(settling: false)
    }

    private var store: Store { merge.store }

    /// Whom the entries of a folder below the store are for, or why nobody can tell.
    func wanted(in folder: Path) throws -> Result<Wanted, Problem> {
        if let found = known[folder] { return found }
        let found: Result<Wanted, Problem>
        do {
            found = .success(try find(folder))
        } catch let problem as Problem {
            found = .failure(problem)
        } catch is NotInitialised {
            found = .failure(Problem("no list of recipients holds for it"))
        }
        known[folder] = found
        return found
    }

    /// Whether a message is for exactly those whom the entries of a folder are for.
    ///
    /// Where nobody can tell it is as right as anything else.
    func isRight(_ ciphertext: [UInt8], in folder: Path) throws -> Bool {
        guard case .success(let wanted) = try wanted(in: folder),
            let message = try? EncryptedMessage(ciphertext)
        else { return true }
        if message.recipients.contains(.hidden) || wanted.ids.contains(.hidden) {
            return message.recipients.count == wanted.ids.count
        }
        return message.recipients.sorted() == wanted.ids
    }

    /// Refuses what gpg made if it is for anybody else.
    func check(_ ciphertext: [UInt8], _ wanted: Wanted) throws {
        guard let pins = wanted.pins else { return }
        // What gpg found the first time is acknowledged by a person's own change, not by a merge.
        _ = try store.check(ciphertext, for: wanted.audience, pins: pins)
    }

    private func find(_ folder: Path) throws -> Wanted {
        let names = store.settings.recipientsOverride
        if !names.isEmpty {
            let audience = Audience.given(names)
            return Wanted(
                audience: audience, ids: try audience.readers(with: store.cipher), pins: nil)
        }
        guard let pins else {
            let list = try governing(folder, in: merge.ours)
            guard let list else { throw NotInitialised() }
            return try listed(list.folder, list.content, folder, nil)
        }
        guard let place = pins.governing(folder), let content = pins.lists[place] else {
            throw NotInitialised()
        }
        if let readers = pins.roster?.roster.folders[place],
            let keyring = try store.keyring(of: pins.keys)
        {
            let gone = try removed(folder) { Fingerprint($0) }
            let keys = try store.usable(readers, in: place, pins).filter { !gone.contains($0) }
            let audience = Audience.pinned(keys, folder: place, keyring: keyring)
            try refuseForeign(Set(keys), folder)
            return Wanted(
                audience: audience, ids: try audience.readers(with: store.cipher), pins: pins)
        }
        return try listed(place, content, folder, pins)
    }

    private func listed(
        _ place: Path, _ content: [UInt8], _ folder: Path, _ pins: Pins?
    ) throws -> Wanted {
        let list = try RecipientList(content, path: place / ".gpg-id")
        let gone = try removed(folder) { Recipient($0) }
        let left = list.recipients.filter { !gone.contains($0) }
        guard !left.isEmpty else { throw nobody(folder) }
        let audience = try store.listed(left, place, pins)
        var pins = pins
        if left.count < list.recipients.count {
            // Who was taken out is not expected to be found.
            let out = try store.cipher.keys(
                list.recipients.filter(gone.contains), in: .own
            ).map(\.fingerprint)
            let known = pins?.readers[place]?.filter { !out.contains($0.key) }
            pins?.readers[place] = known
        }
        let ids = try audience.readers(with: store.cipher)
        let own = try texts.secretKeys().reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        guard own.isEmpty || ids.contains(where: { $0 == .hidden || own.contains($0) }) else {
            throw ourselves(folder)
        }
        return Wanted(audience: audience, ids: ids, pins: pins)
    }

    private func refuseForeign(_ keys: Set<Fingerprint>, _ folder: Path) throws {
        guard !keys.isEmpty else { throw nobody(folder) }
        let own = Set(try texts.secretKeys().map(\.fingerprint))
        guard own.isEmpty || !own.isDisjoint(with: keys) else { throw ourselves(folder) }
    }

    private func nobody(_ folder: Path) -> Problem {
        Problem("nobody is left to encrypt to in \(store.shown(folder))")
    }

    private func ourselves(_ folder: Path) -> Problem {
        Problem("you are no recipient of \(store.shown(folder)) any more")
    }

    // MARK: - What the commits say

    /// Who read a folder in the common commit and does not in one of ours or theirs any more.
    private func removed<Reader: Hashable>(
        _ folder: Path, _ reader: ([UInt8]) -> Reader?
    ) throws -> Set<Reader> {
        guard let base else { return [] }
        let before = try readers(of: folder, in: base, reader)
        var gone: Set<Reader> = []
        for side in [merge.ours, merge.theirs] {
            gone.formUnion(before.subtracting(try readers(of: folder, in: side, reader)))
        }
        return gone
    }

    /// The readers that a commit's lists give a folder, and its roster, if it has one, does not
    /// take away.
    private func readers<Reader: Hashable>(
        of folder: Path, in commit: GitID, _ reader: ([UInt8]) -> Reader?
    ) throws -> Set<Reader> {
        guard let list = try governing(folder, in: commit) else { return [] }
        let recipients = try RecipientList(list.content, path: list.folder / ".gpg-id").recipients
        var found = Set(recipients.compactMap { reader($0.bytes) })
        if let roster = try roster(of: commit), let place = roster.governing(folder) {
            let members = roster.folders[place] ?? [:]
            found.formIntersection(members.keys.compactMap { reader($0.bytes) })
        }
        return found
    }

    /// The list that holds for a folder in a commit.
    private func governing(
        _ folder: Path, in commit: GitID
    ) throws -> (folder: Path, content: [UInt8])? {
        var current = folder
        while true {
            if let content = try list(of: current, in: commit) { return (current, content) }
            guard current != Roster.top else { return nil }
            current = current.parent
        }
    }

    private func list(of folder: Path, in commit: GitID) throws -> [UInt8]? {
        let key = ListKey(commit: commit, folder: folder)
        if let found = lists[key] { return found }
        let path: Path = folder == Roster.top ? ".gpg-id" : folder / ".gpg-id"
        let leaf = try merge.repository.leaf(at: prefix + path.bytes, in: commit)
        let content = try leaf.flatMap { leaf -> [UInt8]? in
            leaf.isFile ? try merge.repository.content(of: leaf.id, limit: 1 << 20) : nil
        }
        lists[key] = .some(content)
        return content
    }

    private func roster(of commit: GitID) throws -> Roster? {
        if let found = rosters[commit] { return found }
        let leaf = try merge.repository.leaf(at: prefix + Roster.file.bytes, in: commit)
        var roster: Roster?
        if let leaf, leaf.isFile {
            // What is no roster takes nobody away.
            roster = try? Roster(merge.repository.content(of: leaf.id, limit: 4 << 20))
        }
        rosters[commit] = .some(roster)
        return roster
    }
}
