import Glibc
import PasselCore
import PasselPosix

/// A gpg home of its own for one task: no settings, no trust, no agent.
enum ScratchHome {
    private static let prefix = ".passel-keys-"

    /// What `work` makes of a new folder, mode 0700 and below `place`, which is gone afterwards.
    ///
    /// Folders that killed runs left there are removed first.
    static func with<R>(in place: Path, _ work: (Path) throws -> R) throws -> R {
        clear(place)
        let (home, lock) = try make(in: place)
        defer { remove(home) }
        return try withExtendedLifetime(lock) { try work(home) }
    }

    /// A new folder, and the lock by which other runs see that somebody is at work in it.
    private static func make(in place: Path) throws -> (Path, FileLock?) {
        var made: (home: Path, lock: FileLock?)
        repeat {
            made.home = place / Path(prefix + Random.name(length: 16))
            guard made.home.withCString({ mkdir($0, 0o700) }) == 0 else {
                throw SystemError("make the folder", made.home).problem
            }
            made.lock = FileLock.ifFree(made.home)
            // Before it was locked, another run may have cleared it away.
        } while !FileStatus.isFolder(made.home)
        return made
    }

    private static func clear(_ place: Path) {
        // A folder that cannot be listed cannot be cleared either.
        for name in (try? Files.names(in: place)) ?? []
        where name.bytes.starts(with: prefix.utf8) {
            let home = place / name.bytes
            guard let status = try? FileStatus(of: home, following: false),
                status.kind == .folder, status.owner == geteuid(),
                let lock = FileLock.ifFree(home)
            else { continue }
            withExtendedLifetime(lock) { remove(home) }
        }
    }

    private static func remove(_ home: Path) {
        // Best effort: gpg leaves nothing but plain files there.
        for name in (try? Files.names(in: home)) ?? [] { Scratch.remove(home / name.bytes) }
        _ = home.withCString { rmdir($0) }
    }
}
