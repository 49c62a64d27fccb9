import Glibc
import PasselCore
import PasselPosix

/// Lock files that a push which was killed left in a remote that is a folder of this machine.
///
/// As git never looks whether anybody still holds one, it takes no other push then. Whoever else
/// works there holds no lock of ours, so more is asked for than in a repository of one's own: a
/// lock counts as left behind when it is ours, stood unchanged for three seconds, no live process
/// has it open, no live git works in the folder, and no other machine can.
struct FolderLocks {
    private let remote: GitRemote
    /// The remote's own folder, every link resolved.
    private let folder: Path

    /// Nothing when there is no repository at `place`.
    init?(_ remote: GitRemote, at place: Path) {
        guard let folder = Files.resolved(Transport.gitFolder(at: place)),
            FileStatus.isFolder(folder / "objects"), FileStatus.isFile(folder / "HEAD")
        else { return nil }
        self.remote = remote
        self.folder = folder
    }

    /// Removes what stands in the way of a push to a branch; whether there was anything.
    ///
    /// - Throws: `Problem` when somebody holds it, or nobody can tell whether somebody does.
    func clear(forBranch branch: String) throws -> Bool {
        var isCleared = false
        for name in ["refs/heads/\(branch)", "HEAD"] {
            if try clear(folder / Path(name + ".lock")) { isCleared = true }
        }
        return isCleared
    }

    private func clear(_ lock: Path) throws -> Bool {
        guard let first = Sight(lock) else { return false }
        let name = RemoteText.sanitised(remote.name.bytes)
        let shown = RemoteText.sanitised(lock.bytes)
        guard first.isOwn, !FileStatus.isOnNetwork(folder) else {
            throw Problem(
                "\(name): a push that was killed, or runs elsewhere, left \(shown)",
                hints: ["rm \(shown)"])
        }
        for _ in 0..<60 where first.age < 3 {
            usleep(50_000)
            // Somebody else was at work, and has ended.
            if Sight(lock) != first { return true }
        }
        guard !StaleLocks(gitFolder: folder, workTree: folder).isHeld(lock) else {
            throw Problem(
                "\(name): another git holds \(shown)", hints: ["passel sync --remote \(name)"])
        }
        // Not another one that came meanwhile.
        if Sight(lock) == first { Scratch.remove(lock) }
        return true
    }

    /// One file as it was at one time; another one by the same name differs.
    private struct Sight: Equatable {
        private let identity: FileStatus.Identity
        private let changed: [Int]
        let isOwn: Bool

        init?(_ path: Path) {
            var status = stat()
            guard path.withCString({ lstat($0, &status) }) == 0 else { return nil }
            let facts = FileStatus(status)
            identity = facts.identity
            changed = FileStatus.changeTime(status)
            isOwn = facts.kind == .file && facts.owner == geteuid()
        }

        /// In seconds, since it was last changed.
        var age: Int { time(nil) - changed[0] - 1 }
    }
}
