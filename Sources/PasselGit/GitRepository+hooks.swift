import CGit2
import Glibc
import PasselCore
import PasselPosix

extension GitRepository {
    /// Lets the hooks that git runs before a commit see it, and returns the message as they leave
    /// it.
    ///
    /// They see the commit's own content through `GIT_INDEX_FILE`, as for `git commit --only`; a
    /// merge has the hooks of `git merge`. Only hooks of the user's own run: `core.hooksPath`, or
    /// the folder `hooks` beside the objects, which no remote can write to.
    func messageAfterHooks(_ message: Text, tree: GitTree, isMerge: Bool) throws -> Text {
        let before = hook(isMerge ? "pre-merge-commit" : "pre-commit")
        let writing = hook("prepare-commit-msg")
        let checking = hook("commit-msg")
        guard before != nil || writing != nil || checking != nil else { return message }

        let index = try indexFile(of: tree)
        defer { Scratch.remove(index) }
        if let before { try run(before, [], index: index) }
        let file = try Scratch.file(in: gitFolder, content: message.bytes)
        defer { Scratch.remove(file) }
        if let writing {
            let source = isMerge ? "merge" : "message"
            try run(writing, [file.bytes, Array(source.utf8)], index: index)
        }
        if let checking { try run(checking, [file.bytes], index: index) }
        let edited = try Files.read(file)
        guard edited.contains(where: { !$0.isBlank && $0 != .newline }) else {
            throw GitProblem("commit", "a hook emptied the commit message")
        }
        return Text(edited)
    }

    /// Runs `post-commit`, or `post-merge` where something was merged; its exit status changes
    /// nothing, as for git.
    func runHookAfter(isMerge: Bool) {
        guard let hook = hook(isMerge ? "post-merge" : "post-commit") else { return }
        // The commit stands: what this hook makes of it is told by the hook itself. 0: the merge is
        // not one that leaves its parent out.
        try? run(hook, isMerge ? [Array("0".utf8)] : [], index: nil)
    }

    private func hook(_ name: String) -> Path? {
        let folder =
            configuration.path("core.hookspath", home: environment["HOME"])
            .map { $0.isAbsolute ? $0 : workTree / $0 }
            ?? commonFolder / "hooks"
        let path = folder / Path(name)
        guard FileStatus.isFile(path), path.withCString({ access($0, X_OK) }) == 0 else {
            return nil
        }
        return path
    }

    private func run(_ hook: Path, _ arguments: [[UInt8]], index: Path?) throws {
        var child = ChildProcess(hook, arguments, environment: environment)
        child.directory = workTree
        child.input = .nothing
        child.output = .standardError
        child.environment["GIT_EDITOR"] = Array(":".utf8)
        if let index { child.environment["GIT_INDEX_FILE"] = index.bytes }
        let status: Int32
        do {
            status = try child.run().status
        } catch let error as SystemError where error.code == ENOEXEC {
            // A script without a line that names its interpreter is the shell's, as for git.
            child.arguments = [hook.bytes] + child.arguments
            child.program = "/bin/sh"
            status = try child.run().status
        }
        guard status == 0 else {
            throw GitProblem(
                "commit", "the hook \(hook.repaired) refused (status \(status))",
                hints: ["see what it wants: \(hook)"])
        }
    }

    private func indexFile(of tree: GitTree) throws -> Path {
        let path = try Scratch.file(in: gitFolder, content: [])
        // git takes an empty file for a broken index, a missing one for a new index.
        Scratch.remove(path)
        var index: OpaquePointer?
        try check("make an index", path.withCString { git_index_open(&index, $0) })
        defer { git_index_free(index) }
        try check("make an index", git_index_read_tree(index, tree.pointer))
        try check("make an index", git_index_write(index))
        return path
    }
}
