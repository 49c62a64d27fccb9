import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct StatusTests {
    private func box(history: Bool = true) throws -> StoreBox {
        let box = try StoreBox.team([.ann], history: history)
        try box.list("ann\n")
        try box.put("web/shop")
        return box
    }

    @Test func `a store in which all is well needs nobody`() throws {
        let box = try box()
        let status = try box.store.status()
        #expect(!status.needsAttention)
        #expect(status.branch == "main")
        #expect(status.isRepository)
        #expect(status.check?.checked == 1)
        #expect(status.uncommitted.isEmpty && status.conflicts.isEmpty && status.reviews.isEmpty)
    }

    @Test func `a store outside of git has no branch and no remotes`() throws {
        let box = try box(history: false)
        try box.entry("web/shop.conflict-0a1b2c3d", "x")
        let status = try box.store.briefStatus()
        #expect(!status.isRepository && status.branch == nil && status.remotes.isEmpty)
        #expect(status.conflicts == ["web/shop.conflict-0a1b2c3d"])
    }

    @Test func `files that git has otherwise are told`() throws {
        let box = try box()
        try box.entry("web/shop", "another text")
        try box.entry("new", "x")
        try box.write("x", ".gitignored")
        try box.git("config", "core.excludesFile", box.sandbox.root + "/ignored")
        try Disk.write(".gitignored\n", to: box.sandbox.root + "/ignored")
        let status = try box.store.briefStatus()
        #expect(
            status.uncommitted == [
                StoreStatus.Uncommitted(name: "new.gpg", kind: .untracked),
                StoreStatus.Uncommitted(name: "web/shop.gpg", kind: .modified),
            ])
        #expect(status.needsAttention && status.decisions == 0)
    }

    @Test func `only conflicts that a merge would call so are told`() throws {
        let box = try box()
        for name in [
            "a.conflict-0a1b2c3d", "deep/b.conflict-ffffffff", "c.conflict-xyz",
            "d.conflict-0a1b2c3",
            "conflict-0a1b2c3d",
        ] { try box.entry(name, "x") }
        try box.commitAll()
        let status = try box.store.briefStatus()
        #expect(status.conflicts == ["a.conflict-0a1b2c3d", "deep/b.conflict-ffffffff"])
        #expect(status.decisions == 2)
    }

    @Test func `lists that changed by other hands wait for a review`() throws {
        let box = try box()
        try box.list("ann\nbob\n")
        try box.list("bob\n", "web")
        try box.commitAll()
        let status = try box.store.briefStatus()
        #expect(status.reviews.map(\.folder) == [".", "web"])
    }

    @Test func `a remote is as far away as it was when it was last fetched from`() throws {
        let box = try box()
        try box.git("remote", "add", "origin", "/nowhere")
        #expect(try box.store.briefStatus().remotes.map(\.ahead) == [nil])
        try box.git("update-ref", "refs/remotes/origin/main", "HEAD")
        #expect(try !box.store.briefStatus().needsAttention)
        try box.put("web/new")
        try box.put("web/newer")
        let ahead = try box.store.briefStatus()
        #expect(ahead.remotes.map(\.toPush) == [2])
        #expect(ahead.remotes.map(\.toPull) == [0])
        #expect(ahead.needsAttention)
        try box.git("config", "remote.origin.passelPolicy", "pull-only")
        #expect(try !box.store.briefStatus().needsAttention)
        try box.git("config", "remote.origin.passelPolicy", "sync")
        try box.git("update-ref", "refs/remotes/origin/main", "HEAD")
        try box.git("reset", "-q", "--hard", "HEAD~2")
        #expect(try box.store.briefStatus().remotes.map(\.toPull) == [2])
    }

    @Test func `what git began is told`() throws {
        let box = try box()
        try box.write(try box.git("rev-parse", "HEAD") + "\n", ".git/MERGE_HEAD")
        let status = try box.store.briefStatus()
        #expect(status.operation?.endingWords == "merge --abort")
        #expect(status.decisions == 1)
    }

    @Test func `the last look at all entries is remembered`() throws {
        let box = try box()
        #expect(box.store.lastCheck() == nil)
        try box.entry("web/shop", "x", for: "bob")
        let full = try box.store.status()
        #expect(full.drifted.map(\.name) == ["web/shop"])
        #expect(try box.store.briefStatus().check?.drifted == 1)
        // What is remembered may be damaged; then nothing is.
        let file = try #require(box.store.storedPins?.folder.file("last-check"))
        try Disk.write("passel last-check 1\ntime x\n", to: file.repaired)
        #expect(box.store.lastCheck() == nil)
    }

    @Test func `a store of many folders is remembered, and its changes still told`() throws {
        let box = try box()
        for number in 0..<30 { try box.entry("web/f\(number)/a", "x") }
        try box.commitAll()
        // Later, for what changes just now is not remembered.
        box.settings.now = { [now = box.settings.now] in now() + 3600 }
        #expect(try box.store.briefStatus().uncommitted.isEmpty)
        let file = try #require(box.store.storedPins?.folder.file("untracked-cache"))
        #expect(Disk.facts(file.repaired) != nil)
        try box.entry("web/f7/b", "x")
        try box.entry("web/f8/a", "y")
        #expect(
            try box.store.briefStatus().uncommitted == [
                StoreStatus.Uncommitted(name: "web/f7/b.gpg", kind: .untracked),
                StoreStatus.Uncommitted(name: "web/f8/a.gpg", kind: .modified),
            ])
    }

    @Test func `keys that ask to join are told`() throws {
        let box = try box()
        let key = Somebody.bob.fingerprint
        try box.write("x", RequestFile.path(key).repaired)
        try box.write("x", RequestFile.path(key).repaired + ".sig")
        #expect(try box.store.briefStatus().requests == [key])
    }

    @Test func `without a store there is no status`() throws {
        var settings = try StoreBox().settings
        settings.root = Path("/nonexistent/store")
        let store = Store(
            settings, cipher: MemoryCipher(),
            observer: Store.Observer(told: { _ in }, warned: { _ in }))
        #expect(throws: NotInitialised.self) { try store.briefStatus() }
    }
}
