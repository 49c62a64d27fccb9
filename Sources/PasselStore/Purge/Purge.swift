public import PasselCore
public import PasselGit
import PasselPosix

/// What is to be forgotten of an entry, or of another file, and what that takes.
public struct Purge {
    /// The file's name below the store.
    public let file: Path
    /// The versions that go.
    public let versions: Set<GitID>
    /// How many commits brought one of them.
    public let commits: Int
    /// Whether the file itself goes, too.
    public let removesPresent: Bool
    /// Files that have one of the versions now, which therefore stays.
    public let kept: [Path]
    /// The other clones that git knows of, which keep what they have.
    public let remotes: [Text]

    let store: Store
    let repository: GitRepository
    private let git: GitTool
    /// The commits that have one of the versions, or that had the file after it.
    private let touched: Set<String>

    private static let temporary = "refs/passel/purge/"

    /// Looks for every version of a file that any reference or stash leads to, but the present one
    /// unless `all`.
    ///
    /// For who holds the store's lock.
    ///
    /// - Throws: a `Problem` when there is nothing to forget, or when the history cannot be rewritten
    ///   now.
    init(_ entry: Path, all: Bool, in store: Store) throws {
        guard let found = try store.repository(around: store.root) else {
            throw Problem(
                "the store has no history", hints: ["remove the entry: passel rm \(entry)"])
        }
        self.store = store
        repository = found
        guard found.workTree == Files.resolved(store.root) else {
            throw Problem("the store's history is part of the repository \(found.workTree)")
        }
        if let operation = found.operation() {
            throw Problem(
                "git is in the midst of something",
                hints: ["give it up, or end it first: passel git \(operation.endingWords)"])
        }
        guard found.branch != nil else {
            throw Problem(
                "the store is on no branch", hints: ["passel git switch BRANCH"])
        }
        guard try !found.isShallow() else {
            throw Problem(
                "the older part of the history is not here", hints: ["passel git fetch --unshallow"]
            )
        }
        git = try GitTool(environment: store.settings.environment)
        remotes = try found.remotes().map(\.name)
        let candidates = [entry.appending(EntryName.suffix), entry]
        var chosen: (file: Path, versions: [String: Set<GitID>])?
        for candidate in candidates {
            let versions = try Self.versions(of: candidate, git, found)
            guard !versions.isEmpty else { continue }
            chosen = (candidate, versions)
            break
        }
        guard let (file, byCommit) = chosen else {
            throw Problem(
                "\(entry) is in no commit", hints: ["see what was: passel log --all"])
        }
        self.file = file
        let present = try found.headID().flatMap { try found.leaf(at: file.bytes, in: $0)?.id }
        removesPresent = all && present != nil
        var versions = byCommit.values.reduce(into: Set<GitID>()) { $0.formUnion($1) }
        if !all, let present { versions.remove(present) }
        // A version is forgotten wherever it stands: one that somebody still uses must stay.
        let elsewhere = try Self.present(apartFrom: file, git, found)
        kept = Set(versions.compactMap { elsewhere[$0] }).sorted { $0.bytes.precedes($1.bytes) }
        versions.subtract(elsewhere.keys)
        if versions.isEmpty, let other = kept.first {
            throw Problem(
                "\(other) has the only version that could be forgotten, and would be lost with it",
                hints: ["change it first: passel edit \(store.entryName(store.root / other))"])
        }
        guard !versions.isEmpty else {
            throw Problem(
                "\(entry) never had another content than it has now",
                hints: ["forget that, too: passel purge --all \(entry)"])
        }
        self.versions = versions
        touched = Set(byCommit.filter { !$0.value.isDisjoint(with: versions) }.map(\.key))
        commits = touched.count
    }

    private static let unreadable: Text = "git cannot read the history of the store"

