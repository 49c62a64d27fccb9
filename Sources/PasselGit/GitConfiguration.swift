import CGit2
import Glibc
import PasselCore
import PasselPosix

/// The user's and the repository's git configuration.
///
/// Read by libgit2; by `git config` where variables such as `GIT_CONFIG_GLOBAL` apply, which
/// libgit2 does not know.
struct GitConfiguration {
    private let snapshot: OpaquePointer?  // git_config *, lives as long as the program
    private let listed: [String: [UInt8]]?

    init(of repository: GitRepository) {
        let unknown = [
            "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS",
        ]
        let environment = repository.environment
        if unknown.contains(where: { environment[$0] != nil }) {
            listed = Self.list(repository)
            snapshot = nil
        } else {
            var found: OpaquePointer?
            // Without a readable configuration every key is unset, as for git itself outside a
            // repository.
            git_repository_config_snapshot(&found, repository.pointer)
            snapshot = found
            listed = nil
        }
    }

    private static func list(_ repository: GitRepository) -> [String: [UInt8]] {
        var child = ChildProcess(
            "git", ["config", "-z", "--list"], environment: repository.environment)
        child.directory = repository.workTree
        guard let outcome = try? child.run(), outcome.status == 0 else { return [:] }
        var result: [String: [UInt8]] = [:]
        for item in outcome.output.exposedBytes.split(separator: 0) {
            // A key without a value stands for true.
            let end = item.firstIndex(of: .newline)
            let key = String(decoding: item[..<(end ?? item.endIndex)], as: UTF8.self)
            result[key] = end.map { Array(item[($0 + 1)...]) } ?? Array("true".utf8)
        }
        return result
    }

    /// The last value of a key, written in lower case; nothing when it is unset.
    func string(_ key: String) -> [UInt8]? {
        if let listed { return listed[key] }
        var value: UnsafePointer<CChar>?
        guard let snapshot, git_config_get_string(&value, snapshot, key) == 0, let value else {
            return nil
        }
        return Array(cString: value)
    }

    /// Whether a key is true in one of git's spellings; nothing when it is unset or no such
    /// spelling.
    func bool(_ key: String) -> Bool? {
        if let snapshot {
            var value: Int32 = 0
            return git_config_get_bool(&value, snapshot, key) == 0 ? value != 0 : nil
        }
        guard let value = string(key) else { return nil }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        return switch text {
        case "true", "yes", "on": true
        case "false", "no", "off", "": false
        default: Int(text).map { $0 != 0 }
        }
    }

    /// The path that a key names, `~/` standing for the home folder.
    func path(_ key: String, home: [UInt8]?) -> Path? {
        guard let value = string(key), !value.isEmpty else { return nil }
        guard value.starts(with: "~/".utf8), let home else { return Path(value) }
        return Path(home) / Path(value.dropFirst(2))
    }
}
