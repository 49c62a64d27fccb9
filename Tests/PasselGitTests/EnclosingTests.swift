import Glibc
import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@Suite struct EnclosingTests {
    private func workTree(_ box: GitBox, _ folder: String, store: String? = nil) throws -> String? {
        try GitRepository.enclosing(
            Path(folder), store: Path(store ?? box.folder),
            environment: ProcessEnvironment(box.sandbox.environment))?.workTree.repaired
    }

    @Test func `every folder of a store is in its repository, there or not`() throws {
        let box = try GitBox()
        try Disk.makeFolder(box.folder + "/web/shop")
        for folder in ["", "/", "/web", "/web/shop/", "/web/none/deeper", "/none"] {
            #expect(try workTree(box, box.folder + folder) == box.folder)
        }
        #expect(try box.open().gitFolder.repaired == box.folder + "/.git")
    }

    @Test func `a repository around the store is not the store's`() throws {
        let box = try GitBox("outer")
        let store = box.folder + "/store"
        try Disk.makeFolder(store + "/web")
        #expect(try workTree(box, store, store: store) == nil)
        #expect(try workTree(box, store + "/web", store: store) == nil)
        try box.begin(store)
        #expect(try workTree(box, store + "/web", store: store) == store)
    }

    @Test func `of nested repositories the innermost counts`() throws {
        let box = try GitBox()
        try Disk.makeFolder(box.folder + "/team/web")
        try box.begin(box.folder + "/team")
        #expect(try workTree(box, box.folder + "/team/web") == box.folder + "/team")
        #expect(try workTree(box, box.folder + "/team/none") == box.folder + "/team")
        #expect(try workTree(box, box.folder + "/other") == box.folder)
    }

    @Test func `a store that is a link is where the link leads`() throws {
        let box = try GitBox("real")
        let link = box.sandbox.root + "/link"
        #expect(symlink(box.folder, link) == 0)
        #expect(try workTree(box, link, store: link) == box.folder)
        #expect(try workTree(box, link + "/none", store: link) == box.folder)
        let repository = try #require(
            try GitRepository.enclosing(
                Path(link), store: Path(link),
                environment: ProcessEnvironment(box.sandbox.environment)))
        #expect(repository.name(of: Path(link + "/web/x.gpg"))?.text == "web/x.gpg")
        #expect(repository.name(of: Path(box.folder + "/x.gpg"))?.text == "x.gpg")
        #expect(repository.name(of: Path(box.sandbox.root + "/elsewhere")) == nil)
    }

    @Test func `a link out of the store leads to the repository around its target`() throws {
        let box = try GitBox()
        let other = box.sandbox.root + "/other"
        try Disk.makeFolder(other + "/inner")
        #expect(symlink(other + "/inner", box.folder + "/out") == 0)
        #expect(try workTree(box, box.folder + "/out") == nil)
        try box.begin(other)
        #expect(try workTree(box, box.folder + "/out") == other)
    }

    @Test func `a work tree of another repository is one`() throws {
        let box = try GitBox("main")
        try box.write("x", "a")
        try box.git("add", "a")
        try box.git("commit", "-qm", "a")
        let second = box.sandbox.root + "/second"
        try box.git("worktree", "add", "-q", "-b", "second", second)
        let repository = try box.open(second)
        #expect(repository.workTree.repaired == second)
        #expect(repository.gitFolder.repaired == box.folder + "/.git/worktrees/second")
        try box.git("init", "-q", "--separate-git-dir", box.sandbox.root + "/git", box.folder)
        #expect(try box.open().gitFolder.repaired == box.sandbox.root + "/git")
    }

    @Test func `a bare repository is none`() throws {
        let box = try GitBox()
        try box.git("config", "core.bare", "true")
        #expect(try workTree(box, box.folder) == nil)
    }

    @Test func `a folder called .git that is no repository is passed over, as by git`() throws {
        let box = try GitBox()
        try Disk.makeFolder(box.folder + "/web/.git")
        let asked = try box.git("-C", box.folder + "/web", "rev-parse", "--show-toplevel")
        #expect(asked == box.folder)
        #expect(try workTree(box, box.folder + "/web") == box.folder)
    }

    @Test func `variables about another repository have no effect`() throws {
        let box = try GitBox()
        box.sandbox.set("GIT_DIR", "/nonexistent")
        box.sandbox.set("GIT_WORK_TREE", "/nonexistent")
        #expect(try workTree(box, box.folder) == box.folder)
    }

    @Test func `tracked and ignored names are known`() throws {
        let box = try GitBox()
        #expect(try !box.open().isTracked(Bytes("a".utf8)))
        try box.commit([file("web/a", "1"), file(".gitignore", "*.tmp\n")])
        let repository = try box.open()
        #expect(repository.isTracked(Bytes("web/a".utf8)))
        #expect(!repository.isTracked(Bytes("web".utf8)) && !repository.isTracked(Bytes("b".utf8)))
        #expect(repository.isIgnored(Bytes("x/y.tmp".utf8)))
        #expect(!repository.isIgnored(Bytes("x.gpg".utf8)))
    }

    @Test func `the id of a file is git's`() throws {
        let box = try GitBox()
        for text in ["", "x", "hunter2\n", String(repeating: "é", count: 5000)] {
            try box.write(text, "f")
            #expect(try GitID(ofFile: Bytes(text.utf8)).hex == box.git("hash-object", "f"))
        }
        #expect(GitID(hex: Bytes("0123".utf8)) == nil)
        let hex = String(repeating: "aB", count: 20)
        #expect(GitID(hex: Bytes(hex.utf8))?.hex == hex.lowercased())
    }
}
