import CGit2
public import PasselCore

extension GitRepository {
    /// The lines that `git commit` prints: branch, short id and subject, then what changed.
    ///
    /// Where the branch only moved on, the lines of `git merge`.
    public func summary(of commit: PreparedCommit) -> Text {
        if commit.kind == .fastForward, let parent = commit.parent {
            return """
                Updating \(shortID(parent))..\(shortID(commit.id))
                Fast-forward
                \(statistics(commit))
                """
        }
        let branch = commit.reference == "HEAD" ? "detached HEAD" : shortName(commit.reference)
        let root = commit.parent == nil ? " (root-commit)" : ""
        return """
            [\(branch)\(root) \(shortID(commit.id))] \(commit.subject)
            \(author(commit.id))\(statistics(commit))
            """
    }

    /// A line on who wrote it, where that is somebody else than who committed it.
    private func author(_ id: GitID) -> Text {
        // The commit was made just now; without this line the summary is as good.
        guard let commit = try? historyCommit(id) else { return "" }
        let (author, committer) = (commit.author, commit.committer)
        return author.name == committer.name && author.mail == committer.mail
            ? "" : " Author: \(author.name) <\(author.mail)>\n"
    }

    private func shortName(_ reference: String) -> String {
        let prefix = "refs/heads/"
        return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : reference
    }

    private func shortID(_ id: GitID) -> String {
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        // As above.
        guard let commit = try? self.commit(id),
            git_object_short_id(&buffer, commit.pointer) == 0, let text = buffer.ptr
        else { return String(id.hex.prefix(7)) }
        return String(cString: text)
    }

    private func statistics(_ commit: PreparedCommit) -> Text {
        var diff: OpaquePointer?
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        guard
            git_diff_tree_to_tree(
                &diff, pointer, commit.oldTree?.pointer, commit.newTree.pointer, &options) == 0
        else { return "" }
        defer { git_diff_free(diff) }
        git_diff_find_similar(diff, nil)
        var stats: OpaquePointer?
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        guard git_diff_get_stats(&stats, diff) == 0 else { return "" }
        defer { git_diff_stats_free(stats) }
        guard git_diff_stats_to_buf(&buffer, stats, GIT_DIFF_STATS_SHORT, 80) == 0 else {
            return ""
        }
        let counts = Text(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
        return counts
            + (0..<git_diff_num_deltas(diff)).map { line(git_diff_get_delta(diff, $0)) }
            .joined(separator: "")
    }

    /// What `git commit` says of one file: made, gone or renamed; nothing of a file that only
    /// changed.
    private func line(_ delta: UnsafePointer<git_diff_delta>?) -> Text {
        guard let delta = delta?.pointee, let old = delta.old_file.path,
            let new = delta.new_file.path
        else { return "" }
        // Not as strings, which would repair names that are no text.
        let (from, to) = ([UInt8](cString: old), [UInt8](cString: new))
        return switch delta.status {
        case GIT_DELTA_ADDED:
            " create mode \(String(delta.new_file.mode, radix: 8)) \(Self.quoted(to))\n"
        case GIT_DELTA_DELETED:
            " delete mode \(String(delta.old_file.mode, radix: 8)) \(Self.quoted(from))\n"
        case GIT_DELTA_RENAMED: " rename \(Self.renaming(from, to)) (\(delta.similarity)%)\n"
        default: ""
        }
    }

    /// `folder/{old => new}`: what both names have in common, up to slashes, stands once.
    private static func renaming(_ old: [UInt8], _ new: [UInt8]) -> Text {
        if quoted(old) != Text(old) || quoted(new) != Text(new) {
            return "\(quoted(old)) => \(quoted(new))"
        }
        let common = zip(old, new).prefix { $0 == $1 }.map(\.0)
        let head = common.lastIndex(of: .slash).map { $0 + 1 } ?? 0
        let tailLimit = min(old.count, new.count) - max(0, head - 1)
        let sameEnd = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.map(\.0)
        let tail = sameEnd.prefix(max(0, tailLimit)).lastIndex(of: .slash).map { $0 + 1 } ?? 0
        guard head + tail > 0 else { return "\(old) => \(new)" }
        let (start, end) = (Array(old[..<head]), Array(old[(old.count - tail)...]))
        let before = Array(old[head..<max(head, old.count - tail)])
        let after = Array(new[head..<max(head, new.count - tail)])
        return "\(start){\(before) => \(after)}\(end)"
    }

    /// A name as git prints it (`core.quotePath`): between quotes, with escapes, if it has anything
    /// unusual in it.
    private static func quoted(_ name: [UInt8]) -> Text {
        let escapes: [UInt8: String] = [
            7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 0x22: "\"", 0x5c: "\\",
        ]
        guard name.contains(where: { $0 < 0x20 || $0 >= 0x7f || escapes[$0] != nil }) else {
            return Text(name)
        }
        let inner = name.flatMap { byte -> [UInt8] in
            if let letter = escapes[byte] { return Array("\\\(letter)".utf8) }
            guard byte < 0x20 || byte >= 0x7f else { return [byte] }
            let octal = String(byte, radix: 8)
            return Array(("\\" + String(repeating: "0", count: 3 - octal.count) + octal).utf8)
        }
        return "\"\(inner)\""
    }
}
