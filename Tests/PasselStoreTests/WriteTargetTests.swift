import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct WriteTargetTests {
    private func target(_ box: StoreBox, _ name: String) throws -> String {
        try box.store.target(of: box.store.file(Path(name))).repaired
    }

    @Test func `a plain file is its own target, there or not`() throws {
        let box = try StoreBox(history: false)
        try box.entry("web/shop", "x")
        #expect(try target(box, "web/shop") == box.path("web/shop.gpg"))
        #expect(try target(box, "web/new") == box.path("web/new.gpg"))
        #expect(try target(box, "none/new") == box.path("none/new.gpg"))
    }

    @Test func `a link within the store leads to its end`() throws {
        let box = try StoreBox(history: false)
        try box.entry("a/real", "x")
        try box.link("a/real.gpg", "one.gpg")
        try box.link("one.gpg", "two.gpg")
        #expect(try target(box, "two") == box.path("a/real.gpg"))
        try box.link("a", "alias")
        #expect(try target(box, "alias/real") == box.path("alias/real.gpg"))
    }

    @Test func `a link to nothing, to a folder or in a circle is refused`() throws {
        let box = try StoreBox(history: false)
        try box.link("none.gpg", "broken.gpg")
        try box.link(".", "folder.gpg")
        try box.link("loop.gpg", "loop.gpg")
        for name in ["broken", "folder", "loop"] {
            #expect(
                message { _ = try target(box, name) }
                    == "\(box.path(name + ".gpg")) is a link to something that is no file")
        }
        try Disk.makeFolder(box.path("d.gpg"))
        #expect(message { _ = try target(box, "d") } == "\(box.path("d.gpg")) is not a file")
    }

    @Test func `nothing is written behind a folder's link out of the store`() throws {
        let box = try StoreBox(history: false)
        try Disk.makeFolder(box.sandbox.root + "/outside")
        try box.link(box.sandbox.root + "/outside", "out")
        #expect(
            message { _ = try target(box, "out/shop") }?.hasPrefix(
                "\(box.path("out")): a link that leads out of the store") == true)
    }

    @Test func `an entry's own link out of the store is followed if the user made it`() throws {
        let box = try StoreBox()
        let outside = box.sandbox.root + "/outside.gpg"
        try Disk.write("x", to: outside)
        try box.link(outside, "mine.gpg")
        #expect(try target(box, "mine") == outside)
        #expect(
            box.warned == [
                "\(box.path("mine.gpg")) is a link; what it leads to is written: \(outside)"
            ])
        try box.commitAll()
        #expect(message { _ = try target(box, "mine") }?.contains("leads out of the store") == true)
    }

    @Test func `a store that is a link is no way out`() throws {
        let box = try StoreBox(history: false)
        try box.entry("shop", "x")
        try box.link(box.root, "../alias")
        box.settings.root = Path(box.sandbox.root + "/alias")
        #expect(try target(box, "shop") == box.sandbox.root + "/alias/shop.gpg")
    }
}
