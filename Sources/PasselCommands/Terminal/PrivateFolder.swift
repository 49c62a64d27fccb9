import CPosix
import Glibc
import PasselCore
import PasselPosix

/// A folder for plaintext that should never reach a disk.
///
/// Best is a tmpfs in a mount namespace of this process: nobody else sees it, and the kernel frees
/// it with the last process in it, however that ends. Where the kernel forbids that, or the
/// editor's work is done by a program outside, it is a folder in `$XDG_RUNTIME_DIR` or `/dev/shm`,
/// which the next run removes if this one cannot.
struct PrivateFolder {
    /// The folder, mode 0700.
    let path: Path
    private let lock: FileLock?
    private let onDisk: Bool

    /// Makes the folder; asks first where it would have to be on a disk.
    static func make(
        environment: ProcessEnvironment, seenByOthers: Bool, prompt: Prompt
    ) throws -> PrivateFolder {
        let shared: Path = "/dev/shm"
        if !seenByOthers, FileStatus.isFolder(shared),
            shared.withCString({ passel_private_tmpfs($0) }) == 0
        {
            return try inside(shared, onDisk: false)
        }
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : Path($0) }
        for place in [runtime, shared].compactMap({ $0 }) where isUsable(place) {
            return try inside(place, onDisk: false)
        }
        try prompt.confirm(
            """
            Your system does not have /dev/shm, which means that it may
            be difficult to entirely erase the temporary non-encrypted
            password file after editing.

            Are you sure you would like to continue?
            """)
        return try inside(temporaryFolder(environment), onDisk: true)
    }

    /// A folder as pass makes it for `git` and extensions, where no plaintext is expected.
    static func plain(environment: ProcessEnvironment) throws -> PrivateFolder {
        try inside(
            isUsable("/dev/shm") ? "/dev/shm" : temporaryFolder(environment), onDisk: false)
    }

    private static func temporaryFolder(_ environment: ProcessEnvironment) -> Path {
        environment["TMPDIR"].flatMap { $0.isEmpty ? nil : Path($0) } ?? "/tmp"
    }

    /// Removes what killed runs left in the places where this user's runs make such folders.
    static func removeLeftOvers(_ environment: ProcessEnvironment) {
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : Path($0) }
        let places = ["/dev/shm", runtime, environment["TMPDIR"].map { Path($0) }]
        for case let place? in places { removeLeftOvers(in: place) }
    }

    private static func isUsable(_ place: Path) -> Bool {
        FileStatus.isFolder(place) && place.withCString { access($0, W_OK | X_OK) } == 0
    }

    /// What our folders' names begin with.
    ///
    /// Never the program's name alone: so begin those of pass and of extensions, which hold no lock
    /// while they are in use.
    private static let prefix = "passel-held.".bytes

    /// How often a folder is made anew that another run took for one of a killed run.
    private static let tries = 100

    private static func inside(_ place: Path, onDisk: Bool) throws -> PrivateFolder {
        var path = place
        for _ in 0..<tries {
            path = place / (prefix + Random.name(length: 13).bytes)
            guard path.withCString({ mkdir($0, 0o700) }) == 0 else {
                throw SystemError("make the folder", path)
            }
            // The lock tells the next run that somebody still works here; until it is held, another
            // run may clear the folder away.
            if let lock = FileLock.ifFree(path), FileStatus.isFolder(path) {
                return PrivateFolder(path: path, lock: lock, onDisk: onDisk)
            }
            _ = path.withCString { rmdir($0) }
        }
        throw SystemError("lock", path, code: EWOULDBLOCK)
    }

    /// Folders of killed runs: named as ours, owned by this user, locked by nobody.
    private static func removeLeftOvers(in place: Path) {
        // What cannot be listed is not cleaned here.
        for name in (try? Files.names(in: place)) ?? []
        where name.bytes.starts(with: prefix) && name.bytes.count == prefix.count + 13 {
            let folder = place / name.bytes
            guard let status = try? FileStatus(of: folder, following: false),
                status.kind == .folder,
                status.owner == geteuid(), status.mode & 0o077 == 0,
                let lock = FileLock.ifFree(folder)
            else { continue }
            erase(folder, overwriting: true)
            withExtendedLifetime(lock) {}
        }
    }

    /// Removes the folder and all that is in it; what may be on a disk is overwritten first.
    func remove() {
        Self.erase(path, overwriting: onDisk)
        withExtendedLifetime(lock) {}
    }

    private static func erase(_ folder: Path, overwriting: Bool) {
        // Best effort throughout: what cannot be removed now is tried by the next run.
        for name in (try? Files.names(in: folder)) ?? [] {
            let path = folder / name.bytes
            guard let status = try? FileStatus(of: path, following: false) else { continue }
            if status.kind == .folder {
                erase(path, overwriting: overwriting)
                continue
            }
            if overwriting, status.kind == .file { overwrite(path, status.size) }
            _ = path.withCString { unlink($0) }
        }
        _ = folder.withCString { rmdir($0) }
    }

    private static func overwrite(_ file: Path, _ size: Int) {
        let descriptor = file.withCString { passel_open($0, O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0) }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: size)
        try? zeros.withUnsafeBytes { try Files.write($0, to: descriptor, name: file) }
        fsync(descriptor)
    }
}
