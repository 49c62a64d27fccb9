import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// How the store is, after a look at the packets of every entry.
    ///
    /// Nothing is decrypted and no remote is asked. gpg is asked as `drift` does.
    ///
    /// - Throws: `NotInitialised` when there is no store, or no list in it.
    public func status() throws -> StoreStatus {
        let drift = try drift()
        remember(drift)
        var status = try briefStatus()
        status.reviews += drift.unacknowledged.filter { change in
            !status.reviews.contains { $0.folder == change.folder }
        }
        let ended = Set(drift.people.map(\.key))
        status.keys = drift.people + status.keys.filter { !ended.contains($0.key) }
        status.drifted = drift.drifted
        status.check = LastCheck(
            time: settings.now(), checked: drift.checked, drifted: drift.drifted.count)
        return status
    }

    /// How the store is, as far as that can be told at once: without gpg, and with what the last
    /// look at all entries found.
    ///
    /// - Throws: `NotInitialised` when there is no store.
    public func briefStatus() throws -> StoreStatus {
        let cache = storedPins.map {
            WorkTreeGlance.Cache($0.folder.file(Self.untrackedCache), now: settings.now())
        }
        return try briefStatus(glance(cache: cache))
    }

    /// In the state folder: what `WorkTreeGlance` keeps.
    private static let untrackedCache: Path = "untracked-cache"

    /// A look at the work tree that is begun, on a thread of its own; nothing without a repository.
    ///
    /// - Parameter cache: without one, every folder is read.
    func glance(cache: WorkTreeGlance.Cache? = nil) throws -> WorkTreeGlance.Begun? {
        try GitRepository.workTree(enclosing: root, store: root)
            .flatMap { WorkTreeGlance.begin($0, cache: cache) }
    }

    /// As above, with a look at the work tree that was begun before.
    func briefStatus(_ glance: WorkTreeGlance.Begun?) throws -> StoreStatus {
        guard try FileStatus(of: root)?.kind == .folder else { throw NotInitialised() }
        var status = StoreStatus()
        status.requests = try waitingRequests()
        status.backgroundProblem = backgroundFailure?.problem
        status.check = lastCheck()
        status.backup = lastBackup()
        let files: StoreFiles
        if let repository = try repository(around: root) {
            status.isRepository = true
            status.branch = repository.branch.map { Text($0.utf8) }
            status.operation = repository.operation()
            status.remotes = try remotes(of: repository)
            // Last, for this waits for the look at the work tree.
            files = try StoreFiles(self, repository, glance)
            status.uncommitted = files.uncommitted
            if let cache = files.untrackedCache {
                // Without it, the next look takes longer, and finds the same.
                try? storedPins?.folder.write(cache, to: Self.untrackedCache, durable: false)
            }
        } else {
            files = try StoreFiles(self)
        }
        status.conflicts = files.conflicts
        try look(at: files.lists, &status)
        return status
    }

    private func remotes(of repository: GitRepository) throws -> [StoreStatus.Remote] {
        let known = try repository.remotes()
        guard !known.isEmpty else { return [] }
        let states = try remoteStates()
        let head = try repository.headID()
        let branch = repository.branch
        return try known.map { remote in
            var distance: (ahead: Int, behind: Int)?
            if let head, let branch,
                let other = try repository.reference("refs/remotes/\(remote.name)/\(branch)")
            {
                distance = try repository.aheadBehind(head, other)
            }
            return StoreStatus.Remote(
                name: remote.name, policy: try RemotePolicy(of: remote), ahead: distance?.ahead,
                behind: distance?.behind, last: states.states[remote.name] ?? .init())
        }
    }

    /// Compares lists and roster with what this machine has acknowledged, and looks for keys that
    /// end.
    private func look(at lists: Set<Path>, _ status: inout StoreStatus) throws {
        guard let pins = try storedPins?.load(settling: false) else { return }
        status.reviews = try unacknowledged(among: lists.union(pins.lists.keys), pins)
        let known = KnownPeople(self, pins)
        var ending: [NamedKey: (standing: Standing, folders: [Path])] = [:]
        let now = settings.now()
        for (folder, readers) in pins.readers where pins.lists[folder] != nil {
            for (person, reader) in readers where reader.isEnding(now) {
                let key = known.named(person)
                ending[key, default: (Standing(reader, at: now), [])].folders.append(folder)
            }
        }
        status.keys = ending.map { key, found in
            StoreStatus.Key(
                key: key, folders: found.folders.sorted { $0.bytes.precedes($1.bytes) },
                standing: found.standing)
        }.sorted { $0.key.name.bytes.precedes($1.key.name.bytes) }
    }

    private func waitingRequests() throws -> [Fingerprint] {
        let folder = root / RequestFile.folder
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder)
            .compactMap { name in
                // Their signatures and anything else are no requests.
                Fingerprint(name.bytes).flatMap { $0.bytes == name.bytes ? $0 : nil }
            }.sorted()
    }
}
