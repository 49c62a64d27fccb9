import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct PutTests {
    private func put(
        _ box: StoreBox, _ name: String, _ text: String, known: Store.Known = .anything,
        freshMode: Bool = false, subject: Text = "Put."
    ) throws {
        try box.store.put(
            Secret(plain: text), in: box.store.file(Path(name)), known: known,
            freshMode: freshMode, subject: subject)
    }

    @Test(arguments: [true, false]) func `an entry is stored and replaced`(history: Bool) throws {
        let box = try StoreBox(history: history)
        try put(box, "shop", "one\n", known: .absent)
        #expect(box.text("shop") == "one\n")
        try put(box, "shop", "two\n", subject: "Again.")
        #expect(box.text("shop") == "two\n")
        #expect(try box.isFor("shop", "ann"))
        try box.expectSettled()
        if history { #expect(try box.subjects() == ["Again.", "Put.", "Begin."]) }
        #expect(box.warned == [])
    }

    @Test func `it is for the readers of its folder`() throws {
        let box = try StoreBox()
        try box.list("bob\ncarol\n", "team")
        try box.commitAll()
        try put(box, "team/shop", "x")
        #expect(try box.isFor("team/shop", "bob", "carol"))
        #expect(try box.git("show", "--format=", "--name-only", "HEAD") == "team/shop.gpg")
    }

    @Test func `an entry that came meanwhile is not replaced`() throws {
        let box = try StoreBox()
        try box.entry("shop", "theirs")
        #expect(
            message { try put(box, "shop", "ours", known: .absent) }
                == "shop was added by somebody else meanwhile; it was not replaced")
        #expect(box.text("shop") == "theirs")
    }

    @Test func `an entry that changed meanwhile is not replaced`() throws {
        let box = try StoreBox(history: false)
        try put(box, "shop", "one")
        let seen = try #require(Disk.read(box.path("shop.gpg")))
        try put(box, "shop", "theirs")
        #expect(throws: Store.ChangedMeanwhile.self) {
            try put(box, "shop", "ours", known: .ciphertext(seen))
        }
        #expect(box.text("shop") == "theirs")
        let now = try #require(Disk.read(box.path("shop.gpg")))
        try put(box, "shop", "ours", known: .ciphertext(now))
        #expect(box.text("shop") == "ours")
    }

    @Test func `without readers nothing changes`() throws {
        let box = try StoreBox()
        try box.entry("team/shop", "old")
        try box.list("ann\nnobody\n", "team")
        try box.commitAll()
        let before = Disk.read(box.path("team/shop.gpg"))
        #expect(message { try put(box, "team/shop", "new") } == "Password encryption aborted.")
        #expect(Disk.read(box.path("team/shop.gpg")) == before)
        try box.expectSettled()
        Disk.remove(box.path(".gpg-id"))
        #expect(throws: NotInitialised.self) { try put(box, "other", "new") }
    }

    @Test func `a replaced file keeps its mode unless it shall be fresh`() throws {
        let box = try StoreBox(history: false)
        try put(box, "shop", "one")
        chmod(box.path("shop.gpg"), 0o640)
        try put(box, "shop", "two")
        #expect(Disk.facts(box.path("shop.gpg"))?.mode == 0o640)
        chmod(box.path("shop.gpg"), 0o4755)
        try put(box, "shop", "three", freshMode: true)
        let mode = try #require(Disk.facts(box.path("shop.gpg"))?.mode)
        #expect(mode & 0o7111 == 0)
    }

    @Test func `a link is written through, or replaced where a fresh file is wanted`() throws {
        let box = try StoreBox()
        try box.entry("real", "one")
        try box.link("real.gpg", "alias.gpg")
        try box.commitAll()
        try put(box, "alias", "two")
        #expect(box.text("real") == "two" && Disk.facts(box.path("alias.gpg"))?.kind == .link)
        #expect(try box.git("show", "--format=", "--name-only", "HEAD") == "real.gpg")
        try put(box, "alias", "three", freshMode: true)
        #expect(box.text("real") == "two" && box.text("alias") == "three")
        #expect(Disk.facts(box.path("alias.gpg"))?.kind == .file)
        try box.expectSettled()
    }

    @Test func `a hook that refuses leaves the entry saved and says so`() throws {
        let box = try StoreBox()
        try Disk.makeFolder(box.path(".git/hooks"))
        try Disk.write("#!/bin/sh\nexit 1\n", to: box.path(".git/hooks/pre-commit"), mode: 0o755)
        try put(box, "shop", "one")
        #expect(box.text("shop") == "one")
        #expect(box.warned.count == 1)
        #expect(box.warned.first?.hasPrefix("saved, but not committed: git: cannot commit") == true)
        #expect(try box.subjects() == ["Begin."])
    }

    @Test func `an ignored entry is saved and not committed`() throws {
        let box = try StoreBox()
        try box.write("private/\n", ".gitignore")
        try box.commitAll()
        try Disk.makeFolder(box.path("private"))
        try put(box, "private/shop", "one")
        #expect(box.text("private/shop") == "one")
        #expect(box.warned.first?.hasPrefix("saved, but not committed: git ignores") == true)
        try box.expectSettled()
    }

    @Test func `a nested repository gets the commit of its entries`() throws {
        let box = try StoreBox()
        try Disk.makeFolder(box.path("team"))
        try box.begin(box.path("team"))
        try put(box, "team/shop", "one", subject: "Inner.")
        #expect(try box.subjects(box.path("team")) == ["Inner."])
        #expect(try box.subjects() == ["Begin."])
    }

    @Test func `what git says of the commit is told`() throws {
        let box = try StoreBox()
        try put(box, "shop", "one", subject: "Add shop.")
        let line = try #require(box.told.last)
        #expect(line.contains("] Add shop.\n 1 file changed, "))
        #expect(line.hasSuffix(" create mode 100644 shop.gpg"))
    }

    @Test func `a store that is not there, or is a file, is told apart`() throws {
        let box = try StoreBox(history: false)
        Disk.remove(box.root)
        #expect(throws: NotInitialised.self) { try put(box, "shop", "one") }
        try Disk.write("", to: box.root)
        #expect(
            message { try put(box, "shop", "one") }
                == "Error: \(box.root) exists but is not a directory.")
    }
}
