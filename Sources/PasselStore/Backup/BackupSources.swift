import PasselCore
import PasselGit
import PasselPosix

/// What of a store goes into its backup, as it is at one moment.
struct BackupSources {
    private(set) var info: BackupInfo
    private(set) var members: [BackupMember] = []

    var hasHistory: Bool { info.head != nil }

    /// A look at all files of a store that is on its way.
    struct Look {
        fileprivate let entries: EntryWalk.Begun
        fileprivate let glance: WorkTreeGlance.Begun?

        /// Begins it; for who holds the store's lock.
        init(_ store: Store) throws {
            entries = EntryWalk.begin(store.root)
            glance = try store.glance()
        }
    }

    /// What a look at a store found; for who holds its lock since before.
    ///
    /// - Throws: a `Problem` when it cannot be read, or its history not be packed.
    init(_ store: Store, _ readers: BackupReaders, _ look: Look) throws {
        let name = (Files.resolved(store.root) ?? store.root).name
        info = BackupInfo(
            created: Instant(second: store.settings.now()), store: name,
            entries: store.entryFiles(try look.entries.value().get()).count, head: nil)
        var contents: [BackupMember] = []
        if let repository = try store.repository(around: store.root), try repository.headID() != nil
        {
            if repository.workTree == Files.resolved(store.root) {
                contents = try history(store, repository, look.glance)
            } else {
                store.observer.warned(
                    Problem(
                        "the store's history is part of the repository \(repository.workTree), and not in the backup"
                    ))
            }
        }
        if !hasHistory { contents = try tree(store.root, BackupMember.store.bytes, store) }
        let readMe = BackupReadMe.text(hasHistory: hasHistory).bytes
        members = [
            BackupMember(name: BackupMember.readMe, source: .bytes(readMe)),
            BackupMember(name: BackupMember.info, source: .bytes(info.content)),
        ]
        for (fingerprint, file) in readers.files.sorted(by: { $0.key < $1.key }) {
            members.append(
                BackupMember(
                    name: (BackupMember.keys / fingerprint.bytes).bytes, source: .bytes(file)))
        }
        if let pins = try store.pins() {
            members.append(BackupMember(name: BackupMember.pins, source: .bytes(pins.content)))
        }
        members += contents
    }

    /// All references with all they lead to in a bundle, and what is in no commit.
    private mutating func history(
        _ store: Store, _ repository: GitRepository, _ glance: WorkTreeGlance.Begun?
    ) throws -> [BackupMember] {
        let git = try GitTool(environment: store.settings.environment)
        let head = try git.output(
            ["rev-parse", "--symbolic-full-name", "HEAD"], in: repository.workTree,
            failure: "git cannot tell which branch the store is on")
        let branch = Array(head.prefix { $0 != .newline })
        info.head =
            branch.elementsEqual("HEAD".utf8)
            ? try repository.headID().map { Array($0.hex.utf8) } : branch
        let bundle = try UnnamedFile(in: repository.gitFolder)
        try git.run(
            ["bundle", "create", "--quiet", "-", "--all"], in: repository.workTree,
            failure: "git cannot pack the store's history",
            drain: { try bundle.write($0) })
        var members = [BackupMember(name: BackupMember.bundle, source: .unnamed(bundle))]
        var folders: Set<Path> = []
        for change in try store.briefStatus(glance).uncommitted {
            let path = store.root / change.name
            let name = BackupMember.uncommitted / change.name
            guard let status = try FileStatus(of: path, following: false) else {
                info.removed.append(change.name)
                continue
            }
            var parents: [Path] = []
            var parent = name.parent
            while parent != ".", folders.insert(parent).inserted {
                parents.append(parent)
                parent = parent.parent
            }
            members += parents.reversed().map {
                BackupMember(name: $0.bytes + [.slash], source: .folder, mode: 0o700)
            }
            members += try self.members(path, name.bytes, status, store)
        }
        return members
    }

    private mutating func tree(
        _ folder: Path, _ name: [UInt8], _ store: Store
    ) throws -> [BackupMember] {
        guard let status = try FileStatus(of: folder) else { throw NotInitialised() }
        return try members(folder, name, status, store)
    }

    private mutating func members(
        _ path: Path, _ name: [UInt8], _ status: FileStatus, _ store: Store
    ) throws -> [BackupMember] {
        let mode = status.mode & 0o777
        switch status.kind {
        case .file: return [BackupMember(name: name, source: .file(path), mode: mode)]
        case .link:
            let target = try Files.target(of: path).bytes
            info.links.append(BackupInfo.Link(name: Path(name), target: target))
            return [BackupMember(name: name, source: .link(target), mode: 0o777)]
        case .folder:
            var found = [BackupMember(name: name + [.slash], source: .folder, mode: mode)]
            for child in try Files.names(in: path).sorted(by: { $0.bytes.precedes($1.bytes) })
            where !child.bytes.starts(with: Scratch.prefix.utf8) {
                let place = path / child.bytes
                guard let status = try FileStatus(of: place, following: false) else { continue }
                found += try members(place, name + [.slash] + child.bytes, status, store)
            }
            return found
        default:
            store.observer.warned(
                Problem("\(path) is neither a file nor a folder, and not in the backup"))
            return []
        }
    }
}
