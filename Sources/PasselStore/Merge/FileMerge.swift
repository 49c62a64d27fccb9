public import PasselCore
import PasselGit
import PasselPosix

/// A merge of one file for which git asks, in the middle of a merge or rebase of its own.
public struct FileMerge {
    /// What came of it.
    public enum Outcome: Sendable {
        /// The file's content afterwards.
        case merged([UInt8])
        /// A person has to look at it; what is here stays in its place. And why.
        case conflict(Text)
    }

    private let store: Store
    /// The file's path below the store.
    private let path: Path

    /// A merge of the file with this name below the work tree.
    ///
    /// - Throws: a `Problem` when it does not lie in the store.
    public init(_ store: Store, name: [UInt8]) throws {
        guard let repository = try store.repository(around: store.root) else {
            throw Problem("\(store.root) has no history")
        }
        let prefix = store.prefix(in: repository)
        guard name.starts(with: prefix) else {
            throw Problem("\(Path(name)) lies outside of the store")
        }
        self.store = store
        path = Path(name.dropFirst(prefix.count))
    }

    /// What an entry or a list is after both sides changed it; of everything else our version
    /// stays, as a conflict.
    ///
    /// No bytes stand for a file that is not there.
    public func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> Outcome {
        let last = path.name
        if last == Array(".gpg-id".utf8) {
            guard try Files.readIfPresent(store.root / Roster.file) == nil else {
                return .conflict("the recipients follow from the roster")
            }
            let merged = ListMerge.merging(
                base: base.isEmpty ? nil : base, ours: ours, theirs: theirs)
            return .merged(merged ?? ours)
        }
        let isReserved = path.components.contains(where: EntryName.isReserved)
        guard last.ends(with: EntryName.suffix), !isReserved else {
            return .conflict("both sides changed it")
        }
        return try entry(base, ours, theirs)
    }

    private func entry(_ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8]) throws -> Outcome {
        let name = Text(path.bytes.dropLast(EntryName.suffix.utf8.count))
        let cipher = store.cipher
        let texts = Parallel.map([base, ours, theirs], width: 2) { content -> Secret? in
            // What cannot be read is no base, or a conflict.
            content.isEmpty ? nil : try? cipher.decrypt(content, name: name)
        }
        guard let mine = texts[1], let other = texts[2] else {
            return .conflict("one of the versions cannot be read")
        }
        // Which side is the newer decides nothing here: a conflict is left to a person.
        let merge = EntryMerge.merging(base: texts[0], ours: mine, theirs: other, newer: .ours)
        guard merge.conflicts.isEmpty else { return .conflict("both sides changed the same part") }
        guard let commits = try commits() else {
            return .conflict("it cannot be told for whom it is to be encrypted")
        }
        let readers = try MergeReaders(
            commits.merge, prefix: store.prefix(in: commits.merge.repository),
            MergeTexts(commits.merge), base: commits.base)
        let made: [[UInt8]] = merge.origin.map { $0 == .ours ? [ours, theirs] : [theirs] } ?? []
        for content in mine == other ? made : Array(made.prefix(1)) {
            if try readers.isRight(content, in: path.parent) { return .merged(content) }
        }
        switch try readers.wanted(in: path.parent) {
        case .success(let wanted):
            let ciphertext = try wanted.audience.encrypt(merge.merged, with: cipher)
            try readers.check(ciphertext, wanted)
            return .merged(ciphertext)
        case .failure(let problem): return .conflict(problem.message)
        }
    }

    /// What git is merging: the branch's head, and the other one; nothing on a branch without
    /// commits.
    ///
    /// Where git names no other one, it picks a commit, takes one back, or brings back what was put
    /// aside: what comes of that is this branch's, and for the readers that it has.
    private func commits() throws -> (merge: StoreMerge, base: GitID?)? {
        guard let repository = try store.repository(around: store.root),
            let ours = try repository.headID()
        else { return nil }
        let theirs = try other(than: ours, repository) ?? ours
        let merge = StoreMerge(
            store: store, repository: repository, ours: ours, theirs: theirs, label: "")
        return (merge, try repository.mergeBase(ours, theirs))
    }

    private func other(than ours: GitID, _ repository: GitRepository) throws -> GitID? {
        let prefix = Array("GITHEAD_".utf8)
        for entry in store.settings.environment.entries where entry.starts(with: prefix) {
            let digits = entry.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "=") }
            if let id = GitID(hex: digits), id != ours { return id }
        }
        for name: Path in ["rebase-merge/orig-head", "rebase-apply/orig-head"] {
            let content = try Files.readIfPresent(repository.gitFolder / name) ?? []
            if let id = GitID(hex: content.prefix(40)) { return id }
        }
        return nil
    }
}
