import CGit2
public import PasselCore

/// libgit2 as it is installed.
public enum GitLibrary {
    /// The release that it says it is; nothing where it cannot be loaded.
    public static var version: ReleaseVersion? {
        numbers.map { ReleaseVersion($0) }
    }

    /// What Debian calls its package.
    public static var package: Text? {
        numbers.map { "libgit2-\($0[0]).\($0[1])" }
    }

    /// What starting it came to, an error code when that is negative; it is never ended.
    // Once: while another thread works, libgit2's settings may not change under it.
    static let started: Int32 = {
        let code = git_libgit2_init()
        return code < 0 ? code : passel_git_enable_fsync(1)
    }()

    private static var numbers: [Int]? {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        guard git_libgit2_version(&major, &minor, &revision) == 0 else { return nil }
        return [major, minor, revision].map(Int.init)
    }
}
