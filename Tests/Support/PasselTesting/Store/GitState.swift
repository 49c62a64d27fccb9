import Foundation

/// What a repository says about itself.
public struct GitState: Sendable, Equatable {
    /// One commit as its author sees it.
    public struct Commit: Sendable, Equatable {
        /// The first line of the message.
        public var subject: String
        /// `STATUS path` of each file it changed, sorted.
        public var files: [String]
    }

    /// All commits reachable from HEAD, newest first.
    public var commits: [Commit]
    /// The lines of `git status --porcelain`, ignored files left out.
    public var status: [String]
    /// The lines of the repository's `[diff "gpg"]` configuration.
    public var diffSettings: [String]

    /// Reads the repository whose work tree is `folder`.
    public init(of folder: String) {
        commits = GitState.commits(folder)
        status = GitState.git(folder, ["status", "--porcelain", "--untracked-files=all"])
        let config = Disk.read(folder + "/.git/config")?.text ?? ""
        let ask = ["config", "--get-regexp", "^diff\\."]
        diffSettings = config.contains("[diff") ? GitState.git(folder, ask) : []
    }

    private static func commits(_ folder: String) -> [Commit] {
        guard let head = headCommit(folder) else { return read(folder) }
        if let known = cache.lock.withLock({ cache.known[head] }) { return known }
        let commits = read(folder)
        // The id names the whole history, so it never has to be read twice.
        cache.lock.withLock { cache.known[head] = commits }
        return commits
    }

    private static func read(_ folder: String) -> [Commit] {
        var commits: [Commit] = []
        let format = ["log", "--format=commit %s", "--name-status", "--no-renames"]
        for line in git(folder, format) where !line.isEmpty {
            if line.hasPrefix("commit ") {
                commits.append(Commit(subject: String(line.dropFirst(7)), files: []))
            } else if !commits.isEmpty {
                commits[commits.count - 1].files.append(line.replacing("\t", with: " "))
            }
        }
        return commits.map { Commit(subject: $0.subject, files: $0.files.sorted()) }
    }

    private static func headCommit(_ folder: String) -> String? {
        guard let head = Disk.read(folder + "/.git/HEAD")?.trimmed.text else { return nil }
        guard head.hasPrefix("ref: ") else { return head }
        return Disk.read(folder + "/.git/" + head.dropFirst(5))?.trimmed.text
    }

    /// The newest `count` commit subjects, newest first.
    static func subjects(in folder: String, count: Int) -> [String] {
        git(folder, ["log", "--format=%s", "--max-count=\(count)"])
    }

    /// The output lines of a git command in `folder`; none when it fails.
    static func git(_ folder: String, _ arguments: [String]) -> [String] {
        let options = ["-c", "safe.directory=*", "-c", "core.quotePath=true", "-C", folder]
        guard let outcome = try? Invocation.tool("git", options + arguments), outcome.status == 0
        else { return [] }
        return outcome.stdout.lines.map(\.text)
    }

    private static let cache = Cache()

    private final class Cache: @unchecked Sendable {
        // Unchecked: `known` is only touched under `lock`.
        let lock = NSLock()
        var known: [String: [Commit]] = [:]
    }
}
