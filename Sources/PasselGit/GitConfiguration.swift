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
    private let listed: [[UInt8]: [UInt8]]?

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

    /// A key as git compares keys: section and last part in lower case, what is between them as it
    /// is.
    private static func canonical(_ key: [UInt8]) -> [UInt8] {
        guard let first = key.firstIndex(of: .dot), let last = key.lastIndex(of: .dot) else {
            return key
        }
        return key[..<first].map(\.asciiLowercased) + key[first..<last]
            + key[last...].map(\.asciiLowercased)
    }

    private static func list(_ repository: GitRepository) -> [[UInt8]: [UInt8]] {
        var child = ChildProcess(
            "git", ["config", "-z", "--list"], environment: repository.environment)
        child.directory = repository.workTree
        guard let outcome = try? child.run(), outcome.status == 0 else { return [:] }
        var result: [[UInt8]: [UInt8]] = [:]
        for item in outcome.output.exposedBytes.split(separator: 0) {
            // A key without a value stands for true.
            let end = item.firstIndex(of: .newline)
            result[Array(item[..<(end ?? item.endIndex)])] =
                end.map { Array(item[($0 + 1)...]) } ?? Array("true".utf8)
        }
        return result
    }

    /// The last value of a key; nothing when it is unset.
    func string(_ key: String) -> [UInt8]? { string(Array(key.utf8)) }

    /// The last value of the key of these parts.
    func string(_ section: String, _ name: [UInt8], _ key: String) -> [UInt8]? {
        string(Array(section.utf8) + [.dot] + name + [.dot] + Array(key.utf8))
    }

    /// The last value of a key; nothing when it is unset.
    func string(_ key: [UInt8]) -> [UInt8]? {
        if let listed { return listed[Self.canonical(key)] }
        guard let snapshot else { return nil }
        return Path(key).withCString { key in
            var value: UnsafePointer<CChar>?
            guard git_config_get_string(&value, snapshot, key) == 0, let value else { return nil }
            return Array(cString: value)
        }
    }

    /// The names that have a section of this kind each, such as `origin` for `remote`, sorted.
    func names(of section: String) -> [[UInt8]] {
        let prefix = Array("\(section).".utf8)
        let names = keys().compactMap { key -> [UInt8]? in
            guard key.starts(with: prefix), let end = key.lastIndex(of: .dot), end > prefix.count
            else { return nil }
            return Array(key[prefix.count..<end])
        }
        return Set(names).sorted { $0.precedes($1) }
    }

    private func keys() -> [[UInt8]] {
        if let listed { return Array(listed.keys) }
        var iterator: OpaquePointer?
        // As above: what cannot be read is unset.
        guard let snapshot, git_config_iterator_new(&iterator, snapshot) == 0 else { return [] }
        defer { git_config_iterator_free(iterator) }
        var keys: [[UInt8]] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let name = entry?.pointee.name {
            keys.append(Array(cString: name))
        }
        return keys
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

extension UInt8 {
    /// `.`, between the parts of a key.
    static let dot = UInt8(ascii: ".")
}
