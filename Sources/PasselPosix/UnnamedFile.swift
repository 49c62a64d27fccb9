import CPosix
import Glibc
public import PasselCore

/// A file that nobody else can open, and that is gone with its owner unless it was given a name.
public final class UnnamedFile {
    private let descriptor: Int32
    private let folder: Path
    /// Where the file system has no files without a name: what it is called meanwhile.
    private var temporary: Path?
    /// How many bytes were written to its end.
    public private(set) var size = 0

    /// A new file in `folder`, mode 0600.
    ///
    /// - Throws: `SystemError`.
    public init(in folder: Path) throws {
        self.folder = folder
        let unnamed = folder.withCString { passel_unnamed_file($0) }
        if unnamed >= 0 {
            descriptor = unnamed
            return
        }
        Scratch.clearLeft(in: folder)
        let path = folder / Path(Scratch.prefix + Random.name(length: 16))
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        descriptor = try check(
            "write", folder, path.withCString { passel_open($0, flags, 0o600) })
        temporary = path
    }

    deinit {
        close(descriptor)
        if let temporary { Scratch.remove(temporary) }
    }

    /// Adds to its end.
    ///
    /// - Throws: `SystemError`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        try Files.write(bytes, to: descriptor, name: folder)
        size += bytes.count
    }

    /// Adds to its end.
    public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    /// Replaces bytes in the midst of it.
    public func replace(at offset: Int, by bytes: [UInt8]) throws {
        let count = bytes.withUnsafeBytes {
            pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset))
        }
        try check("write", folder, count)
        guard count == bytes.count else { throw SystemError("write", folder, code: EIO) }
    }

    /// By which name this process can read it.
    public var path: Path { Path("/proc/self/fd/\(descriptor)") }

    /// Flushes it to the disk and gives it its name, which nothing may have.
    ///
    /// - Throws: `SystemError`; `EEXIST` when something has that name.
    public func name(_ path: Path) throws {
        try check("write", path, fsync(descriptor))
        if let temporary {
            if link(temporary, path) != 0 {
                let code = passel_errno()
                guard [EPERM, EOPNOTSUPP, ENOSYS].contains(code) else {
                    throw SystemError("write", path, code: code)
                }
                // A file system without links: nothing else can be made sure of there.
                guard try FileStatus(of: path, following: false) == nil else {
                    throw SystemError("write", path, code: EEXIST)
                }
                let renamed = temporary.withCString { old in path.withCString { rename(old, $0) } }
                try check("write", path, renamed)
            } else {
                Scratch.remove(temporary)
            }
            self.temporary = nil
        } else {
            try check("write", path, path.withCString { passel_name_file(descriptor, $0) })
        }
        let parent = path.parent
        let opened = try check(
            "flush", parent,
            parent.withCString { passel_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) })
        defer { close(opened) }
        try check("flush", parent, fsync(opened))
    }

    private func link(_ old: Path, _ new: Path) -> Int32 {
        old.withCString { old in
            new.withCString { linkat(AT_FDCWD, old, AT_FDCWD, $0, 0) }
        }
    }
}
