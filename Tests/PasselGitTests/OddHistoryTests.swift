import PasselCore
import PasselTesting
import Testing

@testable import PasselGit

/// Histories that are short, cut off, damaged or made to deceive.
@Suite struct OddHistoryTests {
    private func subjects(_ box: GitBox, _ refs: HistoryRange) throws -> [String] {
        var found: [String] = []
        try box.open().walkHistory(refs: refs) { commit, _ in
            found.append(commit.subject.description)
        }
        return found
    }

    @Test func `a repository without commits has no history`() throws {
        let box = try GitBox()
        let repository = try box.open()
        #expect(try repository.headID() == nil)
        #expect(try repository.leaf(at: Bytes("a".utf8)) == nil)
        #expect(try repository.leaves().isEmpty)
        #expect(try repository.revisions(of: Bytes("a".utf8)).isEmpty)
        for refs in [HistoryRange.head, .all] {
            let extent = try repository.walkHistory(refs: refs) { _, _ in Issue.record() }
            #expect(!extent.isShallow && extent.skipped.isEmpty)
        }
    }

    @Test func `a branch without commits hides no other`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "First.")
        try box.git("checkout", "-q", "--orphan", "fresh")
        #expect(try subjects(box, .head) == [])
        #expect(try subjects(box, .all) == ["First."])
    }

    @Test func `a detached head counts, and so does what only it leads to`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1")], "First.")
        try box.git("checkout", "-q", "--detach")
        let second = try box.commit([file("a", "2")], "Second.")
        #expect(try subjects(box, .head) == ["First.", "Second."])
        #expect(try subjects(box, .all) == ["First.", "Second."])
        let revisions = try box.open().revisions(of: Bytes("a".utf8))
        #expect(revisions.map(\.commit.id) == [second.id, first.id])
    }

    @Test func `what only tags and the stash lead to is seen`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "First.")
        let tagged = try box.commit([file("a", "2")], "Second.")
        try box.git("tag", "-a", "-m", "t", "inner")
        try box.git("tag", "-a", "-m", "t", "outer", "inner")
        try box.git("tag", "-d", "inner")
        try box.git("reset", "-q", "--hard", "HEAD~1")
        try box.write("stashed", "a")
        try box.write("untracked", "b")
        try box.git("stash", "-u")
        var ids: Set<GitID> = []
        var commits: Set<GitID> = []
        try box.open().walkHistory(refs: .all) { commit, changes in
            commits.insert(commit.id)
            ids.formUnion(changes.compactMap(\.new?.id))
        }
        #expect(commits.contains(tagged.id))
        #expect(commits.count == 5)
        for text in ["1", "2", "stashed", "untracked"] {
            #expect(ids.contains(GitID(ofFile: Bytes(text.utf8))), "\(text)")
        }
        #expect(try subjects(box, .head) == ["First."])
    }

    @Test func `references that lead nowhere are skipped and told`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "First.")
        let missing = String(repeating: "12", count: 20)
        try box.write("rubbish\n", ".git/refs/heads/rubbish")
        try box.write("ref: refs/heads/none\n", ".git/refs/heads/dangling")
        try box.write(missing + "\n", ".git/refs/heads/missing")
        try box.git("tag", "blob", "HEAD:a")
        try box.git("tag", "-a", "-m", "t", "tree", "HEAD^{tree}")
        var count = 0
        let extent = try box.open().walkHistory(refs: .all) { _, _ in count += 1 }
        #expect(count == 1)
        let skipped = Set(extent.skipped.map(\.description))
        #expect(skipped == ["refs/heads/missing", "refs/tags/blob", "refs/tags/tree"])
    }

    @Test func `replacements and grafts change nothing`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1")], "First.")
        let second = try box.commit([file("a", "2")], "Second.")
        let third = try box.commit([file("a", "3")], "Third.")
        let other = try box.git("commit-tree", "-m", "Other.", "HEAD^{tree}")
        try box.git("replace", second.id.hex, other)
        try box.write("\(third.id.hex) \(first.id.hex)\n", ".git/info/grafts")
        let one = try box.git("rev-parse", "\(first.id.hex):a")
        try box.git("replace", one, try box.git("rev-parse", "\(third.id.hex):a"))
        #expect(try subjects(box, .head) == ["First.", "Second.", "Third."])
        #expect(try Set(subjects(box, .all)) == ["First.", "Second.", "Third.", "Other."])
        let repository = try box.open()
        let revisions = try repository.revisions(of: Bytes("a".utf8))
        let texts = try revisions.map { try repository.content(of: #require($0.leaf).id).text }
        #expect(texts == ["3", "2", "1"])
    }

    @Test func `a shallow clone says so`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1"), file("b", "1")], "First.")
        let second = try box.commit([file("a", "2")], "Second.")
        let third = try box.commit([file("a", "3")], "Third.")
        let clone = box.sandbox.root + "/clone"
        try box.git("clone", "-q", "--depth", "2", "file://" + box.folder, clone)
        try box.git("-C", clone, "branch", "side", "HEAD~1")
        #expect(try !box.open().isShallow())
        let repository = try box.open(clone)
        #expect(try repository.isShallow())
        var found: [HistoryCommit] = []
        let extent = try repository.walkHistory(refs: .all) { commit, changes in
            found.append(commit)
            #expect(changes.map(\.name.text) == (commit.isShallow ? ["a", "b"] : ["a"]))
        }
        #expect(extent.isShallow)
        #expect(found.map(\.id) == [second.id, third.id])
        #expect(found.map(\.isShallow) == [true, false])
        #expect(found.map(\.parents) == [[], [second.id]])
        let revisions = try repository.revisions(of: Bytes("b".utf8))
        #expect(revisions.map(\.commit.isShallow) == [true])
        #expect(try repository.contains(second.id) && !repository.contains(first.id))
    }

    @Test func `objects that are missing are an error`() throws {
        let box = try GitBox()
        let first = try box.commit([file("a", "1")])
        try box.commit([file("b", "1")])
        let hex = first.id.hex
        Disk.remove(box.folder + "/.git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))")
        let repository = try box.open()
        #expect(throws: GitProblem.self) { try repository.walkHistory(refs: .head) { _, _ in } }
        #expect(throws: GitProblem.self) { try repository.revisions(of: Bytes("a".utf8)) }
        #expect(try repository.leaves().count == 2)
    }

    @Test func `names are bytes`() throws {
        let box = try GitBox()
        let names: [Bytes] = [[0xFF, 0x2F, 0xFE], Bytes("a\nb\"\t".utf8), Bytes("e\u{301}".utf8)]
        let commit = try box.commit(names.map { GitChange($0, .file([1], executable: false)) })
        let repository = try box.open()
        #expect(try Set(repository.leaves().map(\.name)) == Set(names))
        for name in names {
            #expect(try repository.revisions(of: name).map(\.commit.id) == [commit.id])
        }
        #expect(try repository.revisions(of: Bytes("\u{e9}".utf8)).isEmpty)
    }

    /// Writes an object as it stands, however wrong.
    private func write(_ kind: String, _ content: Bytes, _ box: GitBox) throws -> String {
        box.sandbox.directory = box.folder
        let outcome = try box.sandbox.run(
            "git", ["hash-object", "-t", kind, "-w", "--literally", "--stdin"],
            input: .bytes(content))
        #expect(outcome.status == 0)
        return outcome.stdout.trimmed.text
    }

    /// Makes a commit of such a tree the newest.
    private func commit(tree: Bytes, _ box: GitBox) throws {
        let id = try write("tree", tree, box)
        let commit = try write("commit", Bytes("tree \(id)\nauthor a <b> 1 +0\n\nOdd.".utf8), box)
        try box.git("update-ref", "HEAD", commit)
    }

    private func item(_ mode: String, _ name: String, _ id: GitID) -> Bytes {
        Bytes("\(mode) \(name)".utf8) + [0] + id.bytes
    }

    @Test func `damaged folders are an error`() throws {
        let box = try GitBox()
        let id = try box.commit([file("a", "1")]).id
        let whole = item("100644", "a", id)
        let damaged: [Bytes] = [
            Bytes(whole.dropLast()), whole + [0x31], whole + Bytes("100644 b".utf8), [0],
            [0x20, 0],
            Bytes("100644".utf8) + [0], Bytes("100644".utf8) + [0] + id.bytes + whole,
            Bytes(repeating: 0x20, count: 21),
        ]
        for tree in damaged {
            try commit(tree: tree, box)
            let repository = try box.open()
            #expect(throws: GitProblem.self) { try repository.walkHistory(refs: .head) { _, _ in } }
            #expect(throws: GitProblem.self) { try repository.leaves() }
            #expect(throws: GitProblem.self) { try repository.revisions(of: Bytes("zz".utf8)) }
        }
    }

    @Test func `in folders that are not sorted nothing stays unseen`() throws {
        let box = try GitBox()
        let ids = (0..<5).map { GitID(ofFile: Bytes("\($0)".utf8)) }
        let inner = try #require(
            try GitID(hex: Bytes(write("tree", item("100644", "x", ids[0]), box).utf8)))
        let trees: [Bytes] = [
            item("100644", "b", ids[1]) + item("100644", "a", ids[2]),
            item("100644", "a", ids[2]) + item("100644", "b", ids[1]),
            item("100644", "a", ids[2]) + item("100644", "a", ids[3]),
            item("100644", "a/", ids[4]) + item("40000", "a", inner),
            item("40000", "a", inner) + item("40000", "a", inner) + item("100644", "a", ids[4]),
            item("100644", "", ids[1]) + item("40000", "", inner),
        ]
        func leaves(_ tree: Bytes) -> Set<GitID> {
            Set(
                ([inner] + ids).filter { tree.ranges(of: $0.bytes).count > 0 }.map {
                    $0 == inner ? ids[0] : $0
                })
        }
        for old in trees {
            for new in trees {
                try commit(tree: old, box)
                let before = try box.git("rev-parse", "HEAD")
                try commit(tree: new, box)
                let after = try box.git("rev-parse", "HEAD^{tree}")
                let text = "tree \(after)\nparent \(before)\nauthor a <b> 2 +0\n\nNew."
                try box.git("update-ref", "HEAD", try write("commit", Bytes(text.utf8), box))
                var seen: Set<GitID> = []
                try box.open().walkHistory(refs: .head) { _, changes in
                    seen.formUnion(changes.compactMap(\.new?.id))
                }
                #expect(seen == leaves(old).union(leaves(new)))
                #expect(try Set(box.open().leaves().map(\.leaf.id)) == leaves(new))
            }
        }
    }

    @Test func `folders without end are an error`() throws {
        let box = try GitBox()
        let deep = String(repeating: "a/", count: 3000) + "f"
        box.sandbox.directory = box.folder
        let text = "commit refs/heads/main\ncommitter a <b> 1 +0000\ndata 0\n"
        let imported = try box.sandbox.run(
            "git", ["fast-import", "--quiet"],
            input: .bytes(Bytes("\(text)M 644 inline \(deep)\ndata 1\nx\n".utf8)))
        #expect(imported.status == 0)
        let problem = try #require(throws: GitProblem.self) { try box.open().leaves() }
        #expect(problem.message == "they are too deep in each other")

        // Ten folders, each ten times in the next: ten thousand million names.
        var tree = item("100644", "f", GitID(ofFile: []))
        for _ in 0..<10 {
            let id = try #require(try GitID(hex: Bytes(write("tree", tree, box).utf8)))
            tree = (0..<10).flatMap { item("40000", "\($0)", id) }
        }
        try commit(tree: tree, box)
        let repository = try box.open()
        let head = try #require(try repository.headID())
        var reader = TreeReader(try repository.objects())
        reader.nameLimit = 10_000
        let other = try #require(throws: GitProblem.self) {
            try reader.differences(nil, repository.historyCommit(head).tree)
        }
        #expect(other.message == "they have too many names")
    }

    static let texts: [(String, String)] = [
        ("\n\nOdd.\n", "||0 0"),
        ("author\ncommitter \n\nOdd.", "||0 0"),
        ("author A <a> 5 +0000\ncommitter B <b> 5 +0000\n\nOdd.", "A|a|5 0"),
        ("author <> \ncommitter B <b> 5 +0000\n\nOdd.", "||0 0"),
        ("author A <<a>> 7 -1130\ncommitter B\n\nOdd.", "A|<a|7 -690"),
        ("author A B\ncommitter B\n\nOdd.", "A B||0 0"),
        ("author A <a> x y\ncommitter B <b> 5 +0000\n\nOdd.", "A|a|0 0"),
        ("author A <a> 99999999999999999999 +99999999999999999999\n\nOdd.", "A|a|0 0"),
        (
            "author A <a> 5 +0000\ncommitter B <b> 5 +0\ngpgsig x\n parent y\n\n\n Odd.\r\nn\n\nx",
            "A|a|5 0"
        ),
    ]

    @Test(arguments: texts) func `commits with odd texts are read`(
        text: String, author: String
    ) throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        let tree = try box.git("rev-parse", "HEAD^{tree}")
        let id = try write("commit", Bytes("tree \(tree)\n\(text)".utf8), box)
        let commit = try box.open().historyCommit(#require(GitID(hex: Bytes(id.utf8))))
        let found = commit.author
        #expect("\(found.name)|\(found.mail)|\(found.time) \(found.zone)" == author)
        #expect(commit.subject.description.contains("Odd."))
        #expect(commit.parents.isEmpty)
    }

    @Test func `a commit without a folder is an error`() throws {
        let box = try GitBox()
        for text in ["", "\n", "tree 12\n\nx", "author A <a> 5 +0000\n\nx", "parent x\n\n"] {
            let id = try write("commit", Bytes(text.utf8), box)
            let repository = try box.open()
            let commit = try #require(GitID(hex: Bytes(id.utf8)))
            #expect(throws: GitProblem.self) { try repository.historyCommit(commit) }
        }
    }
}
