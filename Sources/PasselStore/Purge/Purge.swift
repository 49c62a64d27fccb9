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
        var note = try PurgeNote(in: found.gitFolder)
        var chosen: (file: Path, versions: [String: Set<GitID>])?
        for candidate in candidates {
            let versions = try Self.versions(of: candidate, git, found)
            guard !versions.isEmpty || note?.file == candidate else { continue }
            chosen = (candidate, versions)
            break
        }
        guard let (file, byCommit) = chosen else {
            throw Problem(
                "\(entry) is in no commit", hints: ["see what was: passel log --all"])
        }
        self.file = file
        let present = try found.headID().flatMap { try found.leaf(at: file.bytes, in: $0)?.id }
        if note?.file != file { note = nil }
        removesPresent = all && (present != nil || note?.removesPresent == true)
        var versions = byCommit.values.reduce(into: Set<GitID>()) { $0.formUnion($1) }
        if let note {
            versions.formUnion(try Self.remaining(note.versions, git, found))
        }
        if !all, let present { versions.remove(present) }
        // A version is forgotten wherever it stands: one that somebody still uses must stay.
        let elsewhere = try Self.present(apartFrom: file, git, found)
        kept = Set(versions.compactMap { elsewhere[$0] }).sorted { $0.bytes.precedes($1.bytes) }
        versions.subtract(elsewhere.keys)
        if versions.isEmpty, note == nil, let other = kept.first {
            throw Problem(
                "\(other) has the only version that could be forgotten, and would be lost with it",
                hints: ["change it first: passel edit \(store.entryName(store.root / other))"])
        }
        // A run that was killed late has left nothing but its traces.
        guard !versions.isEmpty || note != nil else {
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
    /// A run that is killed loses nothing but versions that go, and the next one ends it.
    ///
    /// - Throws: a `Problem`; also when a version is still there at the end.
    func perform() throws {
        let failure: Text = "git cannot rewrite the history of the store"
        try LeftOvers.clear(repository)
        let head = try repository.headID()
        let stashes = try Self.stashes(git, repository)
        let log = try stashLog(stashes.count)
        try PurgeNote(file: file, removesPresent: removesPresent, versions: versions)
            .write(in: repository.gitFolder)
        try removeTemporary(failure)
        for (number, commit) in stashes.enumerated() {
            try run(["update-ref", Self.temporary + "\(number)", commit], failure)
        }
        try rewrite(failure)
        try replaceStashes(log, failure)
        try removeTemporary(failure)
        // What is staged of it would keep it, too.
        try run(["reset", "--quiet", "--", ":(literal,top)\(file.repaired)"], failure)
        if removesPresent, try FileStatus(of: store.root / file, following: false) != nil {
            try DurableFile.remove(store.root / file)
            try store.prune((store.root / file).parent)
        }
        for name in ["ORIG_HEAD", "FETCH_HEAD", "AUTO_MERGE"] {
            Scratch.remove(repository.gitFolder / Path(name))
        }
        try removeShortcuts()
        // Stashes have nothing but their reflog.
        try run(
            [
                "-c", "gc.refs/stash.reflogExpire=never",
                "-c", "gc.refs/stash.reflogExpireUnreachable=never", "-c",
                "gc.reflogExpire=now", "-c", "gc.reflogExpireUnreachable=now", "gc", "--quiet",
                "--prune=now",
            ], "git cannot remove what nothing leads to any more")
        try forget(head)
        guard try Self.remaining(versions, git, repository).isEmpty else {
            throw Problem(
                "something still leads to \(file) in \(repository.gitFolder)",
                hints: ["look for other work trees: passel git worktree list"])
        }
        try PurgeNote.remove(in: repository.gitFolder)
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
            guard words.count == 4, words[3].isEmpty, words[0] != "refs/stash" else { return nil }
            return changing.contains(words[2].isEmpty ? words[1] : words[2]) ? words[0] : nil
        }
        guard !references.isEmpty else { return }
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

    /// The lines of the log that the stashes are, the oldest first.
    private func stashLog(_ count: Int) throws -> [[UInt8]] {
        guard count > 0 else { return [] }
        let lines = try Files.read(repository.commonFolder / Self.stashLogName)
            .split(separator: .newline).map(Array.init)
        guard lines.count == count else {
            throw Problem(
                "the log of the stashes is not as git writes it", hints: ["passel git stash list"])
        }
        return lines
    }

    private static let stashLogName: Path = "logs/refs/stash"

    /// Puts what the stashes are now in the place of what they were: lines of one file, so that
    /// there is never one less.
    private func replaceStashes(_ log: [[UInt8]], _ failure: Text) throws {
        guard !log.isEmpty else { return }
        let output = try git.output(
            ["for-each-ref", "--format=%(objectname) %(refname)", Self.temporary],
            in: repository.workTree, failure: failure)
        var commits: [Int: GitID] = [:]
        for line in output.split(separator: .newline) {
            let name = String(decoding: line.dropFirst(41), as: UTF8.self)
            guard name.hasPrefix(Self.temporary) else { continue }
            commits[Int(name.dropFirst(Self.temporary.count)) ?? -1] = GitID(hex: line.prefix(40))
        }
        var content: [UInt8] = []
        var last = [UInt8](repeating: UInt8(ascii: "0"), count: 40)
        for (place, line) in log.enumerated() {
            guard let commit = commits[log.count - 1 - place] else { throw Problem(failure) }
            // The commit before, this one, and then who, when and why.
            content += last + [0x20] + Array(commit.hex.utf8) + line.dropFirst(81) + [.newline]
            last = Array(commit.hex.utf8)
        }
        try PrivateFile.replace(repository.commonFolder / Self.stashLogName, by: content)
        try PrivateFile.replace(repository.commonFolder / "refs/stash", by: last + [.newline])
    }

    /// Removes what leads to the stashes meanwhile, also that of a run that was killed.
    private func removeTemporary(_ failure: Text) throws {
        let names = try git.output(
            ["for-each-ref", "--format=delete %(refname)", Self.temporary],
            in: repository.workTree, failure: failure)
        if !names.isEmpty { try run(["update-ref", "--stdin"], failure, input: names) }
    }

    /// Removes what makes git quicker and names commits that are going to be gone: git makes it again
    /// only after it has removed them, and a kill between the two would leave it wrong.
    private func removeShortcuts() throws {
        let info = repository.commonFolder / "objects/info"
        let chain = info / "commit-graphs"
        if FileStatus.isFolder(chain) {
            for name in try Files.names(in: chain) { try DurableFile.remove(chain / name.bytes) }
        }
        for path in [
            info / "commit-graph", repository.commonFolder / "objects/pack/multi-pack-index",
        ]
        where FileStatus.isFile(path) {
            try DurableFile.remove(path)
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

    /// Those of some versions that are still there.
    private static func remaining(
        _ versions: Set<GitID>, _ git: GitTool, _ repository: GitRepository
    ) throws -> Set<GitID> {
        var output: [UInt8] = []
        try git.run(
            ["cat-file", "--batch-check=%(objectname)"], in: repository.workTree,
            failure: unreadable, input: versions.flatMap { Array("\($0.hex)\n".utf8) }
        ) { output += $0 }
        // `ID missing` otherwise.
        return Set(output.split(separator: .newline).compactMap { GitID(hex: $0) })
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
