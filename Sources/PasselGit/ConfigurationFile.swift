import CGit2
public import PasselCore

/// One file in the format of git's configuration, with what it includes.
///
/// Only for files that the user or the machine's owner wrote: an include can lead anywhere.
public final class ConfigurationFile {
    private let pointer: OpaquePointer  // git_config *, a snapshot

    /// Reads a file that is there.
    ///
    /// - Throws: `GitProblem` when it cannot be read or is no configuration.
    public init(_ path: Path) throws {
        let operation = "read \(path.repaired)"
        try check("start libgit2", GitLibrary.started)
        var file: OpaquePointer?
        try check(operation, path.withCString { git_config_open_ondisk(&file, $0) })
        defer { git_config_free(file) }
        var snapshot: OpaquePointer?
        try check(operation, git_config_snapshot(&snapshot, file))
        guard let snapshot else { throw GitProblem(operation, "nothing came back") }
        pointer = snapshot
    }

    deinit { git_config_free(pointer) }

    /// The last value of a key, written in lower case; nothing when it is unset, no bytes when it
    /// stands there without a value.
    public func value(_ key: String) -> [UInt8]? {
        var value: UnsafePointer<CChar>?
        guard git_config_get_string(&value, pointer, key) == 0, let value else { return nil }
        return Array(cString: value)
    }
}

extension GitRepository {
    /// The file with the configuration that all work trees of the repository share.
    public var configurationFile: Path { commonFolder.withoutTrailingSlashes / "config" }
}
