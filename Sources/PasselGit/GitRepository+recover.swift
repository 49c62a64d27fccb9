import CGit2
import Glibc
import PasselCore
import PasselPosix

extension GitRepository {
    /// Moves the current branch from `parent` to a commit whose objects exist already.
    ///
    /// - Throws: `GitProblem` when the branch is somewhere else by now.
    public func publish(_ commit: GitID, after parent: GitID?) throws {
        let head = try headCommit()
        guard head?.id == parent else {
            throw GitProblem("finish an interrupted change", "the branch moved meanwhile")
        }
        let found = try self.commit(commit)
        guard let newTree = try tree(of: found) else { return }
        try publish(
            PreparedCommit(
                id: commit, parent: parent, reference: try referenceOfHead(),
                oldTree: try tree(of: head), newTree: newTree, subject: found.subject))
    }

    /// Brings the index up to date for what a commit changed.
    public func stage(pathsOf commit: GitID, parent: GitID?) throws {
        let new = try tree(of: try self.commit(commit))
        let old = try tree(of: try parent.map { try self.commit($0) })
        var diff: OpaquePointer?
        try check(
            "compare commits",
            git_diff_tree_to_tree(&diff, pointer, old?.pointer, new?.pointer, nil))
        defer { git_diff_free(diff) }
        var changes: [GitChange] = []
        for index in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, index)?.pointee else { continue }
            let deleted = delta.status == GIT_DELTA_DELETED
            let file = deleted ? delta.old_file : delta.new_file
            let name = Array(UnsafeRawBufferPointer(start: file.path, count: strlen(file.path)))
            guard !deleted else {
                changes.append(GitChange(name, .nothing))
                continue
            }
            let content = try content(of: GitID(file.id))
            let isLink = UInt32(file.mode) == GIT_FILEMODE_LINK.rawValue
            let executable = UInt32(file.mode) == GIT_FILEMODE_BLOB_EXECUTABLE.rawValue
            changes.append(
                GitChange(name, isLink ? .link(content) : .file(content, executable: executable)))
        }
        try stage(changes)
    }
}
