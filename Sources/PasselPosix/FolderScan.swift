import CPosix
public import Glibc
public import PasselCore

/// An open folder whose names are read, and whose files are looked at without spelling their paths;
/// closing happens by itself.
public struct FolderScan: ~Copyable {
    private let descriptor: Int32
    private let path: Path

    /// Opens a folder.
    ///
    /// - Throws: `SystemError`.
    public init(_ folder: Path) throws {
        let flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC
        descriptor = try check("list", folder, folder.withCString { passel_open($0, flags, 0) })
        path = folder
    }

    deinit { close(descriptor) }

    /// A name in a folder, where the system wrote it: gone once the next one is read.
    public typealias PassingName = UnsafeBufferPointer<UInt8>

    /// Hands on every name in the folder, `.` and `..` left out, in no order, with its kind where the
    /// file system tells; a NUL stands behind each.
    ///
    /// To be called once. `body` must not read folders itself.
    ///
    /// - Throws: `SystemError`.
    public borrowing func eachName(
        _ body: (PassingName, FileStatus.Kind?) -> Void
    ) throws {
        let code = withoutActuallyEscaping(body) { body in
            var body = body
            return withUnsafeMutablePointer(to: &body) { body in
                passel_names(descriptor, body) { body, name in
                    let kind: FileStatus.Kind? =
                        switch Int(name.type) {
                        case Int(DT_DIR): .folder
                        case Int(DT_REG): .file
                        case Int(DT_LNK): .link
                        default: nil
                        }
                    let bytes = PassingName(start: name.bytes, count: name.count)
                    body?.assumingMemoryBound(to: ((PassingName, FileStatus.Kind?) -> Void).self)
                        .pointee(bytes, kind)
                }
            }
        }
        try check("list", path, code)
    }

    /// The names in the folder, `.` and `..` left out, in no order.
    ///
    /// To be called once.
    public borrowing func names() throws -> [Files.Name] {
        var names: [Files.Name] = []
        names.reserveCapacity(16)
        try eachName { names.append(Files.Name(bytes: Array($0), kind: $1)) }
        return names
    }

    /// What the folder itself is.
    public borrowing func status() throws -> FileStatus { FileStatus(try rawStatus()) }

    /// What the system says of the folder itself.
    public borrowing func rawStatus() throws -> stat {
        var status = stat()
        try check("look at", path, fstat(descriptor, &status))
        return status
    }

    /// What a name in the folder is; nothing when it is gone or cannot be looked at.
    public borrowing func status(of name: [UInt8], following: Bool) -> FileStatus? {
        rawStatus(of: name, following: following).map { FileStatus($0) }
    }

    /// What the system says of a name in the folder; nothing when it is gone or cannot be looked
    /// at.
    ///
    /// Calls `fstatat`.
    public borrowing func rawStatus(of name: [UInt8], following: Bool = false) -> stat? {
        var status = stat()
        let flags = following ? 0 : AT_SYMLINK_NOFOLLOW
        let code: Int32 = withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) {
            buffer in
            for (index, byte) in name.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            buffer[name.count] = 0
            guard let start = buffer.baseAddress else { return -1 }
            return fstatat(descriptor, start, &status, flags)
        }
        return code == 0 ? status : nil
    }

    /// As above, of a name that is just read, links not followed.
    public borrowing func rawStatus(of name: PassingName) -> stat? {
        var status = stat()
        let code = name.withMemoryRebound(to: CChar.self) { name in
            name.baseAddress.map { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } ?? -1
        }
        return code == 0 ? status : nil
    }

    /// The first `limit` bytes of a regular file in the folder; all of it where there are fewer.
    ///
    /// A link is not followed. Calls `openat`.
    ///
    /// - Throws: `SystemError`.
    public borrowing func start(of name: [UInt8], limit: Int) throws -> [UInt8] {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let folder = descriptor
        let file = Path(name).withCString { name in
            uninterrupted { openat(folder, name, flags, 0) }
        }
        // The path is spelled only for who is told about it.
        guard file >= 0 else { throw SystemError("read", path / name) }
        defer { close(file) }
        return try [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            while filled < limit {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let count = uninterrupted { read(file, rest.baseAddress, rest.count) }
                guard count >= 0 else { throw SystemError("read", path / name) }
                filled += count
                // A regular file gives less than it was asked for only at its end: read(2).
                if count < rest.count { break }
            }
        }
    }
}
