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
        checkModes()
        if let place = try self.place() {
            let git = try GitTool(environment: store.settings.environment)
            self.git = git
            try clearLeftOvers(place)
            try checkHead(place)
            try checkPackLists(place, git)
            try checkReferences(place, git)
            try checkObjects(place, git)
            do {
                repository = try store.repository(around: root)
            } catch is GitProblem {
                // What of it is lost was told.
            }
        }
        try checkFiles()
        if isFull { try openEntries() }
        try checkTeam()
        try checkLog()
        try checkIndex()
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
