import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct RelocateTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox()
        for name in ["shop", "web/shop", "web/mail", "web/a/b"] { try box.entry(name, name) }
        try box.list("bob\n", "team")
        try box.entry("team/x", "team/x", for: "bob")
        try box.commitAll()
        return box
    }

    private func relocate(_ box: StoreBox, _ old: String, _ new: String, move: Bool = true) throws {
        if let parent = new.lastIndex(of: "/") {
            try Disk.makeFolder(box.path(String(new[..<parent])))
        }
        try box.store.relocate(Relocation(Path(old), to: Path(new), isMove: move, in: box.store))
    }

    @Test(arguments: [
        ("shop", "new", "shop.gpg", "new.gpg"),
        ("shop", "web", "shop.gpg", "web/shop.gpg"),
        ("shop", "x/", "shop.gpg", "x/shop.gpg"),
        ("web", "site", "web", "site"),
        ("web/", "team", "web", "team/web"),
        ("web/shop", "mail", "web/shop.gpg", "mail.gpg"),
        ("/shop", "/new", "shop.gpg", "new.gpg"),
    ]) func `old and new mean what they mean to pass`(
        old: String, new: String, source: String, destination: String
    ) throws {
        let box = try box()
        let relocation = try Relocation(Path(old), to: Path(new), isMove: true, in: box.store)
        #expect(relocation.source.repaired == box.path(source))
        #expect(relocation.destination.repaired == box.path(destination))
    }

    @Test func `an entry beats a folder of its name unless a slash follows`() throws {
        let box = try box()
        try box.entry("web", "entry")
        let entry = try Relocation("web", to: "n", isMove: true, in: box.store)
        let folder = try Relocation("web/", to: "n", isMove: true, in: box.store)
        #expect(entry.source.repaired == box.path("web.gpg"))
        #expect(folder.source.repaired == box.path("web"))
        #expect(
            message { _ = try Relocation("none", to: "n", isMove: true, in: box.store) }
                == "Error: none is not in the password store.")
    }

    @Test func `a moved entry is encrypted for its new readers, in one commit`() throws {
        let box = try box()
        try relocate(box, "web/a/b", "team/b")
        #expect(box.text("team/b") == "web/a/b")
        #expect(try box.isFor("team/b", "bob"))
        #expect(!box.exists("web/a"), "the emptied folder went")
        #expect(try box.subjects().prefix(2) == ["Rename web/a/b to team/b.", "Begin."])
        #expect(
            box.told.first == "renamed '\(box.path("web/a/b.gpg"))' -> '\(box.path("team/b.gpg"))'")
        try box.expectSettled()
    }

    @Test func `where the readers stay the same the bytes do`() throws {
        let box = try box()
        let before = Disk.read(box.path("web/shop.gpg"))
        try relocate(box, "web/shop", "elsewhere/shop")
        #expect(Disk.read(box.path("elsewhere/shop.gpg")) == before)
    }

    @Test func `a folder is moved with all that is in it`() throws {
        let box = try box()
        try relocate(box, "web", "team")
        #expect(
            box.names.filter { $0.hasPrefix("team/web/") }.sorted() == [
                "team/web/a", "team/web/a/b.gpg", "team/web/mail.gpg", "team/web/shop.gpg",
            ])
        #expect(try box.isFor("team/web/a/b", "bob") && !box.exists("web"))
        try box.expectSettled()
    }

    @Test func `a folder keeps the list it carries`() throws {
        let box = try box()
        try relocate(box, "team", "web/team")
        #expect(try box.isFor("web/team/x", "bob"))
        try relocate(box, "web", "new")
        #expect(try box.isFor("new/team/x", "bob") && box.isFor("new/shop", "ann"))
        try box.expectSettled()
    }

    @Test func `a carried list needs its signature like any other`() throws {
        let box = try box()
        let signer = String(repeating: "AB", count: 20)
        box.settings.signingKeys = [Recipient(signer.utf8)]
        try box.write("\(signer)\nann\n", ".gpg-id.sig")
        try box.write("\(signer)\nbob\n", "team/.gpg-id.sig")
        try box.list("bob\nmallory\n", "team")
        for move in [true, false] {
            #expect(
                message { try relocate(box, "team", "other", move: move) }?.hasSuffix("is invalid.")
                    == true)
        }
        #expect(try box.isFor("team/x", "bob"))
        try box.list("bob\n", "team")
        try relocate(box, "team", "other")
        #expect(try box.isFor("other/x", "bob"))
    }

    @Test func `a copy leaves the old in its place`() throws {
        let box = try box()
        try relocate(box, "web", "team", move: false)
        #expect(box.text("web/shop") == "web/shop" && box.text("team/web/shop") == "web/shop")
        #expect(try box.isFor("team/web/shop", "bob") && box.isFor("web/shop", "ann"))
        #expect(try box.subjects().first == "Copy web to team.")
        try box.expectSettled()
    }

    @Test func `links are moved and copied as links`() throws {
        let box = try box()
        try box.link("web/shop.gpg", "alias.gpg")
        try box.commitAll()
        try relocate(box, "alias", "second", move: false)
        try relocate(box, "alias", "first")
        for name in ["first", "second"] {
            #expect(Disk.facts(box.path(name + ".gpg"))?.target?.text == "web/shop.gpg")
        }
        try box.expectSettled()
    }

    @Test(arguments: [
        (
            "web", "web/inner", true,
            "mv: cannot move '%/web' to a subdirectory of itself, '%/web/inner'"
        ),
        (
            "web", "web/inner", false,
            "cp: cannot copy a directory, '%/web', into itself, '%/web/inner'"
        ),
        ("shop", "shop", true, "mv: '%/shop.gpg' and '%/shop.gpg' are the same file"),
        ("a", "b", true, "mv: cannot move '%/a' to '%/b/a': Directory not empty"),
        ("c", "d", true, "mv: cannot overwrite directory '%/d.gpg' with non-directory '%/c.gpg'"),
        ("e", "f/", true, "mv: cannot overwrite non-directory '%/f/e' with directory '%/e'"),
    ]) func `what would lose something is refused in the words of mv and cp`(
        old: String, new: String, move: Bool, text: String
    ) throws {
        let box = try box()
        for name in ["a/x", "b/a/y", "c", "d.gpg/z", "e/x"] { try box.entry(name, name) }
        try box.write("", "f/e")
        let before = box.names
        #expect(
            message { try relocate(box, old, new, move: move) }
                == text.replacing("%", with: box.root))
        #expect(box.names == before)
    }

    @Test func `an entry that cannot be read is moved as it is and named`() throws {
        let box = try box()
        try box.entry("web/locked", "locked content")
        try box.commitAll()
        let before = Disk.read(box.path("web/locked.gpg"))
        #expect(
            message { try relocate(box, "web", "team") }
                == "moved to \(box.path("team/web")), but not encrypted anew: team/web/locked")
        #expect(Disk.read(box.path("team/web/locked.gpg")) == before)
        #expect(try box.isFor("team/web/shop", "bob"))
        try box.expectSettled()
    }

    @Test func `a move between repositories is a commit in each`() throws {
        let box = try box()
        try Disk.makeFolder(box.path("inner"))
        try box.begin(box.path("inner"))
        try box.write("inner\n", ".git/info/exclude")
        try relocate(box, "shop", "inner/shop")
        #expect(try box.subjects(box.path("inner")) == ["Rename shop to inner/shop."])
        #expect(try box.subjects().first == "Remove shop.")
        #expect(box.text("inner/shop") == "shop")
        try box.expectSettled()
    }
}
