import CGit2
public import PasselCore
import PasselPosix

extension GitRepository {
    /// Makes the objects of a commit that contains `changes` and nothing else, runs the hooks that
    /// may refuse it, and signs it where the configuration asks; moves nothing.
    ///
    /// The message is the subject and, after an empty line, the body, whose last paragraph may be
    /// trailers. The index takes no part: what else is staged stays staged. Returns nothing when
    /// the changes change nothing.
    ///
    /// - Throws: `GitProblem` when a hook, the missing identity or the signature stands in the way.
    public func prepare(
        _ changes: [GitChange], subject: Text, body: Text? = nil
    ) throws -> PreparedCommit? {
        let parent = try headCommit()
        let oldTree = try tree(of: parent)
        let newTree = try tree(oldTree, changedBy: changes)
        if let oldTree, oldTree.id == newTree.id { return nil }
        return try made(.commit, newTree, parents: [parent].compactMap(\.self), subject, body)
    }

    /// Makes the objects of a merge commit, whose tree is HEAD's with `changes` made to it and whose
    /// parents are HEAD and `other`; moves nothing.
    ///
    /// It is made even where nothing changes, with the hooks that `git merge` runs.
    ///
    /// - Throws: `GitProblem` when there is no commit yet to merge into; as for other commits.
    public func prepareMerge(
        _ changes: [GitChange], with other: GitID, subject: Text, body: Text? = nil
    ) throws -> PreparedCommit {
        guard let head = try headCommit(), let oldTree = try tree(of: head) else {
            throw GitProblem("merge", "the branch has no commit yet")
        }
        let newTree = try tree(oldTree, changedBy: changes)
        return try made(.merge, newTree, parents: [head, try commit(other)], subject, body)
    }

    /// Gets ready to move the branch to a commit that was made from where it is, or anywhere when
    /// it has no commit yet; makes nothing, and runs no hook that could refuse.
    ///
    /// - Throws: `GitProblem` when the branch has commits that `other` has not.
    public func prepareFastForward(to other: GitID) throws -> PreparedCommit {
        let head = try headCommit()
        let found = try commit(other)
        if let head, try !isAncestor(head.id, of: other) {
            throw GitProblem(
                "fast-forward to \(other.hex)", "the branch has commits of its own")
        }
        guard let newTree = try tree(of: found) else {
            throw GitProblem("fast-forward to \(other.hex)", "the commit has no tree")
        }
        return PreparedCommit(
            id: other, parent: head?.id, kind: .fastForward, reference: try referenceOfHead(),
            oldTree: try tree(of: head), newTree: newTree, subject: found.subject)
    }

    /// Makes the objects of a commit that no branch gets, for who works out what would come of
    /// changes: the first parent's tree with these changes made to it.
    ///
    /// No hook runs, and nothing is signed. Nothing leads to the objects, so that git's
    /// housekeeping takes them away some day.
    ///
    /// - Throws: `GitProblem` when a parent is missing, or nobody is configured as committer.
    public func suppose(_ changes: [GitChange], after parents: [GitID]) throws -> GitID {
        let commits = try parents.map { try commit($0) }
        let newTree = try tree(try tree(of: commits.first), changedBy: changes)
        let committer = try GitIdentity.current(.committer, in: self)
        let text = try commitText("Suppose.\n", newTree, commits, committer, committer)
        var oid = git_oid()
        let code = Path(text).withCString {
            git_commit_create_with_signature(&oid, pointer, $0, nil, nil)
        }
        try check("store the commit", code)
        return GitID(oid)
    }

    /// Makes the commit; its first parent is where the branch is.
    private func made(
        _ kind: PreparedCommit.Kind, _ newTree: GitTree, parents: [GitCommit], _ subject: Text,
        _ body: Text?
    ) throws -> PreparedCommit {
        let author = try GitIdentity.current(.author, in: self)
        let committer = try GitIdentity.current(.committer, in: self)
        let message = try messageAfterHooks(
            Self.message(subject, body), tree: newTree, isMerge: kind == .merge)
        let text = try commitText(message, newTree, parents, author, committer)
        let signature = try signature(over: text, committer: committer)
        var oid = git_oid()
        let code = Path(text).withCString { content in
            guard let signature else {
                return git_commit_create_with_signature(&oid, pointer, content, nil, nil)
            }
            // The line feed at its end would become an empty line of the header.
            let end = signature.lastIndex { $0 != .newline } ?? -1
            return Path(signature[...end]).withCString {
                git_commit_create_with_signature(&oid, pointer, content, $0, "gpgsig")
            }
        }
        try check("store the commit", code)
        let commit = try self.commit(GitID(oid))
        return PreparedCommit(
            id: commit.id, parent: parents.first?.id, kind: kind,
            reference: try referenceOfHead(), oldTree: try tree(of: parents.first),
            newTree: newTree, subject: commit.subject)
    }