    /// What a file was in the commits that changed it, wherever references and stashes lead.
    private static func versions(
        of file: Path, _ git: GitTool, _ repository: GitRepository
    ) throws -> [String: Set<GitID>] {
        let stashes = try stashes(git, repository)
        // Every parent counts: a merge may have brought it.
        let output = try git.output(
            ["log", "--all", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=%x00%H"]
                + stashes + ["--", ":(literal,top)\(file.repaired)"],
            in: repository.workTree, failure: unreadable)
        var found: [String: Set<GitID>] = [:]
        for part in output.split(separator: 0) {
            let lines = part.split(separator: .newline)
            guard let commit = lines.first.map({ String(decoding: $0, as: UTF8.self) }) else {
                continue
            }
            for line in lines.dropFirst() where line.first == 0x3A {
                // Modes and ids, old and new, a letter, the name.
                let words = line.split { $0 == 0x20 || $0 == 0x09 }
                guard words.count > 4, let id = GitID(hex: words[3]),
                    !words[3].allSatisfy({ $0 == 0x30 })
                else { continue }
                found[commit, default: []].insert(id)
            }
        }
        return found
    }

    /// What the present commit and the tips of all branches have under other names.
    private static func present(
        apartFrom file: Path, _ git: GitTool, _ repository: GitRepository
    ) throws -> [GitID: Path] {
        let branches = try git.output(
            ["for-each-ref", "--format=%(objectname)", "refs/heads"], in: repository.workTree,
            failure: unreadable
        ).split(separator: .newline).compactMap { GitID(hex: $0) }
        var found: [GitID: Path] = [:]
        for tip in Set(branches + [try repository.headID()].compactMap(\.self)) {
            for (name, leaf) in try repository.leaves(in: tip) where name != file.bytes {
                found[leaf.id] = Path(name)
            }
        }
        return found
    }

    /// The commits of all stashes, the newest first; none but the newest is a reference.
    private static func stashes(_ git: GitTool, _ repository: GitRepository) throws -> [String] {
        let references = try git.output(
            ["for-each-ref", "--format=%(refname)", "refs/stash"], in: repository.workTree,
            failure: unreadable)
        guard !references.isEmpty else { return [] }
        return try git.output(
            ["rev-list", "--walk-reflogs", "refs/stash"], in: repository.workTree,
            failure: unreadable
        ).split(separator: .newline).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Doing it

    private func run(_ words: [String], _ failure: Text, input: [UInt8] = []) throws {
        try git.run(words, in: repository.workTree, failure: failure, input: input)
    }

    /// Rewrites every reference and stash, and removes everything that nothing leads to any more.
    ///
    /// - Throws: a `Problem`; also when a version is still there at the end.
    func perform() throws {
        let failure: Text = "git cannot rewrite the history of the store"
        let head = try repository.headID()
        let stashes = try Self.stashes(git, repository)
        let messages = try stashMessages(stashes.count, failure)
        for (number, commit) in stashes.enumerated() {
            try run(["update-ref", Self.temporary + "\(number)", commit], failure)
        }
        try rewrite(failure)
        try restoreStashes(messages, failure)
        // What is staged of it would keep it, too.
        try run(["reset", "--quiet", "--", ":(literal,top)\(file.repaired)"], failure)
        if removesPresent, try FileStatus(of: store.root / file, following: false) != nil {
            try DurableFile.remove(store.root / file)
            try store.prune((store.root / file).parent)
        }
        for name in ["ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE"] {
            Scratch.remove(repository.gitFolder / Path(name))
        }
        // Stashes have nothing but their reflog.
        try run(
            [
                "-c", "gc.refs/stash.reflogExpire=never",
                "-c", "gc.refs/stash.reflogExpireUnreachable=never", "-c",
                "gc.reflogExpire=now", "-c", "gc.reflogExpireUnreachable=now", "gc", "--quiet",
                "--prune=now",
            ], "git cannot remove what nothing leads to any more")
        try forget(head)
        guard try remaining().isEmpty else {
            throw Problem(
                "something still leads to \(file) in \(repository.gitFolder)",
                hints: ["look for other work trees: passel git worktree list"])
        }
    }

    /// Every reference anew, from the first commit on that has to change.
    private func rewrite(_ failure: Text) throws {
        let (changing, before) = try descent()
        let references = try git.output(
            ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(symref)"],
            in: repository.workTree, failure: failure
        ).split(separator: .newline).compactMap { line -> String? in
            let words = line.split(separator: 0, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            // What stands for another reference follows it; a tag has the commit behind it.
            guard words.count == 4, words[3].isEmpty else { return nil }
            return changing.contains(words[2].isEmpty ? words[1] : words[2]) ? words[0] : nil
        }
        var stream = RewriteStream(without: versions)
        let file = try UnnamedFile(in: repository.gitFolder)
        try git.run(
            [
                "fast-export", "--no-data", "--reencode=no", "--signed-tags=strip",
                "--tag-of-filtered-object=rewrite", "--reference-excluded-parents",
            ] + references + before.map { "^\($0)" },
            in: repository.workTree, failure: failure
        ) { try file.write(stream.filter($0)) }
        let reader = try FileReader(file.path, following: true)
        try git.feed(
            ["fast-import", "--quiet", "--force", "--date-format=raw-permissive"],
            in: repository.workTree, failure: failure
        ) {
            let piece = try reader.next()
            return piece.isEmpty ? nil : piece
        }
    }

    /// The commits that change, which are those that were touched and all after them; and the last
    /// ones before them, which keep their ids and signatures.
    private func descent() throws -> (changing: Set<String>, before: [String]) {
        var (changing, before): (Set<String>, Set<String>) = ([], [])
        let lines = try git.output(
            ["rev-list", "--all", "--topo-order", "--reverse", "--parents"],
            in: repository.workTree, failure: Self.unreadable
        ).split(separator: .newline)
        for line in lines {
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            let parents = words.dropFirst()
            guard touched.contains(words[0]) || parents.contains(where: changing.contains) else {
                continue
            }
            changing.insert(words[0])
            before.formUnion(parents.filter { !changing.contains($0) })
        }
        return (changing, before.sorted())
    }

    private func stashMessages(_ count: Int, _ failure: Text) throws -> [String] {
        guard count > 0 else { return [] }
        let lines = try git.output(
            ["log", "--walk-reflogs", "--format=%gs", "refs/stash"], in: repository.workTree,
            failure: failure
        ).split(separator: .newline, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        return (0..<count).map { $0 < lines.count ? lines[$0] : "stash" }
    }

    /// Puts the stashes back as they were ordered, each as it is now.
    private func restoreStashes(_ messages: [String], _ failure: Text) throws {
        guard !messages.isEmpty else { return }
        try run(["stash", "clear"], failure)
        for (number, message) in messages.enumerated().reversed() {
            let reference = Self.temporary + "\(number)"
            try run(["stash", "store", "--quiet", "--message", message, reference], failure)
            try run(["update-ref", "-d", reference], failure)
        }
    }

    /// What this machine remembers of commits that are not there any more.
    private func forget(_ head: GitID?) throws {
        _ = try store.clearIndex()
        guard let folder = store.storedPins?.folder else { return }
        let own = OwnVerifiedHead(folder: folder)
        if let verified = try own.load() {
            if verified == head, let now = try repository.headID() {
                try own.save(now)
            } else {
                try folder.remove("own-head")
            }
        }
        var heads = try VerifiedHeads(folder)
        for remote in remotes { heads.set(nil, of: remote) }
        try heads.save()
    }

    /// The versions that are still there.
    private func remaining() throws -> [GitID] {
        var output: [UInt8] = []
        let ids = versions.map(\.hex)
        try git.run(
            ["cat-file", "--batch-check=%(objectname)"], in: repository.workTree,
            failure: Self.unreadable,
            input: ids.flatMap { Array("\($0)\n".utf8) }
        ) { output += $0 }
        return output.split(separator: .newline).compactMap {
            // `ID missing` otherwise.
            GitID(hex: $0)
        }
    }
}

extension Store {
    /// Takes every version of an entry but the present one out of the history on this machine; with
    /// `all` the entry itself as well.
    ///
    /// A name that no entry ever had may be that of another file. `consent` is asked before anything
    /// is changed.
    ///
    /// - Throws: a `Problem`; what `consent` throws, and nothing has changed.
    public func purge(
        _ entry: Path, all: Bool, consent: (Purge) throws -> Void
    ) throws -> Purge {
        let purge = try exclusively { try Purge(entry, all: all, in: self) }
        try consent(purge)
        return try exclusively {
            let again = try Purge(entry, all: all, in: self)
            try again.perform()
            return again
        }
    }
}
