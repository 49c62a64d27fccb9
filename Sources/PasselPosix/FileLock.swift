import CPosix
import Glibc
public import PasselCore

/// A lock that the kernel lets go when its holder ends, however it ends.
///
/// Calls `flock`.
public final class FileLock {
    private let descriptor: Int32

    private init(takingOwnershipOf descriptor: Int32) { self.descriptor = descriptor }

    /// Waits for the lock on the folder `path`: on the folder itself, so that no lock file is ever
    /// in the way.
    ///
    /// `waiting` is called once if another process holds it for longer than two seconds.
    ///
    /// - Throws: `SystemError`; `EWOULDBLOCK` when it is not free after `patience` seconds.
    public static func acquire(
        _ path: Path, patience: Int, waiting: () -> Void
    ) throws -> FileLock {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = try check("lock", path, path.withCString { passel_open($0, flags, 0) })
        var waited = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) < 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, waited < patience * 200 else {
                let code = errno
                close(descriptor)
                throw SystemError("lock", path, code: code)
            }
            if waited == 400 { waiting() }
            waited += 1
            usleep(5000)
        }
        return FileLock(takingOwnershipOf: descriptor)
    }

    /// The lock on the folder `path` if nobody has it; nothing, too, where none can be had.
    public static func ifFree(_ path: Path) -> FileLock? {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = path.withCString { passel_open($0, flags, 0) }
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(takingOwnershipOf: descriptor)
    }

    /// Lets it go before the object does.
    public func release() { flock(descriptor, LOCK_UN) }

    deinit {
        // A child that another thread is just starting has a copy of the descriptor until its exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
