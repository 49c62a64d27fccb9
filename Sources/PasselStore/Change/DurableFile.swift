import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The last steps of a write: what a rename, a removal or a new folder needs to survive a power
/// cut.
enum DurableFile {
    /// Puts a flushed temporary file in the place of `path` and flushes the folder.
    static func rename(_ temporary: Path, to path: Path) throws {
        try move(temporary, to: path)
        try flush(path.parent)
    }

    /// Renames without flushing the folder, for changes of many files that flush once.
    static func move(_ old: Path, to new: Path) throws {
        let code = old.withCString { old in new.withCString { Glibc.rename(old, $0) } }
        guard code == 0 else { throw SystemError("write", new) }
    }

    /// Lets a file and what is in its place change places; false where the file system cannot do
    /// that, and nothing has moved.
    static func exchange(_ new: Path, with old: Path) throws -> Bool {
        let code = new.withCString { new in old.withCString { passel_exchange(new, $0) } }
        guard code != 0 else { return true }
        guard [EINVAL, ENOSYS, ENOTSUP].contains(errno) else { throw SystemError("write", old) }
        return false
    }

    /// A second name for a file, by which it can be put back.
    static func link(_ old: Path, to new: Path) throws {
        // Flags 0: a symbolic link itself gets the second name, not its target.
        let code = old.withCString { old in
            new.withCString { linkat(AT_FDCWD, old, AT_FDCWD, $0, 0) }
        }
        guard code == 0 else { throw SystemError("keep", old) }
    }

    /// Removes a file or link.
    static func remove(_ path: Path) throws {
        guard path.withCString({ unlink($0) }) == 0 else { throw SystemError("remove", path) }
    }

    /// Makes a symbolic link.
    static func symlink(_ target: [UInt8], at path: Path) throws {
        let code = Path(target).withCString { target in
            path.withCString { Glibc.symlink(target, $0) }
        }
        guard code == 0 else { throw SystemError("write", path) }
    }

    /// Makes a folder; false when it is there already.
    static func makeFolder(_ path: Path) throws -> Bool {
        if path.withCString({ mkdir($0, 0o777) }) == 0 { return true }
        guard errno == EEXIST else { throw SystemError("make the folder", path) }
        return false
    }

    /// Removes an empty folder; false when it is not empty.
    static func removeFolder(_ path: Path) throws -> Bool {
        if path.withCString({ rmdir($0) }) == 0 { return true }
        guard [ENOTEMPTY, EEXIST].contains(errno) else { throw SystemError("remove", path) }
        return false
    }

    /// Flushes a folder, so that the names in it are durable.
    static func flush(_ folder: Path) throws {
        try withFolder(folder) { fsync($0) }
    }

    /// Flushes the whole file system of a folder: one call for many files.
    static func flushFileSystem(of folder: Path) throws {
        try withFolder(folder) { passel_syncfs($0) }
    }

    private static func withFolder(_ folder: Path, _ call: (Int32) -> Int32) throws {
        let descriptor = folder.withCString {
            passel_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        guard descriptor >= 0 else { throw SystemError("flush", folder) }
        defer { close(descriptor) }
        guard call(descriptor) == 0 else { throw SystemError("flush", folder) }
    }
}
