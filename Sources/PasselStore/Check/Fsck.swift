import Glibc
import PasselCore
import PasselGit
import PasselPosix

/// Looks at everything that a store is made of, and puts right what can be without losing anything.
///
/// What is repaired is never removed: a damaged file is moved to `passel-damaged` in git's folder,
/// and only where another whole copy takes its place.
struct Fsck {
    let store: Store
    let isFull: Bool
    let repairs: Bool
    var check = StoreCheck()
    var repository: GitRepository?
    /// The files of the newest commit below the store.
    var committed: [[UInt8]: GitID] = [:]
    var git: GitTool?
    /// Packs that stay until nothing of them is needed, without the ends of their names.
    var damagedPacks: [Path] = []
    /// What became of the packs so far.
    var packs = PackFindings()

    init(_ store: Store, full: Bool, repairs: Bool) {
        self.store = store
        isFull = full
        self.repairs = repairs
    }

    var root: Path { store.root }

    mutating func run() throws {
        store.finishInterrupted()
        let place = try self.place()
        git = try place.map { _ in try GitTool(environment: store.settings.environment) }
        // Where a git is at work, what looks left over may be its own.
        if let place { try clearLeftOvers(place) }
        // What takes longest is begun first. What a repair brings back is to be seen by the looks.
        let findings = repairs ? nil : beginGit(place)
        let begun = repairs ? nil : FileLook.begin(root)
        // What cannot be read of the pins is told by who needs the keys.
        let keysAhead = try? KeysAhead(store)
        checkModes()
        if let place, let git {
            try checkHead(place)
            if !repairs { try openRepository() }
            if let found = try (findings ?? beginGit(place))?.value().get() {
                try checkHistory(place, git, found)
            }
            if repairs { try openRepository() }
        }
        let look = begun?.value() ?? FileLook(root)
        let comparison = Parallel.begin { [committed] in FileComparison(look, committed) }
        // Meanwhile; but what is repaired may be for others than it was.
        let drift = repairs ? nil : Result { try store.drift(look, keysAhead) }
        try checkFiles(look, comparison.value())
        if isFull { try openEntries() }
        try checkTeam(drift ?? Result { try store.drift() })
        try checkLog()
        try checkIndex()
    }

    /// Begins git's own check, in a process of its own.
    private func beginGit(_ place: Path?) -> Pending<Result<GitTool.Findings, any Error>>? {
        guard let place, let git else { return nil }
        return Parallel.begin { Result { try git.findings(Self.gitCheck, in: place) } }
    }

    private mutating func openRepository() throws {
        do {
            repository = try store.repository(around: root)
            committed = try committedFiles()
        } catch is GitProblem {
            // What of it is lost is told as objects and references.
        }
    }

    private func committedFiles() throws -> [[UInt8]: GitID] {
        guard let repository, let head = try repository.headID() else { return [:] }
        let prefix = store.prefix(in: repository)
        let leaves = try repository.leaves(in: head)
        var found = [[UInt8]: GitID](minimumCapacity: leaves.count)
        for (name, leaf) in leaves where leaf.isFile && name.starts(with: prefix) {
            found[prefix.isEmpty ? name : Array(name.dropFirst(prefix.count))] = leaf.id
        }
        return found
    }

    mutating func add(_ flaw: StoreFlaw, repair: (() throws -> Bool)? = nil) {
        var flaw = flaw
        if repairs, let repair {
            // What could not be put right stays told.
            flaw.isRepaired = (try? repair()) ?? false
        }
        check.flaws.append(flaw)
    }

    func relative(_ path: Path) -> Text {
        Text((path.relative(to: root) ?? path).bytes)
    }

    func gitFolder(_ place: Path) throws -> Path? {
        let folder = place / ".git"
        return FileStatus.isFolder(folder) ? folder : nil
    }

    /// Keeps what is damaged, which is then not in its place any more.
    func setAside(_ path: Path, _ place: Path) throws {
        try DurableFile.rename(path, to: try placeAside(path, place))
    }

    /// Keeps what is damaged and is going to be replaced, so that there is never nothing.
    @discardableResult
    func keepCopy(_ path: Path, _ place: Path) throws -> Path {
        let copy = try placeAside(path, place)
        try DurableFile.link(path, to: copy)
        return copy
    }

    private func placeAside(_ path: Path, _ place: Path) throws -> Path {
        guard let folder = try gitFolder(place) else {
            throw SystemError("keep", path, code: ENOENT)
        }
        let aside = folder / "passel-damaged"
        try PrivateFile.makeFolder(aside)
        return aside / (path.name + Array("-\(Random.name(length: 8))".utf8))
    }
}

extension Store {
    /// Looks at everything: modes, names, what is left over, files against the newest commit, the
    /// objects of the history, every entry's packets and recipients, lists, roster, log and index.
    ///
    /// - Parameters:
    ///   - isFull: whether every entry is decrypted, too.
    ///   - repairs: whether what can be put right without losing anything is.
    /// - Throws: `NotInitialised` without a store.
    public func fsck(full isFull: Bool, repairing repairs: Bool) throws -> StoreCheck {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        var fsck = Fsck(self, full: isFull, repairs: repairs)
        try locked {
            // What a killed change left half done is finished first.
            do {
                try Recovery(store: self).run()
            } catch is GitProblem {
                // What is damaged is told below.
            }
            // Files that another writer is just about to put in place look like left ones.
            if repairs { try fsck.run() }
        }
        if !repairs { try fsck.run() }
        return fsck.check
    }
}
