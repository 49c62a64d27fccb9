import PasselCore
import PasselGit
import PasselTesting
import Testing

/// Merge commits, and a branch that moves on to a commit of others.
@Suite struct MergeTests {
    private let box: GitBox
    private let other: GitID

    /// Two branches that both changed something.
    init() throws {
        box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("branch", "theirs")
        try box.commit([file("b", "ours")], "Ours.")
        try box.git("checkout", "-q", "theirs")
        try box.commit([file("c", "theirs")], "Theirs.")
        other = try #require(GitID(hex: try box.git("rev-parse", "HEAD").utf8))
        try box.git("checkout", "-q", "main")
    }

    @Test func `a merge commit has both parents and the changes, and git finds nothing to say`()
        throws
    {
        let repository = try box.open()
        let commit = try repository.prepareMerge(
            [file("c", "theirs")], with: other, subject: "Merge office.", body: "Why.")
        try repository.publish(commit)
        try box.apply(file("c", "theirs"))
        try repository.stage([file("c", "theirs")])
        repository.finish(commit)
        #expect(try box.head("%s|%b") == "Merge office.|Why.\n")
        #expect(try box.head("%P") == "\(box.git("rev-parse", "main@{1}")) \(other.hex)")
        #expect(
            try box.git("reflog", "-1", "--format=%gs", "main") == "commit (merge): Merge office.")
        #expect(repository.summary(of: commit).bytes.text.hasPrefix("[main "))
        try box.expectClean()
        #expect(try box.git("merge", "theirs") == "Already up to date.")
    }

    @Test func `a merge that changes nothing is a commit all the same`() throws {
        let repository = try box.open()
        let before = try #require(try repository.headID())
        let commit = try repository.prepareMerge([], with: other, subject: "Ours stays.")
        try repository.publish(commit)
        #expect(try box.git("diff", "--name-only", before.hex, "main") == "")
        try repository.takeBack(commit)
        #expect(try repository.headID() == before)
        try box.expectClean()
    }

    @Test func `merging runs the hooks of git merge`() throws {
        let log = box.sandbox.root + "/log"
        try Disk.makeFolder(box.folder + "/.git/hooks")
        for hook in [
            "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit",
            "post-merge",
        ] {
            try Disk.write(
                "#!/bin/sh\necho \"\(hook) $# $2\" >> \(log)\n",
                to: "\(box.folder)/.git/hooks/\(hook)", mode: 0o755)
        }
        let repository = try box.open()
        let commit = try repository.prepareMerge([], with: other, subject: "Merge.")
        try repository.publish(commit)
        repository.finish(commit)
        #expect(
            Disk.read(log)?.text == """
                pre-merge-commit 0\u{20}
                prepare-commit-msg 2 merge
                commit-msg 1\u{20}
                post-merge 1\u{20}

                """)
    }

    @Test func `a hook can refuse a merge`() throws {
        try Disk.makeFolder(box.folder + "/.git/hooks")
        try Disk.write(
            "#!/bin/sh\nexit 3\n", to: box.folder + "/.git/hooks/pre-merge-commit", mode: 0o755)
        let problem = #expect(throws: GitProblem.self) {
            try box.open().prepareMerge([], with: other, subject: "Merge.")
        }
        #expect(problem?.isRefusal == true)
    }

    @Test func `a branch moves on to a commit that was made from where it is`() throws {
        try box.git("checkout", "-q", "-b", "behind", "main~1")
        let repository = try box.open()
        let commit = try repository.prepareFastForward(to: other)
        try repository.publish(commit)
        try box.apply(file("c", "theirs"))
        try repository.stage(pathsOf: commit.id, parent: commit.parent)
        repository.finish(commit)
        #expect(try repository.headID() == other)
        let summary = repository.summary(of: commit).bytes.text
        #expect(summary.hasPrefix("Updating ") && summary.contains("\nFast-forward\n"))
        #expect(try box.git("reflog", "-1", "--format=%gs", "behind") == "passel: Fast-forward")
        try box.expectClean()
    }

    @Test func `a move forward is taken back, and done again after a crash`() throws {
        try box.git("checkout", "-q", "-b", "behind", "main~1")
        let repository = try box.open()
        let commit = try repository.prepareFastForward(to: other)
        try repository.publish(commit)
        try repository.takeBack(commit)
        #expect(try repository.headID() == commit.parent)
        try repository.publish(other, after: commit.parent)
        #expect(try repository.headID() == other)
    }

    @Test func `a branch with commits of its own does not move to another's`() throws {
        let problem = #expect(throws: GitProblem.self) {
            try box.open().prepareFastForward(to: other)
        }
        #expect(problem?.message == "the branch has commits of its own")
        #expect(try box.head("%s") == "Ours.")
    }

    @Test func `a branch that moved meanwhile is left alone`() throws {
        let repository = try box.open()
        let commit = try repository.prepareMerge([], with: other, subject: "Merge.")
        try box.git("commit", "-q", "--allow-empty", "-m", "Meanwhile.")
        let problem = #expect(throws: GitProblem.self) { try repository.publish(commit) }
        #expect(problem?.isRace == true)
        #expect(try box.head("%s") == "Meanwhile.")
    }

    @Test func `a branch without commits begins where others are`() throws {
        let empty = box.sandbox.root + "/empty"
        try box.begin(empty)
        try box.git("-C", empty, "fetch", "-q", box.folder, "theirs")
        let repository = try box.open(empty)
        #expect(throws: GitProblem.self) {
            try repository.prepareMerge([], with: other, subject: "Merge.")
        }
        let commit = try repository.prepareFastForward(to: other)
        #expect(commit.parent == nil)
        try repository.publish(commit)
        #expect(try box.git("-C", empty, "rev-parse", "main") == other.hex)
    }

    @Test func `signed where the configuration asks for it`() throws {
        try box.git("config", "commit.gpgsign", "true")
        try box.git("config", "gpg.format", "ssh")
        let key = box.sandbox.root + "/key"
        _ = try box.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
        try box.git("config", "user.signingkey", key)
        let repository = try box.open()
        try repository.publish(repository.prepareMerge([], with: other, subject: "Signed."))
        #expect(try box.git("cat-file", "-p", "HEAD").contains("gpgsig -----BEGIN SSH"))
        try box.git("config", "commit.gpgsign", "false")
        #expect(try box.head("%s") == "Signed.")
    }
}
