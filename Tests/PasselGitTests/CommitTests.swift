import PasselCore
import PasselGit
import PasselTesting
import Testing

/// Commits that contain what `git commit` would.
@Suite struct CommitTests {
    /// Names for which the test's own table needs no folder.
    private static let odd: [Bytes] = [
        [0xFF, 0xFE], Bytes("a\nb".utf8), Bytes("it's \"q\"".utf8), Bytes("e\u{301}/é".utf8),
        Bytes("-f".utf8), Bytes("a.gpg.lock".utf8), Bytes("sp ace/ x".utf8), Bytes("COM1".utf8),
        Bytes("back\\slash".utf8), Bytes(".gitattributes".utf8),
    ]

    static let cases: [(String, [[GitChange]])] = [
        ("a first file", [[file("a.gpg", "1")]]),
        ("a file deep down", [[file("a/b/c/d/e.gpg", "1")]]),
        (
            "several files",
            [[file("a/1", "1"), file("a/2", "2"), file("b", "3"), file("a/c/1", "4")]]
        ),
        ("a changed file", [[file("a/x", "1"), file("b", "1")], [file("a/x", "2")]]),
        ("a removed file", [[file("a", "1"), file("b", "1")], [nothing("a")]]),
        ("the last file of a folder", [[file("a/x", "1"), file("b", "1")], [nothing("a/x")]]),
        (
            "the last file of folders",
            [[file("a/b/c/x", "1"), file("a/y", "1")], [nothing("a/b/c/x")]]
        ),
        ("everything", [[file("a/b/x", "1"), file("c", "1")], [nothing("a/b/x"), nothing("c")]]),
        ("a renamed file", [[file("a/x", "1")], [nothing("a/x"), file("b/x", "1")]]),
        ("a file replaced by a folder", [[file("a", "1")], [nothing("a"), file("a/b/c", "2")]]),
        (
            "a folder replaced by a file",
            [
                [file("a/b/c", "1"), file("a/d", "1")],
                [nothing("a/b/c"), nothing("a/d"), file("a", "2")],
            ]
        ),
        (
            "a folder's folder replaced by a file",
            [
                [file("a/b/c", "1"), file("a/d", "1")],
                [nothing("a/b/c"), file("a/b", "2")],
            ]
        ),
        ("a link", [[link("l", "../x y")], [link("l", "other")]]),
        ("a link replaced by a file", [[link("l", "x")], [nothing("l")], [file("l", "1")]]),
        ("an executable", [[file("run", "1", executable: true)], [file("run", "1")]]),
        ("an empty file", [[file("empty", "")]]),
        (
            "odd names",
            [
                odd.map { GitChange($0, .file([0x31], executable: false)) },
                odd.map { GitChange($0, .nothing) } + [file("z", "1")],
            ]
        ),
        (
            "names that sort around a slash",
            [
                [file("a/x", "1"), file("a-b", "1"), file("a.b", "1")],
                [file("a0", "1"), nothing("a-b")],
            ]
        ),
        ("something that was not there", [[file("a", "1")], [nothing("b/c"), file("d", "1")]]),
        ("many files", [(0..<300).map { file("d\($0 % 7)/e\($0 % 3)/n\($0)", "\($0)") }]),
    ]

    @Test(arguments: cases) func `the tree is git's`(_ case: String, steps: [[GitChange]]) throws {
        let ours = try GitBox()
        let theirs = try GitBox()
        for step in steps {
            try ours.commit(step)
            for change in step.filter(\.removes) { try theirs.apply(change) }
            for change in step.filter({ !$0.removes }) { try theirs.apply(change) }
            try theirs.git("add", "-A", ".")
            try theirs.git("commit", "-q", "--allow-empty", "-m", "Change.")
            #expect(try ours.head("%T") == theirs.head("%T"))
            try ours.expectClean()
        }
        #expect(try ours.git("ls-files", "-s", "-z") == theirs.git("ls-files", "-s", "-z"))
    }

