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

    private static var numbers: [Int]? {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        guard git_libgit2_version(&major, &minor, &revision) == 0 else { return nil }
        return [major, minor, revision].map(Int.init)
    }
}
