import Glibc
import PasselCore
import PasselPosix

extension Store {
    /// Does `body` as the only writer of this store, after finishing what a killed writer left.
    ///
    /// Waits up to a minute for another writer, and says so. The lock is on the store's folder
    /// itself and goes with the process, however that ends.
    ///
    /// - Throws: a `Problem` when the store is missing, belongs to another user, or stays busy;
    ///   what `body` throws.
    public func exclusively<R>(_ body: () throws -> R) throws -> R {
        try locked {
            try Recovery(store: self).run()
            return try body()
        }
    }

    /// As above, but what a killed writer left stays as it is.
    func locked<R>(_ body: () throws -> R) throws -> R {
        guard let status = try FileStatus(of: root) else { throw NotInitialised() }
        guard status.kind == .folder else {
            throw Problem.pass("Error: \(root) exists but is not a directory.")
        }
        guard status.owner == geteuid() else {
            throw Problem(
                "\(root) belongs to another user (id \(status.owner))",
                hints: ["work as its owner: sudo -u '#\(status.owner)' passel …"])
        }
        let lock: FileLock
        do {
            lock = try FileLock.acquire(root, patience: 60) {
                observer.warned(Problem("another passel is writing to this store; waiting for it"))
            }
        } catch let error as SystemError where error.code == EWOULDBLOCK {
            throw Problem(
                "another passel has been writing to this store for a minute",
                hints: ["see which: fuser -v \(root)"])
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }
}
