public import PasselCore
import PasselGit
import PasselPosix

/// Who vouches for what our own branch has, since it was last verified.
public final class Verification {
    private let store: Store
    private let repository: GitRepository
    private let head: GitID
    private let verified: GitID?
    private let new: [GitID: ForeignCommits.Commit]
    private let trust: [GitID: CommitTrust]
    private let writers: WritersOnDemand
    private let wentBack: Bool
    private var asked = 0
    private lazy var leaves = Result {
        Dictionary(
            try repository.leaves(in: head).map { ($0.name, $0.leaf) },
            uniquingKeysWith: { first, _ in first })
    }

    /// From so many names on, all of them are read at once.
    private static let many = 8

    init(_ store: Store, _ repository: GitRepository, _ head: GitID, isNow: Bool) throws {
        self.store = store
        self.repository = repository
        self.head = head
        writers = WritersOnDemand(store)
        let own = store.ownVerifiedHead
        let last = try own?.load()
        guard let last, last != head else {
            // Trust begins with what is there when the store is first seen.
            if last == nil, isNow { try own?.save(head) }
            verified = last ?? (isNow ? head : nil)
            (new, trust, wentBack) = ([:], [:], false)
            return
        }
        verified = last
        do {
            // Each remote's head has passed the gate.
            let known =
                try [last]
                + (store.verifiedHeads()?.all ?? []).filter {
                    try repository.isThere($0)
                }
            let commits = try ForeignCommits(
                from: head, notIn: known, repository, limit: Gate.commitLimit
            ).commits
            wentBack =
                try isNow
                && !ForeignCommits(from: head, notIn: [last], repository, limit: Gate.commitLimit)
                    .missing.isEmpty
            trust = try store.trust(of: commits.map(\.id), in: repository, by: writers)
            new = Dictionary(uniqueKeysWithValues: commits.map { ($0.id, $0) })
        } catch let flaw as ForeignCommits.Flaw {
            throw Self.unreadable(flaw)
        }
        if isNow, !wentBack, try new.values.allSatisfy(isVouchedFor) { try own?.save(head) }
    }

    /// Refuses what is in an entry's file unless it is as a good commit left it.
    ///
    /// - Throws: a `Problem` that says which commit changed it, and what can be done.
    public func require(_ file: Path, _ content: [UInt8]) throws {
        let entry = store.entryName(file)
        guard let name = repository.name(of: file),
            try store.repository(around: file.parent)?.workTree == repository.workTree
        else {
            throw Problem(
                "\(entry) does not lie in the store's own history, so nobody has signed it",
                hints: ["see where it lies: passel git ls-files -s"])
        }
        guard let leaf = try leaf(name) else {
            guard !repository.isIgnored(name) else { return }
            throw uncommitted(entry)
        }
        guard leaf.id == GitID(ofFile: content) else { throw uncommitted(entry) }
        guard let verified, verified != head else { return }
        // What has not changed since then needs no further word.
        if try repository.leaf(at: name, in: verified) == leaf { return }
        if wentBack {
            throw Problem(
                "\(entry) is not what it was when it was verified: the branch went back, or has another history",
                hints: [
                    "put it back: passel git reset --keep \(verified.hex)",
                    "see what would change: passel git diff --stat \(verified.hex)",
                ])
        }
        if let culprit = try culprit(name, leaf) {
            let trust = trust[culprit.id] ?? .unsigned
            let why: Text =
                trust.isGood ? "\(trust.description), who may not write there" : trust.description
            throw Problem(
                "\(entry) was changed by the commit \(String(culprit.id.hex.prefix(10))), which is \(why)",
                hints: [
                    "see the commit: passel git show --stat \(culprit.id.hex)",
                    "take what the remotes have as it is: PASSEL_REQUIRE_SIGNED=false passel sync",
                    "sign your own commits: passel git config commit.gpgsign true",
                ])
        }
    }

    private func leaf(_ name: [UInt8]) throws -> GitLeaf? {
        asked += 1
        return asked < Self.many
            ? try repository.leaf(at: name, in: head) : try leaves.get()[name]
    }

    /// The commit without a good signature that gave the name its content; nothing where only good
    /// ones did.
    ///
    /// A merge that nobody vouches for may have chosen: what is under the name must be the same on
    /// both sides of it.
    private func culprit(_ name: [UInt8], _ leaf: GitLeaf) throws -> ForeignCommits.Commit? {
        var waiting = [head]
        var seen: Set<GitID> = []
        while let id = waiting.popLast() {
            // What is not new was verified before.
            guard seen.insert(id).inserted, let commit = new[id] else { continue }
            let same = try commit.parents.filter {
                try repository.leaf(at: name, in: $0) == leaf
            }
            if try vouches(id, for: name) {
                // Of two sides with the same one is enough; the one that is known is preferred.
                if let parent = same.first(where: { new[$0] == nil }) ?? same.first {
                    waiting.append(parent)
                }
            } else if same.isEmpty || same.count < commit.parents.count {
                return commit
            } else {
                waiting += same
            }
        }
        return nil
    }

    /// Whether somebody signed the commit who may change all that it changed.
    private func isVouchedFor(_ commit: ForeignCommits.Commit) throws -> Bool {
        guard trust[commit.id]?.isGood == true else { return false }
        let objects = try ForeignObjects(repository)
        var trees = ForeignTrees(objects)
        do {
            return try trees.findings(
                in: commit.tree,
                unlike: commit.parents.map { try ForeignCommits.tree(of: $0, objects) }
            ).compactMap(\.changedName).allSatisfy { try vouches(commit.id, for: $0) }
        } catch is ForeignCommits.Flaw {
            return false
        }
    }

    /// Whether somebody signed the commit who may change what is under the name.
    private func vouches(_ commit: GitID, for name: [UInt8]) throws -> Bool {
        guard case .good(let signer) = trust[commit] else { return false }
        return try writers.get().mayWrite(signer, name)
    }

    private func uncommitted(_ entry: Text) -> Problem {
        Problem(
            "\(entry) is not as it was committed, so nobody has signed it",
            hints: ["see what changed: passel git status", "commit it: passel git commit -a -S"])
    }

    private static func unreadable(_ flaw: ForeignCommits.Flaw) -> Problem {
        switch flaw {
        case .object(let id, let why):
            Problem(
                "the history cannot be verified: commit \(id.hex): \(why.description)",
                hints: ["see what is broken: passel git fsck"])
        case .tooMany(let limit):
            Problem(
                "the history cannot be verified: more than \(limit) commits are new",
                hints: ["see which: passel git log"])
        }
    }
}

extension GitRepository {
    /// Whether the commit is among the objects.
    func isThere(_ commit: GitID) throws -> Bool {
        let objects = try ForeignObjects(self)
        do throws(ForeignObjects.Flaw) {
            _ = try objects.size(of: commit, .commit)
            return true
        } catch {
            return false
        }
    }
}
