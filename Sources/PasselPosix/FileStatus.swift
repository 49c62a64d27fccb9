import CPosix
public import Glibc
public import PasselCore

/// What lstat(2) or stat(2) says of a file.
public struct FileStatus: Sendable, Equatable {
    /// The kinds of file that a store may hold.
    public enum Kind: Sendable, Equatable {
        case file, folder, link, fifo, socket, characterDevice, blockDevice
    }

    /// What it is.
    public let kind: Kind
    /// The permission bits, with set-id and sticky bits.
    public let mode: UInt32
    /// Its size in bytes.
    public let size: Int
    /// Device and inode, which identify a file however it is named.
    public let identity: Identity
    /// The owner's user id.
    public let owner: UInt32

    /// Device and inode of a file.
    public struct Identity: Hashable, Sendable {
        /// The device, equal for files of one file system.
        public let device: UInt
        let inode: UInt
    }

    /// The file at `path`, a final symbolic link followed only when `following`; nothing when there
    /// is none.
    ///
    /// - Throws: `SystemError` when it cannot be told, such as in a folder that may not be
    ///   searched.
    public init?(of path: Path, following: Bool = true) throws {
        var status = stat()
        let result = path.withCString { following ? stat($0, &status) : lstat($0, &status) }
        guard result == 0 else {
            let code = errno
            if [ENOENT, ENOTDIR, ELOOP].contains(code) { return nil }
            throw SystemError("look at", path, code: code)
        }
        self.init(status)
    }

    /// A regular file of which nothing else was asked.
    public static let unknownFile = FileStatus(stat())

    /// A folder of which nothing else was asked.
    public static let unknownFolder: FileStatus = {
        var status = stat()
        status.st_mode = S_IFDIR
        return FileStatus(status)
    }()

    /// When a file's content or status last changed, of what a call said: seconds, nanoseconds.
    public static func changeTime(_ status: stat) -> [Int] {
        [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }

    /// What a call that was made already said.
    public init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .file
            }
        mode = status.st_mode & 0o7777
        size = Int(status.st_size)
        identity = Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
        owner = status.st_uid
    }

    /// Whether `path` is a regular file, or a symbolic link to one.
    public static func isFile(_ path: Path) -> Bool { kind(path) == .file }

    /// Whether `path` is a folder, or a symbolic link to one.
    public static func isFolder(_ path: Path) -> Bool { kind(path) == .folder }

    /// Whether other machines may use the file system that `path` is on at the same time; also where
    /// that cannot be told.
    public static func isOnNetwork(_ path: Path) -> Bool {
        path.withCString(passel_is_on_network) != 0
    }

    private static func kind(_ path: Path) -> Kind? {
        // A file that cannot be looked at is as good as none to those who only ask what it is.
        (try? FileStatus(of: path))?.kind
    }
}
