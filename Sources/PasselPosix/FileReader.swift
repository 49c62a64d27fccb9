import CPosix
import Glibc
public import PasselCore

/// A file that is read piece by piece.
public final class FileReader {
    private let descriptor: Int32
    private let path: Path
    /// What it was when it was opened.
    public let status: FileStatus

    /// How much is read at once.
    public static let piece = 256 << 10

    /// Opens a regular file; a final link is followed only when `following`.
    ///
    /// - Throws: `SystemError`; `EINVAL` for what is no regular file.
    public init(_ path: Path, following: Bool = false) throws {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (following ? 0 : O_NOFOLLOW)
        let opened = try check(
            "read", path, path.withCString { name in uninterrupted { passel_open(name, flags, 0) } }
        )
        var found = stat()
        guard fstat(opened, &found) == 0, FileStatus(found).kind == .file else {
            close(opened)
            throw SystemError("read", path, code: EINVAL)
        }
        descriptor = opened
        self.path = path
        status = FileStatus(found)
    }

    deinit { close(descriptor) }

    /// The next bytes, at most `limit` of them; none at the end.
    public func next(limit: Int = piece) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: min(limit, Self.piece)) { buffer, filled in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            filled = try check(
                "read", path,
                uninterrupted { read(descriptor, memory.baseAddress, memory.count) })
        }
    }

    /// Goes to the byte at `offset`.
    public func seek(_ offset: Int) throws {
        try check("read", path, lseek(descriptor, off_t(offset), SEEK_SET))
    }
}
