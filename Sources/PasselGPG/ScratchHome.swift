import Glibc
import PasselCore
import PasselPosix

/// A gpg home of its own for one task: no settings, no trust, no agent.
enum ScratchHome {
    /// What `work` makes of a new folder, mode 0700 and below `place`, which is gone afterwards.
    static func with<R>(in place: Path, _ work: (Path) throws -> R) throws -> R {
        let home = place / Path(Scratch.prefix + Random.name(length: 16))
        guard home.withCString({ mkdir($0, 0o700) }) == 0 else {
            throw SystemError("make the folder", home).problem
        }
        defer { remove(home) }
        return try work(home)
    }

    private static func remove(_ home: Path) {
        // Best effort: gpg leaves nothing but plain files there.
        for name in (try? Files.names(in: home)) ?? [] { Scratch.remove(home / name.bytes) }
        _ = home.withCString { rmdir($0) }
    }
}