    @Test func `a commit that changes nothing is not made`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        let repository = try box.open()
        #expect(try repository.prepare([file("a", "1")], subject: "x") == nil)
        #expect(try repository.prepare([nothing("b"), nothing("c/d")], subject: "x") == nil)
        #expect(try repository.prepare([], subject: "x") == nil)
    }

    @Test func `who, when and what is written as git writes it`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "Add given password for a to store.")
        let ours = try box.git("cat-file", "commit", "HEAD")
        try box.git("commit", "--amend", "-q", "--reset-author", "--no-edit")
        let theirs = try box.git("cat-file", "commit", "HEAD")
        func withoutTime(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                String($0.replacing(/> \d+ [+-]\d{4}$/, with: "> TIME"))
            }
        }
        #expect(withoutTime(ours) == withoutTime(theirs))
        #expect(
            try box.git("log", "-g", "--format=%gs").hasSuffix(
                "commit (initial): Add given password for a to store."))
    }

    @Test func `subjects keep their bytes`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "Remove 'ä\"$(x)' from store.")
        #expect(try box.head("%B") == "Remove 'ä\"$(x)' from store.\n")
        let subject = Text(Bytes("Remove ".utf8) + [0xFF] + Bytes(" from store.".utf8))
        try box.commit([file("a", "2")], subject)
        let raw = try box.run("git", ["cat-file", "commit", "HEAD"]).stdout
        #expect(raw.lines.last == subject.bytes)
    }

    @Test(arguments: [
        ("More.\n\nKey: 1\nKey: 2", "More.\n\nKey: 1\nKey: 2\n"), ("\n\nKey: 1\n\n", "Key: 1\n"),
    ]) func `a message may have a body with trailers`(body: Text, rest: String) throws {
        let box = try GitBox()
        let repository = try box.open()
        let changes = [file("a", "1")]
        let prepared = try repository.prepare(changes, subject: "Do it.", body: body)
        let commit = try #require(prepared)
        try repository.publish(commit)
        #expect(try box.head("%B") == "Do it.\n\n" + rest)
        #expect(try box.git("log", "-g", "--format=%gs") == "commit (initial): Do it.")
        let found = try repository.historyCommit(commit.id)
        let keys = try box.head("%(trailers:only,unfold)")
        #expect(found.trailers.map { "\($0.key): \($0.value)\n" }.joined() == keys)
        #expect(found.subject == "Do it.")
    }

    @Test(arguments: ["", "\n\n"]) func `an empty body is none`(body: Text) throws {
        let box = try GitBox()
        let repository = try box.open()
        let prepared = try repository.prepare([file("a", "1")], subject: "Do it.", body: body)
        #expect(try repository.historyCommit(#require(prepared).id).message == "Do it.\n")
    }

    @Test func `who commits is known beforehand`() throws {
        let box = try GitBox()
        try box.git("config", "user.name", "Ann É")
        let identity = try box.open().identity()
        #expect(identity.name == "Ann É" && identity.mail == "ann@example.org")
        box.sandbox.set("GIT_AUTHOR_DATE", "1600000000 -0130")
        let dated = try box.open().identity()
        #expect(dated.time == 1_600_000_000 && dated.zone == -90)
    }

    @Test func `what others staged stays staged and uncommitted`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1"), file("other", "1"), file("gone", "1")])
        try box.write("2", "other")
        try box.write("new", "fresh")
        try box.git("add", "other", "fresh")
        try box.git("rm", "-q", "--cached", "gone")
        try box.write("untracked", "loose")
        let staged = try box.git("diff", "--cached", "--name-status")
        try box.commit([file("a", "2"), file("b/c", "1")])
        #expect(try box.git("show", "--format=", "--name-status", "HEAD") == "M\ta\nA\tb/c")
        #expect(try box.git("diff", "--cached", "--name-status") == staged)
        #expect(try box.git("status", "--porcelain").contains("?? loose"))
    }

    @Test func `our content wins over another that was staged for the same name`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.write("staged", "a")
        try box.git("add", "a")
        try box.commit([file("a", "2")])
        try box.expectClean()
        #expect(try box.git("show", "HEAD:a") == "2")
    }

    @Test func `an index that is not there yet is made`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("rm", "-q", "--cached", "a")
        Disk.remove(box.folder + "/.git/index")
        try box.commit([file("b", "1")])
        #expect(try box.git("ls-files") == "b")
        #expect(try box.git("show", "--format=", "--name-only", "HEAD") == "b")
    }

    @Test(arguments: ["version 4", "untracked cache", "split"])
    func `an index of another kind is understood`(kind: String) throws {
        let box = try GitBox()
        try box.commit([file("a/x", "1"), file("a/y", "1"), file("b", "1")])
        switch kind {
        case "version 4": try box.git("update-index", "--index-version", "4")
        case "split": try box.git("update-index", "--split-index")
        default: try box.git("update-index", "--force-untracked-cache")
        }
        try box.commit([file("a/x", "2"), nothing("b")])
        try box.expectClean()
    }
}

extension GitChange {
    var removes: Bool {
        if case .nothing = content { return true }
        return false
    }
}
