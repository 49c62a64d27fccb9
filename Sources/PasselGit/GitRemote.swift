import CGit2
public import PasselCore
import PasselPosix

/// Another clone of the repository, as git's configuration names it.
public struct GitRemote: Sendable, Hashable {
    /// The name, such as `origin`.
    public let name: Text
    /// Where it is fetched from, as it is configured.
    public let url: Text
    /// Where it is pushed to, if that is elsewhere.
    public let pushURL: Text?
    /// `remote.NAME.passelPolicy`, if it is set.
    public let policy: Text?

    /// A remote of this name and place; it need not be in any configuration.
    public init(name: Text, url: Text, pushURL: Text? = nil, policy: Text? = nil) {
        self.name = name
        self.url = url
        self.pushURL = pushURL
        self.policy = policy
    }

    /// Whether git takes it as a name, and no program for an option.
    public static func isName(_ name: Text) -> Bool {
        var valid: Int32 = 0
        let harmless = name.bytes.first != UInt8(ascii: "-") && !name.bytes.contains(0)
        let code = Path(name.bytes).withCString { git_remote_name_is_valid(&valid, $0) }
        return harmless && code == 0 && valid != 0
    }
}

extension GitRepository {
    /// The remotes that have a URL, sorted by name.
    public func remotes() throws -> [GitRemote] {
        let configuration = self.configuration
        return configuration.names(of: "remote").compactMap { name in
            func value(_ key: String) -> Text? {
                configuration.string("remote", name, key).map { Text($0) }
            }
            return value("url").map { url in
                GitRemote(
                    name: Text(name), url: url, pushURL: value("pushurl"),
                    policy: value("passelpolicy"))
            }
        }
    }

    /// Adds a remote as `git remote add` does.
    ///
    /// - Throws: `GitProblem` when there is one of that name, or it is no name.
    public func addRemote(_ name: Text, url: Text) throws {
        let operation = "add the remote \(Path(name.bytes).repaired)"
        guard GitRemote.isName(name) else { throw GitProblem(operation, "that is no name") }
        try clearConfigurationLock()
        var remote: OpaquePointer?
        let code = Path(name.bytes).withCString { name in
            Path(url.bytes).withCString { git_remote_create(&remote, pointer, name, $0) }
        }
        git_remote_free(remote)
        try check(operation, code)
        readConfigurationAgain()
    }

    /// Removes a remote with its settings, and what is known of its branches.
    public func removeRemote(_ name: Text) throws {
        try clearConfigurationLock()
        try check(
            "remove the remote \(Path(name.bytes).repaired)",
            Path(name.bytes).withCString { git_remote_delete(pointer, $0) })
        readConfigurationAgain()
    }

    /// Sets one value of the repository's own configuration, or removes it.
    public func setConfiguration(_ key: Text, _ value: Text?) throws {
        let operation = "set \(Path(key.bytes).repaired)"
        try clearConfigurationLock()
        var (all, own): (OpaquePointer?, OpaquePointer?)
        defer {
            git_config_free(own)
            git_config_free(all)
        }
        try check(operation, git_repository_config(&all, pointer))
        try check(operation, git_config_open_level(&own, all, GIT_CONFIG_LEVEL_LOCAL))
        let code = Path(key.bytes).withCString { key in
            guard let value else { return git_config_delete_entry(own, key) }
            return Path(value.bytes).withCString { git_config_set_string(own, key, $0) }
        }
        if value != nil || code != GIT_ENOTFOUND.rawValue { try check(operation, code) }
        readConfigurationAgain()
    }

    /// The last value that git's configuration has for a key in this repository; nothing when it is
    /// unset.
    public func configuration(_ key: String) -> [UInt8]? { configuration.string(Array(key.utf8)) }

    private func clearConfigurationLock() throws {
        try StaleLocks(gitFolder: gitFolder, workTree: workTree)
            .clear(commonFolder / "config.lock")
    }

    private func readConfigurationAgain() { configuration = GitConfiguration(of: self) }
}
