import PasselCore
import PasselGit
import PasselTesting
import Testing

/// How the branch moves, and how it does not.
@Suite struct BranchTests {
    @Test func `the branch of the work tree moves, whichever it is`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("checkout", "-q", "-b", "team/work")
        try box.commit([file("a", "2")], "Second.")
        #expect(try box.git("log", "--format=%s", "team/work") == "Second.\nChange.")
        #expect(try box.git("log", "--format=%s", "main") == "Change.")
        #expect(try box.git("symbolic-ref", "HEAD") == "refs/heads/team/work")
    }

    @Test func `a branch without commits begins with ours`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("checkout", "-q", "--orphan", "fresh")
        try box.git("rm", "-rfq", ".")
        try box.commit([file("b", "1")], "First.")
        #expect(try box.git("log", "--format=%s %P", "fresh") == "First. ")
        #expect(try box.git("ls-tree", "-r", "--name-only", "HEAD") == "b")
        try box.expectClean()
    }

    @Test func `a detached head moves alone`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("checkout", "-q", "--detach")
        try box.commit([file("a", "2")], "Detached.")
        #expect(try box.head("%s") == "Detached.")
        #expect(try box.git("log", "--format=%s", "main") == "Change.")
        #expect(try box.run("git", ["symbolic-ref", "-q", "HEAD"]).status == 1)
        try box.expectClean()
    }

    @Test func `packed references move too`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("pack-refs", "--all")
        try box.git("gc", "-q")
        try box.commit([file("a", "2")], "Second.")
        #expect(try box.git("log", "--format=%s") == "Second.\nChange.")
        try box.expectClean()
    }

    @Test func `a branch that somebody else moved is left alone`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        let repository = try box.open()
        let commit = try #require(try repository.prepare([file("a", "2")], subject: "Ours."))
        try box.git("commit", "-q", "--allow-empty", "-m", "Theirs.")
        let problem = try #require(throws: GitProblem.self) { try repository.publish(commit) }
        #expect(problem.isRace && !problem.isRefusal)
        #expect(try box.git("log", "--format=%s") == "Theirs.\nChange.")
        let second = try #require(try repository.prepare([file("a", "2")], subject: "Ours."))
        try repository.publish(second)
        #expect(try box.git("log", "--format=%s") == "Ours.\nTheirs.\nChange.")
    }

    @Test func `a first commit does not take the place of another's`() throws {
        let box = try GitBox()
        let repository = try box.open()
        let commit = try #require(try repository.prepare([file("a", "1")], subject: "Ours."))
        try box.git("commit", "-q", "--allow-empty", "-m", "Theirs.")
        let problem = try #require(throws: GitProblem.self) { try repository.publish(commit) }
        #expect(problem.isRace)
        #expect(try box.git("log", "--format=%s") == "Theirs.")
    }

    @Test func `a commit is taken back as long as nobody built on it`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        let repository = try box.open()
        let commit = try #require(try repository.prepare([file("a", "2")], subject: "Ours."))
        try repository.publish(commit)
        try repository.takeBack(commit)
        #expect(try box.git("log", "--format=%s") == "Change.")
        try repository.publish(commit)
        try box.git("commit", "-q", "--allow-empty", "-m", "Theirs.")
        #expect(throws: GitProblem.self) { try repository.takeBack(commit) }
        #expect(try box.git("log", "--format=%s") == "Theirs.\nOurs.\nChange.")
    }

    @Test func `a first commit is taken back only by itself`() throws {
        let box = try GitBox()
        let repository = try box.open()
        let commit = try #require(try repository.prepare([file("a", "1")], subject: "Ours."))
        try repository.publish(commit)
        try repository.takeBack(commit)
        #expect(try box.run("git", ["rev-parse", "-q", "--verify", "HEAD"]).status != 0)
        #expect(try repository.headCommit() == nil)
        try repository.publish(commit)
        try box.git("commit", "-q", "--allow-empty", "-m", "Theirs.")
        #expect(throws: GitProblem.self) { try repository.takeBack(commit) }
        #expect(try box.git("log", "--format=%s") == "Theirs.\nOurs.")
    }

    @Test func `a branch contains what it was built on and nothing else`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1")])
        let second = try box.commit([file("a", "2")])
        try box.git("checkout", "-q", "-b", "side", first.id.hex)
        let side = try box.commit([file("b", "1")])
        let repository = try box.open()
        #expect(try repository.contains(first.id))
        #expect(try repository.contains(side.id))
        #expect(try !repository.contains(second.id))
        let missing = try #require(GitID(hex: Bytes(String(repeating: "12", count: 20).utf8)))
        #expect(try !repository.contains(missing))
        #expect(try !GitBox().open().contains(first.id))
    }

    @Test func `a commit found again is published and staged`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1"), file("gone", "1"), file("same", "1")])
        let changes = [file("a", "2"), nothing("gone"), file("d/new", "1"), link("l", "a")]
        let prepared = try #require(try box.open().prepare(changes, subject: "Late."))
        for change in changes { try box.apply(change) }
        let repository = try box.open()
        try repository.publish(prepared.id, after: first.id)
        try repository.stage(pathsOf: prepared.id, parent: first.id)
        #expect(try box.git("log", "--format=%s") == "Late.\nChange.")
        try box.expectClean()
        #expect(throws: GitProblem.self) { try repository.publish(prepared.id, after: first.id) }
    }

    @Test func `content comes back from a commit as it is`() throws {
        let box = try GitBox()
        try box.write("* text eol=crlf ident\n", ".git/info/attributes")
        try box.git("config", "core.autocrlf", "true")
        let text = "a\nb\r\n$Id$\n"
        try box.commit([file("f", text)])
        let repository = try box.open()
        let tree = try #require(try repository.tree(of: repository.headCommit()))
        let id = try #require(tree.blob(at: Bytes("f".utf8)))
        #expect(try repository.content(of: id).text == text)
        #expect(tree.blob(at: Bytes("none".utf8)) == nil)
    }
}
