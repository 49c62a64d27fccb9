import CGit2
public import PasselCore

extension GitRepository {
    /// The lines that `git commit` prints: branch, short id and subject, then what changed.
    public func summary(of commit: PreparedCommit) -> Text {
        let branch = commit.reference == "HEAD" ? "detached HEAD" : shortName(commit.reference)
        let root = commit.parent == nil ? " (root-commit)" : ""
        return "[\(branch)\(root) \(shortID(commit.id))] \(commit.subject)\n\(statistics(commit))"
    }

    private func shortName(_ reference: String) -> String {
        let prefix = "refs/heads/"
        return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : reference
    }

    private func shortID(_ id: GitID) -> String {
        var oid = id.oid
        var object: OpaquePointer?
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        guard git_object_lookup(&object, pointer, &oid, GIT_OBJECT_COMMIT) == 0 else {
            return String(id.hex.prefix(7))
        }
        defer { git_object_free(object) }
        guard git_object_short_id(&buffer, object) == 0, let text = buffer.ptr else {
            return String(id.hex.prefix(7))
        }
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
        let format = git_diff_stats_format_t(
            GIT_DIFF_STATS_SHORT.rawValue | GIT_DIFF_STATS_INCLUDE_SUMMARY.rawValue)
        guard git_diff_stats_to_buf(&buffer, stats, format, 80) == 0 else { return "" }
        return Text(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
    }
}
