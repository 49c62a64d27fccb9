import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// Trees as tree(1) shows them, with the options that pass gives it.
@Suite struct ListingTests {
    private let box: StoreBox

    init() throws {
        box = try StoreBox(history: false)
        for name in [
            "alpha", "beta/one", "beta/two", "beta/deep/er/three", "shop", "web/shop", "web/mail",
            "webmail/shop", "webmail/x/y/z", "gamma/beta/inner", "zz/shop/inner",
        ] { try box.entry(name, name) }
        try box.write("", "readme")
        try box.write("", "web/.hidden.gpg")
        try box.write("", ".secret/x.gpg")
        try Disk.makeFolder(box.path("empty/inside"))
        try Disk.write([], to: Bytes(box.path("").utf8) + [0xC3, 0x28])
    }

    private func lines(_ nodes: [StoreTree.Node], _ indent: String = "") -> [String] {
        nodes.enumerated().flatMap { index, node -> [String] in
            let isLast = index == nodes.count - 1
            var line = indent + (isLast ? "`-- " : "|-- ") + node.name.text
            if let link = node.link {
                line += " -> " + link.target.text
                if node.isRecursive { line += "  [recursive, not followed]" }
            }
            return [line] + lines(node.children, indent + (isLast ? "    " : "|   "))
        }
    }

    private func shown(_ folder: String, _ options: [String] = []) throws -> [String] {
        box.sandbox.set("LC_ALL", "C")
        let all = ["-N", "-l", "--noreport", "--charset", "ascii"] + options
        let outcome = try box.sandbox.run("tree", all + [box.path(folder)])
        return outcome.stdout.lines.dropFirst().map(\.text)
    }

    private func read(_ folder: String = "", _ terms: [String]? = nil) -> [String] {
        let pattern = terms.map { TreePattern(terms: $0.map { Bytes($0.utf8) }) }
        return lines(StoreTree.read(Path(box.path(folder)), matching: pattern))
    }

    @Test(arguments: ["", "web", "beta/", "empty", "none"])
    func `a folder is listed as tree lists it`(folder: String) throws {
        let wanted = folder == "none" ? [] : try shown(folder)
        #expect(read(folder) == wanted)
    }

    @Test func `links are followed once, as by tree`() throws {
        for (target, name) in [
            ("web", "alias"), ("web", "zalias"), ("..", "web/up"), ("shop.gpg", "linked.gpg"),
            ("none", "orphan.gpg"), ("loop", "loop"), ("/nonexistent/x", "away"), (".", "self"),
            ("../beta", "gamma/other"),
        ] { try box.link(target, name) }
        #expect(try read() == shown(""))
    }

    @Test(arguments: [
        ["shop"], ["SHOP"], ["beta"], ["web"], ["web", "alpha"], ["one"], ["er"], ["zzz"], ["x"],
        ["inner"], ["gpg"], ["."], ["mail"], ["e*r"], ["b?ta"], ["beta/deep"], ["empty"],
        ["inside"],
        ["^a"], ["three", "two"], ["a|shop"],
    ]) func `terms find what tree finds`(terms: [String]) throws {
        let pattern = terms.map { "*\($0)*" }.joined(separator: "|")
        let wanted = try shown("", ["-P", pattern, "--prune", "--matchdirs", "--ignore-case"])
        #expect(read("", terms) == wanted)
    }

    @Test func `what lies behind links is found too, each folder once`() throws {
        // tree itself calls every linked folder recursive here and shows none of their content.
        try Disk.makeFolder(box.sandbox.root + "/outside/far")
        try Disk.write("", to: box.sandbox.root + "/outside/far/unique.gpg")
        try box.link("../outside/far", "alias")
        try box.link("../alias", "web/again")
        #expect(read("", ["unique"]) == ["`-- alias -> ../outside/far", "    `-- unique.gpg"])
    }
}

@Suite struct EntryWalkTests {
    private func names(_ box: StoreBox) throws -> [String] {
        try box.store.entryFiles().map { ($0.relative(to: Path(box.root)) ?? "").repaired }
    }

    @Test func `every entry is given once, hidden ones too, git's and extensions' not`() throws {
        let box = try StoreBox()
        for name in ["b", "a/x", ".hidden/y", ".z", "a/b/c"] { try box.entry(name, "x") }
        for name in ["UPPER.GPG", "notes.txt", ".extensions/e.gpg", ".git/g.gpg", "gpg"] {
            try box.write("", name)
        }
        #expect(
            try names(box) == [
                ".hidden/y.gpg", ".z.gpg", "UPPER.GPG", "a/b/c.gpg", "a/x.gpg", "b.gpg",
            ])
    }

    @Test func `links lead to each file once`() throws {
        let box = try StoreBox(history: false)
        try box.entry("real/x", "x")
        try box.link("real", "alias")
        try box.link("real/x.gpg", "z.gpg")
        try box.link("..", "real/up")
        try box.link("none", "broken.gpg")
        #expect(try names(box) == ["alias/x.gpg"])
    }

    @Test func `a name is an entry's path without its suffix`() throws {
        let store = try StoreBox(history: false).store
        #expect(store.entryName(store.root / "web/shop.gpg") == "web/shop")
        #expect(store.entryName(store.root / "x.gpg.gpg") == "x.gpg")
        #expect(store.file("web//shop/").name == Array("shop.gpg".utf8))
        #expect(store.path("") == store.root && store.path("/") == store.root)
    }
}

@Suite struct PruneTests {
    @Test func `empty folders go up to the store and no further`() throws {
        let box = try StoreBox("outer/store", history: false)
        Disk.remove(box.path(".gpg-id"))
        try Disk.makeFolder(box.path("a/b/c"))
        try box.store.prune(Path(box.path("a/b/c/")))
        #expect(!box.exists("a") && Disk.facts(box.root) != nil)
        try box.store.prune(Path(box.root))
        #expect(Disk.facts(box.root) != nil)
    }

    @Test func `what is not empty stops it`() throws {
        let box = try StoreBox(history: false)
        try Disk.makeFolder(box.path("a/b/c"))
        try box.entry("a/x", "x")
        try box.store.prune(Path(box.path("a/b/c")))
        #expect(!box.exists("a/b") && box.exists("a"))
    }

    @Test func `a folder that is gone does not stop it`() throws {
        let box = try StoreBox(history: false)
        try Disk.makeFolder(box.path("a/b"))
        try box.store.prune(Path(box.path("a/b/gone/too")))
        #expect(!box.exists("a"))
    }

    @Test func `a link is no folder to be pruned`() throws {
        let box = try StoreBox(history: false)
        try Disk.makeFolder(box.sandbox.root + "/outside")
        try box.link(box.sandbox.root + "/outside", "out")
        _ = try? box.store.prune(Path(box.path("out")))
        #expect(Disk.facts(box.sandbox.root + "/outside") != nil && box.exists("out"))
    }
}
