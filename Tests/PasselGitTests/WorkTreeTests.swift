import Foundation
import PasselCore
import PasselGit
import PasselTesting
import Testing

/// What is not committed, found as `git status` finds it.
@Suite struct WorkTreeTests {
    private let box: GitBox

    init() throws {
        box = try GitBox()
        try box.commit([
            file("a.gpg", "1"), file("web/b.gpg", "1"), file("web/c.gpg", "1"),
            file("web/in/d.gpg", "1"), file("web-x.gpg", "1"), file("é ü/f.gpg", "1"),
            link("l", "a.gpg"),
        ])
    }

    /// Ours, in the words of `git status --porcelain`.
    private func expectSame(_ location: SourceLocation = #_sourceLocation) throws {
        let ours = try box.open().workTreeChanges().map { "\($0.kind) \($0.name.text)" }
        let status = try box.sandbox.run(
            "git", ["-C", box.folder, "status", "--porcelain", "-z", "-uall", "--no-renames"])
        var theirs: [String: String] = [:]
        // What is gone from the index and still there is said twice by git; the later counts.
        for line in status.stdout.split(separator: 0) {
            let code = Bytes(line.prefix(2)).text
            var name = Bytes(line.dropFirst(3)).text
            if name.hasSuffix("/") { name.removeLast() }
            let kind =
                switch code {
                case "??": "untracked"
                case "DD", "AU", "UD", "UA", "DU", "AA", "UU": "conflicted"
                case let both where both.hasSuffix("D"): "removed"
                case let both where both.hasSuffix(" "): "staged"
                default: "modified"
                }
            theirs[name] = kind
        }
        #expect(
            ours.sorted() == theirs.map { "\($0.value) \($0.key)" }.sorted(),
            sourceLocation: location)
    }

    @Test(arguments: [2, 4]) func `every kind of change is found`(version: Int) throws {
        try box.git("update-index", "--index-version", "\(version)")
        try expectSame()
        try box.write("22", "web/b.gpg")
        try box.write("new", "web/new.gpg")
        try box.write("new", "fresh/in/x.gpg")
        Disk.remove(box.folder + "/web/in/d.gpg")
        try expectSame()
        try box.git("add", "-A")
        try expectSame()
        try box.write("333", "web/b.gpg")
        try box.write("intent", "intent.gpg")
        try box.git("add", "-N", "intent.gpg")
        try box.git("rm", "-q", "--cached", "web-x.gpg")
        Disk.remove(box.folder + "/web")
        try expectSame()
        Disk.remove(box.folder + "/l")
        try box.write("now a file", "l")
        Disk.remove(box.folder + "/a.gpg")
        try box.write("now a folder", "a.gpg/x.gpg")
        try expectSame()
    }

    @Test func `a change of the same size in the same moment is found`() throws {
        for number in 0..<20 {
            try box.commit([file("a.gpg", "\(number % 10)")])
            try box.write("\((number + 1) % 10)", "a.gpg")
            #expect(try box.open().workTreeChanges().map(\.name.text) == ["a.gpg"])
            try box.git("checkout", "-q", "--", ".")
            #expect(try box.open().workTreeChanges() == [])
        }
    }

    @Test func `times that moved are no change`() throws {
        _ = try box.run("touch", ["-d", "2001-02-03", box.folder + "/a.gpg"])
        #expect(try box.open().workTreeChanges() == [])
        _ = try box.run("chmod", ["755", box.folder + "/a.gpg"])
        try expectSame()
        try box.git("config", "core.fileMode", "false")
        #expect(try box.open().workTreeChanges() == [])
    }

    @Test func `what git is told to ignore is left out, and tracked all the same when it is`()
        throws
    {
        try box.write("*.tmp\n/web/in/\nplain\n!keep.tmp\n", ".gitignore")
        for name in ["x.tmp", "web/in/y", "web/in/deep/z", "plain/a", "keep.tmp", "é ü/x.tmp", "w"]
        { try box.write("x", name) }
        try box.write("changed", "web/in/d.gpg")
        try box.write("here.gpg\n", ".git/info/exclude")
        try box.write("x", "here.gpg")
        try expectSame()
    }

    @Test func `a conflict of a merge is one name`() throws {
        try box.git("checkout", "-q", "-b", "side")
        try box.commit([file("a.gpg", "side"), nothing("web/b.gpg")])
        try box.git("checkout", "-q", "main")
        try box.commit([file("a.gpg", "main"), file("web/b.gpg", "main")])
        _ = try box.run("git", ["merge", "side"])
        try expectSame()
        #expect(
            try box.open().workTreeChanges().map { "\($0.kind) \($0.name.text)" }
                == ["conflicted a.gpg", "conflicted web/b.gpg"])
    }

    @Test func `other repositories and files nobody is to look at`() throws {
        let inner = box.folder + "/nested"
        try Disk.makeFolder(inner)
        try box.begin(inner)
        try box.write("x", "nested/x")
        try expectSame()
        try box.git("update-index", "--skip-worktree", "a.gpg")
        try box.git("update-index", "--assume-unchanged", "web-x.gpg")
        Disk.remove(box.folder + "/a.gpg")
        Disk.remove(box.folder + "/web-x.gpg")
        try expectSame()
    }

    @Test func `a split index is left to git`() throws {
        try box.git("update-index", "--split-index")
        try box.write("2", "a.gpg")
        try box.write("2", "new file")
        Disk.remove(box.folder + "/web/in/d.gpg")
        try expectSame()
    }

    @Test func `before the first commit, and without an index`() throws {
        let fresh = try GitBox()
        try fresh.write("x", "a")
        #expect(try fresh.open().workTreeChanges().map(\.kind) == [.untracked])
        try fresh.git("add", "a")
        #expect(try fresh.open().workTreeChanges().map(\.kind) == [.staged])
        Disk.remove(box.folder + "/.git/index")
        try expectSame()
    }

    @Test func `files that git stores in another form are compared as git does`() throws {
        try box.write("*.txt text eol=crlf\n", ".gitattributes")
        try box.git("add", ".gitattributes")
        try box.write("one\r\ntwo\r\n", "x.txt")
        try box.git("add", "x.txt")
        try box.git("commit", "-qm", "Text.")
        _ = try box.run("touch", ["-d", "2001-02-03", box.folder + "/x.txt"])
        #expect(try box.open().workTreeChanges() == [])
    }

    @Test func `a damaged index ends nothing`() throws {
        let path = box.folder + "/.git/index"
        let whole = try #require(Disk.read(path))
        var random: UInt64 = 5
        for _ in 0..<300 {
            var bytes = whole
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(random >> 33) % bytes.count] = UInt8(truncatingIfNeeded: random >> 13)
            if random & 7 == 0 { bytes.removeLast(Int(random >> 40) % bytes.count) }
            Disk.remove(path)
            try Disk.write(bytes, to: Bytes(path.utf8), mode: 0o644)
            _ = try? box.open().workTreeChanges()  // whatever it says, it comes back
        }
    }

    @Test func `ten thousand entries are looked at in a moment`() throws {
        let big = try GitBox()
        for folder in 0..<100 {
            try Disk.makeFolder("\(big.folder)/f\(folder)")
            for entry in 0..<100 {
                try Disk.write(
                    "x\(folder) \(entry)", to: "\(big.folder)/f\(folder)/e\(entry).gpg",
                    mode: 0o644)
            }
        }
        try big.git("add", "-A")
        try big.git("commit", "-qm", "All.")
        try big.git("gc", "-q")
        try big.commit([file("f3/e4.gpg", "changed")])
        let repository = try big.open()
        #expect(try repository.workTreeChanges() == [])
        let start = ContinuousClock.now
        for _ in 0..<5 { #expect(try repository.workTreeChanges() == []) }
        print("work tree of 10,000 entries: \((ContinuousClock.now - start) / 5)")
    }
}
