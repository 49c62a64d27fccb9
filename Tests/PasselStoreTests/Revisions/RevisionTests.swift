import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct RevisionTests {
    private let box: StoreBox

    init() throws { box = try StoreBox() }

    private func insert(_ name: String, _ text: String) throws {
        try box.store.makeFolders(Path(box.path(name)).parent)
        try box.store.put(
            Secret(plain: text), in: Path(box.path(name + ".gpg")), known: .anything,
            subject: CommitSubject.insert(Text(name.utf8)))
    }

    private func move(_ old: String, _ new: String) throws {
        let move = try Relocation(
            Path(old), to: Path(new), isMove: true, in: box.store)
        try box.store.relocate(move)
    }

    private func version(_ name: String, _ revision: String) throws -> String {
        let version = try box.store.version(of: Path(name), at: Text(revision.utf8))
        return try box.store.read(version).withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func problem(_ body: () throws -> Void) throws -> String {
        let problem = #expect(throws: Problem.self) { try body() }
        return try #require(problem).message.bytes.text
    }

    @Test func `an entry that was renamed there and back has one history`() throws {
        try insert("a", "1\n")
        try move("a", "b")
        try insert("b", "2\n")
        try move("b", "a")
        try insert("a", "3\n")
        let found = try box.store.revisions(of: "a")
        #expect(found.map { $0.name.repaired } == ["a", "a", "b", "b", "a"])
        #expect(try version("a", "HEAD~2") == "2\n")
        #expect(try version("a", "HEAD~3") == "1\n")
        #expect(try version("a", "HEAD~4") == "1\n")
    }

    @Test func `another entry that got the old name later is not taken for it`() throws {
        try insert("a", "old\n")
        try move("a", "b")
        try insert("a", "another\n")
        try box.store.remove(Path(box.path("b.gpg")), subject: "Remove b from store.")
        #expect(try version("b", "HEAD~1") == "old\n")
        #expect(try version("b", "HEAD~3") == "old\n")
        #expect(
            try problem { _ = try box.store.version(of: "b", at: "HEAD") }
                == "b was not in the store at HEAD")
        #expect(try version("a", "HEAD") == "another\n")
    }

    @Test(arguments: [
        "-h", "--output=x", "", "HEAD:a.gpg", "nothing", "HEAD~99", "../../etc/passwd",
        "/etc/passwd", "a.gpg", "HEAD^{tree}", "1", "\u{0}HEAD",
    ])
    func `what is no commit is no revision`(name: String) throws {
        try insert("a", "1\n")
        #expect(throws: Problem.self) {
            _ = try box.store.version(of: "a", at: Text(name.utf8))
        }
        #expect(try box.git("status", "--short") == "")
    }

    @Test func `the names of git mean what they mean to git`() throws {
        try insert("a", "1\n")
        try box.git("tag", "-a", "-m", "first", "v1")
        try insert("a", "2\n")
        let id = try box.git("rev-parse", "HEAD")
        for name in ["HEAD", "main", "@", id, String(id.prefix(8)), "refs/heads/main", "@{0}"] {
            #expect(try version("a", name) == "2\n", "\(name)")
        }
        for name in ["HEAD~", "HEAD^", "v1", "main@{1}", "HEAD^1"] {
            #expect(try version("a", name) == "1\n", "\(name)")
        }
    }

    @Test func `undone is what a later commit took back and no other brought back`() throws {
        func undone(_ subject: Text) -> String? { LocalChange.undone(by: subject) }
        #expect(undone("Undo 1a2b3c4d5e6f: Add given password for x to store.") == "1a2b3c4d5e6f")
        for subject in [
            "Undo 1a2b3c4d5e6: x", "Undo 1a2b3c4d5e6ff: x", "undo 1a2b3c4d5e6f: x",
            "Undo 1a2b3c4d5e6f", "Undo", "",
        ] as [Text] {
            #expect(undone(subject) == nil)
        }
        try insert("a", "1\n")
        try insert("a", "2\n")
        for expected in ["1\n", "2\n", "1\n", "2\n"] {
            _ = try box.store.undo(nil)
            #expect(box.text("a") == expected)
        }
        try box.expectSettled()
    }

    @Test func `what others took back already is left out`() throws {
        try insert("a", "1\n")
        try insert("b", "1\n")
        try insert("a", "2\n")
        let id = try box.git("rev-parse", "HEAD").prefix(12)
        // As it comes from another clone: not by a commit of this one.
        try box.git("commit", "-q", "--allow-empty", "-m", "Undo \(id): x")
        let head = try box.git("rev-parse", "HEAD")
        try box.git("update-ref", "-m", "pull: Fast-forward", "refs/heads/main", "HEAD~1")
        try box.git("reflog", "delete", "--rewrite", "main@{1}")
        try box.git("update-ref", "-m", "pull: Fast-forward", "refs/heads/main", head)
        let undoing = try box.store.undo(nil, dryRun: true)
        #expect(undoing.effects.map(\.name) == ["b"])
        #expect(undoing.effects.map(\.effect) == [.removed])
        #expect(box.exists("b.gpg"))
    }

    @Test func `nothing outside of the store is undone, nor behind a link`() throws {
        try insert("web/a", "1\n")
        try insert("web/a", "2\n")
        try Disk.makeFolder(box.sandbox.root + "/elsewhere")
        try box.git("mv", "web", "real")
        try box.link("real", "web")
        let head = try box.git("rev-parse", "HEAD")
        _ = try problem { _ = try box.store.undo(nil) }
        #expect(try box.git("rev-parse", "HEAD") == head)
        #expect(box.text("real/a") == "2\n")
    }

    @Test func `one of many fields is put back where it is`() throws {
        try insert("a", "s\nurl: 1\nlogin: x\nurl: 2\n")
        try insert("a", "t\nurl: 3\nlogin: y\n")
        let restoring = try box.store.restore("a", at: "HEAD~1", field: "url")
        #expect(restoring.isChanged)
        #expect(box.text("a") == "t\nurl: 1\nurl: 2\nlogin: y\n")
        #expect(try box.subjects().first?.hasPrefix("Restore url of a from ") == true)
        #expect(try !box.store.restore("a", at: "HEAD", field: "url").isChanged)
    }

    @Test func `old versions are for the readers of today`() throws {
        try insert("a", "1\n")
        try insert("a", "2\n")
        try box.list("ann\nbob\n")
        try box.commitAll()
        _ = try box.store.restore("a", at: "HEAD~2")
        #expect(try box.isFor("a", "ann", "bob"))
        #expect(box.text("a") == "1\n")
        _ = try box.store.undo(nil)
        #expect(try box.isFor("a", "ann", "bob"))
        #expect(box.text("a") == "2\n")
    }
}
