import CPosix
import Glibc
public import PasselCore

/// Short-lived private files with names that nobody can guess.
public enum Scratch {
    /// The names of all scratch files start so, by which a later run finds what a killed one left.
    public static let prefix = ".passel-tmp-"

    /// A new file in `folder`, mode 0600, flushed to disk; never an existing one, never through a
    /// link.
    ///
    /// - Throws: `SystemError`; nothing is left behind then.
    public static func file(
        in folder: Path, content: [UInt8], mode: UInt32 = 0o600, flushed: Bool = true
    ) throws -> Path {
        let path = folder / Path(prefix + Random.name(length: 16))
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = try check(
            "write", folder, path.withCString { passel_open($0, flags, 0o600) })
        do {
            defer { close(descriptor) }
            try content.withUnsafeBytes { try Files.write($0, to: descriptor, name: folder) }
            if mode != 0o600 { try check("write", folder, fchmod(descriptor, mode)) }
            if flushed { try check("write", folder, fsync(descriptor)) }
        } catch {
            remove(path)
            throw error
        }
        return path
    }

    /// Removes a scratch file; one that is gone already is as good.
    public static func remove(_ path: Path) {
        _ = path.withCString { unlink($0) }
    }

    /// Whether there are scratch files in `folder`, of earlier runs or of one that is at work.
    public static func isLeft(in folder: Path) -> Bool {
        // What cannot be listed has none to remove.
        ((try? Files.names(in: folder)) ?? []).contains { $0.bytes.starts(with: prefix.utf8) }
    }

    /// Removes the scratch files that earlier runs left in `folder`; whether there were any.
    ///
    /// Only for who holds the lock under which they are made.
    @discardableResult
    public static func clear(_ folder: Path, named start: String = prefix) -> Bool {
        // A folder that cannot be listed cannot be cleared either; the write that follows says why.
        let left = ((try? Files.names(in: folder)) ?? []).filter {
            $0.bytes.starts(with: start.utf8)
        }
        for name in left { remove(folder / name.bytes) }
        return !left.isEmpty
    }

    /// Removes the scratch files in `folder` that were not touched for ten minutes: nobody writes
    /// one for so long.
    ///
    /// For folders in which several write, under no lock of all.
    public static func clearLeft(in folder: Path) {
        // As above.
        for name in (try? Files.names(in: folder)) ?? [] where name.bytes.starts(with: prefix.utf8)
        {
            let path = folder / name.bytes
            var status = stat()
            guard path.withCString({ lstat($0, &status) }) == 0,
                status.st_mtim.tv_sec < time(nil) - 600
            else { continue }
            remove(path)
        }
    }
}
