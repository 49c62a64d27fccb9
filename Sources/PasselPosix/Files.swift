import CPosix
import Glibc
public import PasselCore

/// Reading files and folders; all writing of a store goes through its own protocol.
public enum Files {
    /// The content of a regular file, at most `limit` bytes of it.
    ///
    /// - Throws: `SystemError`; `EFBIG` when it is larger. Other kinds of file (a FIFO would block)
    ///   are `EINVAL`.
    public static func read(
        _ path: Path, limit: Int = 64 << 20, followingLinks: Bool = true
    ) throws -> [UInt8] {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followingLinks ? 0 : O_NOFOLLOW)
        let descriptor = try check(
            "read", path, path.withCString { name in uninterrupted { passel_open(name, flags, 0) } }
        )
        defer { close(descriptor) }
        var status = stat()
        try check("read", path, fstat(descriptor, &status))
        let facts = FileStatus(status)
        if facts.kind == .folder { throw SystemError("read", path, code: EISDIR) }
        guard facts.kind == .file else { throw SystemError("read", path, code: EINVAL) }
        guard facts.size <= limit else { throw SystemError("read", path, code: EFBIG) }
        // One byte more tells that the end is there; /proc has files whose size is 0.
        var content = try read(descriptor, path, facts.size > 0 ? facts.size + 1 : 4096)
        while content.count > facts.size {
            guard content.count <= limit else { throw SystemError("read", path, code: EFBIG) }
            let more = try read(descriptor, path, 64 << 10)
            if more.isEmpty { break }
            content += more
        }
        return content
    }

    /// The next bytes, fewer than `count` only at the end.
    private static func read(
        _ descriptor: Int32, _ path: Path, _ count: Int
    ) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read = try check(
                    "read", path,
                    uninterrupted { Glibc.read(descriptor, rest.baseAddress, rest.count) })
                guard read > 0 else { return }
                filled += read
            }
        }
    }

    /// The content of a file, or nothing when it does not exist.
    public static func readIfPresent(_ path: Path, limit: Int = 64 << 20) throws -> [UInt8]? {
        do {
            return try read(path, limit: limit)
        } catch let error as SystemError where error.code == ENOENT || error.code == ENOTDIR {
            return nil
        }
    }

    /// A name in a folder, with its kind where the file system tells without asking again.
    public struct Name: Sendable {
        /// The name.
        public let bytes: [UInt8]
        /// Its kind, links not followed; nothing where the file system does not say.
        public let kind: FileStatus.Kind?

        /// A name, with its kind if that is known.
        public init(bytes: [UInt8], kind: FileStatus.Kind?) {
            self.bytes = bytes
            self.kind = kind
        }
    }

    /// The names in a folder, `.` and `..` left out, in no order.
    public static func names(in folder: Path) throws -> [Name] {
        try FolderScan(folder).names()
    }

    /// Where a symbolic link points, as it is written in it.
    public static func target(of link: Path) throws -> Path {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = try check(
            "read the link", link, link.withCString { readlink($0, &buffer, buffer.count) })
        return Path(buffer[..<count].map { UInt8(bitPattern: $0) })
    }

    /// The absolute path with every symbolic link resolved; nothing when it does not exist.
    public static func resolved(_ path: Path) -> Path? {
        guard let found = path.withCString({ realpath($0, nil) }) else { return nil }
        defer { free(found) }
        return Path(bytes(found))
    }

    private static func bytes(_ string: UnsafeMutablePointer<CChar>) -> [UInt8] {
        UnsafeRawBufferPointer(start: string, count: strlen(string)).map { $0 }
    }

    /// The folder that relative paths start from.
    public static func currentFolder() -> Path {
        guard let found = getcwd(nil, 0) else { return "/" }
        defer { free(found) }
        return Path(bytes(found))
    }

    /// The path from the root, spelled with the current folder before one that has none.
    public static func absolute(_ path: Path) -> Path {
        path.isAbsolute ? path : currentFolder() / path
    }

    /// Everything that a file gives, be it a pipe, kept as a secret.
    ///
    /// - Parameter following: whether a link may lead to it; if not, nothing is waited for either, as
    ///   a pipe in the place of a file would have one do.
    /// - Throws: `SystemError`; `EFBIG` when it is more than `limit` bytes.
    public static func readSecret(
        _ path: Path, limit: Int = 64 << 20, following: Bool = true
    ) throws -> Secret {
        let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (following ? 0 : O_NOFOLLOW | O_NONBLOCK)
        let descriptor = try check(
            "read", path,
            path.withCString { name in
                uninterrupted { passel_open(name, flags, 0) }
            })
        defer { close(descriptor) }
        var reader = SecretReader(limit: limit)
        do {
            let end = try reader.fill { memory in
                uninterrupted { Glibc.read(descriptor, memory.baseAddress, memory.count) }
            }
            try check("read", path, end)
        } catch is SecretReader.TooLarge {
            throw SystemError("read", path, code: EFBIG)
        }
        return reader.secret
    }

    /// Adds to the end of a file that is there, never through a link.
    ///
    /// - Throws: `SystemError`.
    public static func append(_ content: Secret, to path: Path) throws {
        let descriptor = try check(
            "write", path,
            path.withCString { passel_open($0, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0) })
        defer { close(descriptor) }
        try content.withBytes { try write($0, to: descriptor, name: path) }
    }

    /// Writes all bytes to a descriptor.
    ///
    /// - Throws: `SystemError` with the error number of write(2).
    public static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: Path
    ) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = uninterrupted { Glibc.write(descriptor, rest.baseAddress, rest.count) }
            try check("write", name, count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
