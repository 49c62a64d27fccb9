import CPosix
public import Glibc
public import PasselCore

/// A folder that was found, below which files are looked at without its path being walked again;
/// closing happens by itself.
///
/// Opened with `O_PATH`: it cannot be read through this.
public final class FolderHandle: Sendable {
    private let descriptor: Int32

    /// Finds a folder.
    ///
    /// - Throws: `SystemError`.
    public init(_ folder: Path) throws {
        descriptor = try check("open", folder, folder.withCString { passel_find_folder($0) })
    }

    deinit { close(descriptor) }

    /// What the system says of a path below it; nothing when that is not there or cannot be looked
    /// at.
    ///
    /// A NUL ends the path. A link at its end is not followed.
    public func rawStatus(of path: UnsafeRawPointer) -> stat? {
        var status = stat()
        let text = path.assumingMemoryBound(to: CChar.self)
        return fstatat(descriptor, text, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }
}
