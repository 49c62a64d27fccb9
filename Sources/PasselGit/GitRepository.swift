import CGit2
public import PasselCore
public import PasselPosix

/// An open repository with a work tree; closing happens by itself.
///
/// Belongs to one thread, as libgit2's last error does.
public final class GitRepository {
    let pointer: OpaquePointer  // git_repository *
    /// The top folder of the work tree, symbolic links resolved, without a final slash.
    public let workTree: Path
    /// The folder with this work tree's own files, usually `.git`.
    public let gitFolder: Path
    let environment: ProcessEnvironment
    lazy var configuration = GitConfiguration(of: self)
    private var openObjects: GitObjectDatabase?
    var lastGraph: (tips: [GitID], shallow: Set<GitID>, graph: CommitGraph)?

    private init(
        takingOwnershipOf pointer: OpaquePointer, workTree: Path, environment: ProcessEnvironment
    ) {
        self.pointer = pointer
        self.workTree = workTree
        self.environment = environment
        gitFolder = Path(Array(cString: git_repository_path(pointer))).withoutTrailingSlashes
    }

    deinit { git_repository_free(pointer) }

    /// The folder that all work trees of the repository share, with its objects and branches.
    public var commonFolder: Path { Path(Array(cString: git_repository_commondir(pointer))) }

    func objects() throws -> GitObjectDatabase {
        if let openObjects { return openObjects }
        let opened = try GitObjectDatabase(of: self)
        openObjects = opened
        return opened
    }

    /// The innermost repository around `folder`, as `git -C folder` with
    /// `GIT_CEILING_DIRECTORIES=store/..` would find it; nothing when there is none or it has no
    /// work tree.
    ///
    /// A folder that does not exist counts as its nearest existing parent, not above `store`.
    /// Variables such as `GIT_DIR` have no effect.
    ///
    /// - Throws: `GitProblem` when there is one that cannot be opened.
    public static func enclosing(
        _ folder: Path, store: Path, environment: ProcessEnvironment
    ) throws -> GitRepository? {
        guard let workTree = try workTree(enclosing: folder, store: store) else { return nil }
        return try open(workTree, environment: environment)
    }

    /// The folder that holds the repository `enclosing` would open, by its `.git`; nothing when
    /// there is none.
    public static func workTree(enclosing folder: Path, store: Path) throws -> Path? {
        guard let top = Files.resolved(store) else { return nil }
        var existing = folder
        while !FileStatus.isFolder(existing), existing.components.count > store.components.count {
            existing = existing.parent
        }
        guard var candidate = Files.resolved(existing) else { return nil }
        // A link that leaves the store leads to whatever repository lies around its target.
        let last: Path = candidate.isWithin(top) ? top : "/"
        while true {
            if isRepository(candidate / ".git") { return candidate }
            if candidate == last || candidate == "/" { return nil }
            candidate = candidate.parent
        }
    }

    /// Whether git would stop here; it passes over a folder without HEAD.
    private static func isRepository(_ path: Path) -> Bool {
        FileStatus.isFile(path) || FileStatus.isFile(path / "HEAD")
    }

    /// Opens the repository of a work tree; nothing when it is bare or no repository after all.
    ///
    /// - Throws: `GitProblem` when it cannot be opened, or belongs to another user.
    public static func open(
        _ workTree: Path, environment: ProcessEnvironment
    ) throws -> GitRepository? {
        try start(environment: environment)
        var pointer: OpaquePointer?
        let code = workTree.withCString {
            git_repository_open_ext(
                &pointer, $0, UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue), nil)
        }
        if code == GIT_ENOTFOUND.rawValue { return nil }
        if code == GIT_EOWNER.rawValue {
            throw GitProblem(
                "use the repository \(workTree.repaired)", "it belongs to another user",
                hints: ["git config --global --add safe.directory \(workTree)"])
        }
        try check("open the repository \(workTree.repaired)", code)
        guard let pointer else { return nil }
        guard git_repository_is_bare(pointer) == 0 else {
            git_repository_free(pointer)
            return nil
        }
        let repository = GitRepository(
            takingOwnershipOf: pointer, workTree: workTree, environment: environment)
        try PackIndex.checkAll(in: repository.commonFolder / "objects/pack")
        return repository
    }

    static func start(environment: ProcessEnvironment) throws {
        try check("start libgit2", GitLibrary.started)
        if environment["GIT_CONFIG_NOSYSTEM"] != nil {
            try check("set up libgit2", withoutSystemConfiguration)
        }
    }

    // Once: while another thread works, libgit2's settings may not change under it.
    private static let withoutSystemConfiguration = passel_git_forget_system_configuration()

    /// Whether libgit2 flushes every object and reference to disk before it goes on (it does not by
    /// itself).
    ///
    /// Off only while many objects are written that one `sync` covers.
    public static func setDurable(_ durable: Bool) throws {
        try check("set up libgit2", passel_git_enable_fsync(durable ? 1 : 0))
    }

    /// The path below the work tree by which git knows `path`, its folder's symbolic links resolved
    /// but not a final one; nothing when it lies elsewhere.
    public func name(of path: Path) -> [UInt8]? {
        var folder = path.parent
        var missing: [[UInt8]] = [path.name]
        while true {
            if let resolved = Files.resolved(folder) {
                let full = missing.reversed().reduce(resolved) { $0 / $1 }
                return full.relative(to: workTree)?.bytes
            }
            guard !folder.name.isEmpty else { return nil }
            missing.append(folder.name)
            folder = folder.parent
        }
    }

    /// Whether the newest commit has something under this name.
    public func isTracked(_ name: [UInt8]) -> Bool {
        // An unborn branch tracks nothing; any other failure shows when the commit is made.
        guard let head = try? headCommit(), let tree = try? tree(of: head) else { return false }
        return tree.blob(at: name) != nil
    }

    /// Whether the newest commit or the next one has something under this name.
    public func isStagedOrTracked(_ name: [UInt8]) -> Bool {
        isTracked(name) || isStaged(name)
    }

    /// Whether git's ignore rules cover this name.
    public func isIgnored(_ name: [UInt8]) -> Bool {
        var ignored: Int32 = 0
        let code = Path(name).withCString { git_ignore_path_is_ignored(&ignored, pointer, $0) }
        return code == 0 && ignored != 0
    }
}