    private static func message(_ subject: Text, _ body: Text?) -> Text {
        let rest = body?.bytes.drop { $0 == .newline } ?? []
        guard let end = rest.lastIndex(where: { $0 != .newline }) else { return subject + "\n" }
        return "\(subject)\n\n\(Array(rest[...end]))\n"
    }

    /// Moves the branch to the commit, provided that it still is where it was when the commit was
    /// made.
    ///
    /// - Throws: `GitProblem` with `GIT_EMODIFIED` when somebody else moved it.
    public func publish(_ commit: PreparedCommit) throws {
        try StaleLocks(gitFolder: gitFolder, workTree: workTree).clear(
            forReference: commit.reference)
        var new = commit.id.oid
        var reference: OpaquePointer?
        let log = Path(commit.log.bytes)
        let code = log.withCString { log in
            guard var old = commit.parent?.oid else {
                return git_reference_create(&reference, pointer, commit.reference, &new, 0, log)
            }
            return git_reference_create_matching(
                &reference, pointer, commit.reference, &new, 1, &old, log)
        }
        git_reference_free(reference)
        try check("move \(commit.reference)", code)
    }

    /// Runs the hook that may not refuse any more, and git's own housekeeping when it is due.
    public func finish(_ commit: PreparedCommit) {
        runHookAfter(isMerge: commit.kind != .commit)
        collectGarbageIfDue()
    }

    private func commitText(
        _ message: Text, _ tree: GitTree, _ parents: [GitCommit], _ author: GitIdentity,
        _ committer: GitIdentity
    ) throws -> [UInt8] {
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        var pointers: [OpaquePointer?] = parents.map(\.pointer)
        let code = Path(message.bytes).withCString {
            git_commit_create_buffer(
                &buffer, pointer, author.pointer, committer.pointer, nil, $0, tree.pointer,
                pointers.count, &pointers)
        }
        try check("write the commit", code)
        return Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
    }

    /// The branch that HEAD stands for, born or not, or `HEAD` when it is detached.
    func referenceOfHead() throws -> String {
        if git_repository_head_detached(pointer) == 1 { return "HEAD" }
        var head: OpaquePointer?
        try check("read HEAD", git_reference_lookup(&head, pointer, "HEAD"))
        defer { git_reference_free(head) }
        guard let target = git_reference_symbolic_target(head) else { return "HEAD" }
        return String(cString: target)
    }

    /// As every `git commit` does: once enough loose objects have piled up, by git's own estimate
    /// (one of 256 folders with more than `gc.auto`/256 objects), `git gc --auto` packs them in the
    /// background.
    private func collectGarbageIfDue() {
        let limit =
            configuration.string("gc.auto").flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            ?? 6700
        guard limit > 0,
            // No such folder: no object in it.
            let sample = try? Files.names(in: gitFolder / "objects/17"), sample.count > limit / 256
        else { return }
        var child = ChildProcess("git", ["gc", "--auto", "--quiet"], environment: environment)
        child.directory = workTree
        child.output = .discarded
        child.error = .discarded
        child.detached = true
        // Housekeeping that does not start now starts after the next commit.
        try? child.start()
    }
}

extension PreparedCommit {
    /// The line for the branch's log.
    fileprivate var log: Text {
        switch kind {
        case .commit: parent == nil ? "commit (initial): \(subject)" : "commit: \(subject)"
        case .merge: "commit (merge): \(subject)"
        case .fastForward: "passel: Fast-forward"
        }
    }
}

extension GitRepository {
    /// Moves the branch back from a commit that must not stand, provided nobody built on it.
    public func takeBack(_ commit: PreparedCommit) throws {
        var reference: OpaquePointer?
        try check(
            "read \(commit.reference)", git_reference_lookup(&reference, pointer, commit.reference))
        defer { git_reference_free(reference) }
        guard var parent = commit.parent?.oid else {
            guard let now = git_reference_target(reference), GitID(now.pointee) == commit.id else {
                throw GitProblem("take back the commit", "the branch moved meanwhile")
            }
            try check("take back the commit", git_reference_delete(reference))
            return
        }
        var old = commit.id.oid
        var moved: OpaquePointer?
        let code = git_reference_create_matching(
            &moved, pointer, commit.reference, &parent, 1, &old, "passel: taken back")
        git_reference_free(moved)
        try check("take back the commit", code)
    }

    /// Whether the current branch contains the commit.
    public func contains(_ commit: GitID) throws -> Bool {
        guard let head = try headID() else { return false }
        // libgit2's own test of descent fails in a shallow clone.
        return try head == commit || graph(from: [head]).nodes.contains { $0.commit.id == commit }
    }
}
