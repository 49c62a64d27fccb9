import Glibc
import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct RemoveTests {
    private func box(history: Bool = true) throws -> StoreBox {
        let box = try StoreBox(history: history)
        for name in ["shop", "web/shop", "web/mail", "a/b/c/deep", "team/x"] {
            try box.entry(name, name)
        }
        try box.list("bob\n", "team")
        if history { try box.commitAll() }
        return box
    }

    @Test(arguments: [true, false]) func `an entry goes, its folder stays with the rest`(
        history: Bool
    ) throws {
        let box = try box(history: history)
        try box.store.remove(Path(box.path("web/shop.gpg")), subject: "Remove web/shop from store.")
        #expect(!box.exists("web/shop.gpg") && box.exists("web/mail.gpg"))
        #expect(box.told.first == "removed '\(box.path("web/shop.gpg"))'")
        try box.expectSettled()
        if history { #expect(try box.subjects().first == "Remove web/shop from store.") }
    }

    @Test func `folders that become empty go too, but not the store`() throws {
        let box = try box()
        try box.store.remove(Path(box.path("a/b/c/deep.gpg")), subject: "x")
        #expect(!box.exists("a") && box.exists(".gpg-id"))
        let bare = try StoreBox(history: false)
        Disk.remove(bare.path(".gpg-id"))
        try bare.entry("only", "x")
        try bare.store.remove(Path(bare.path("only.gpg")), subject: "x")
        #expect(Disk.facts(bare.root)?.kind == .folder)
    }

    @Test func `a folder with a list is not empty`() throws {
        let box = try box()
        try box.store.remove(Path(box.path("team/x.gpg")), subject: "x")
        #expect(box.exists("team/.gpg-id"))
    }

    @Test func `a whole folder goes, told as rm tells it`() throws {
        let box = try box()
        try box.store.remove(Path(box.path("a/")), subject: "Remove a from store.")
        #expect(!box.exists("a"))
        #expect(
            box.told.prefix(4) == [
                "removed '\(box.path("a/b/c/deep.gpg"))'",
                "removed directory '\(box.path("a/b/c"))'",
                "removed directory '\(box.path("a/b"))'", "removed directory '\(box.path("a/"))'",
            ])
        try box.expectSettled()
    }

    @Test func `of a link only the link goes`() throws {
        let box = try box()
        try box.link("web", "alias")
        try box.commitAll()
        try box.store.remove(Path(box.path("alias/")), subject: "x")
        #expect(!box.exists("alias") && box.text("web/shop") == "web/shop")
        try box.expectSettled()
    }

    @Test func `what is gone already cannot be removed`() throws {
        let box = try box()
        let path = Path(box.path("none.gpg"))
        #expect(
            message { try box.store.remove(path, subject: "x") }
                == "\(path.repaired) is gone already"
        )
    }

    @Test func `an entry that git does not know just goes`() throws {
        let box = try box()
        try box.entry("loose", "x")
        try box.store.remove(Path(box.path("loose.gpg")), subject: "Gone.")
        #expect(!box.exists("loose.gpg"))
        #expect(try box.subjects() == ["Begin.", "Begin."])
        try box.expectSettled()
    }

    @Test func `many files go in one commit`() throws {
        let box = try box()
        for number in 0..<40 { try box.entry("many/e\(number)", "x") }
        try box.commitAll()
        try box.store.remove(Path(box.path("many")), subject: "Gone.")
        #expect(!box.exists("many"))
        #expect(
            try box.git("show", "--format=", "--name-only", "HEAD").split(separator: "\n").count
                == 40)
        try box.expectSettled()
    }
}
