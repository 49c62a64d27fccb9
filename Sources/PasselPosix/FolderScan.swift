import CPosix
import Glibc
public import PasselCore

/// An open folder whose names are read, and whose files are looked at without spelling their paths;
/// closing happens by itself.
public struct FolderScan: ~Copyable {
    private let stream: OpaquePointer  // DIR *
    private let path: Path

    /// Opens a folder.
    ///
    /// Calls `opendir`.
    ///
    /// - Throws: `SystemError`.
    public init(_ folder: Path) throws {
        guard let stream = folder.withCString({ opendir($0) }) else {
            throw SystemError("list", folder)
        }
        self.stream = stream
        path = folder
    }

    deinit { closedir(stream) }

    /// The names in the folder, `.` and `..` left out, in no order.
    ///
    /// To be called once.
    public borrowing func names() throws -> [Files.Name] {
        var names: [Files.Name] = []
        errno = 0
        while let record = readdir(stream) {
            let kind: FileStatus.Kind? =
                switch Int32(record.pointee.d_type) {
                case 4: .folder
                case 8: .file
                case 10: .link
                default: nil
                }
            withUnsafePointer(to: &record.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    let count = strnlen(
                        UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), 256)
                    let isDot = start[0] == 0x2e && (count == 1 || count == 2 && start[1] == 0x2e)
                    if !isDot {
                        let bytes = Array(UnsafeBufferPointer(start: start, count: count))
                        names.append(Files.Name(bytes: bytes, kind: kind))
                    }
                }
            }
        }
        guard errno == 0 else { throw SystemError("list", path) }
        return names
    }

    /// What a name in the folder is; nothing when it is gone or cannot be looked at.
    ///
    /// Calls `fstatat`.
    public borrowing func status(of name: [UInt8], following: Bool) -> FileStatus? {
        var status = stat()
        let flags = following ? 0 : AT_SYMLINK_NOFOLLOW
        let code: Int32 = withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) {
            buffer in
            for (index, byte) in name.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            buffer[name.count] = 0
            guard let start = buffer.baseAddress else { return -1 }
            return fstatat(dirfd(stream), start, &status, flags)
        }
        return code == 0 ? FileStatus(status) : nil
    }
}
