import PasselCore
import Testing

@Suite struct PathTests {
    @Test(arguments: [
        // path, parent, name
        ("/a/b", "/a", "b"),
        ("/a/b/", "/a", "b"),
        ("/a//b//", "/a", "b"),
        ("a/b", "a", "b"),
        ("a", ".", "a"),
        ("a/", ".", "a"),
        ("/a", "/", "a"),
        ("//a", "/", "a"),
        ("/", "/", ""),
        ("///", "/", ""),
        ("", ".", ""),
        ("a/..", "a", ".."),
    ]) func `a path has a parent and a name`(path: String, parent: String, name: String) {
        #expect(Path(path).parent == Path(parent))
        #expect(Path(path).name == Array(name.utf8))
    }

    @Test(arguments: [
        ("/s", "a", "/s/a"),
        ("/s/", "a", "/s/a"),
        ("/s//", "//a", "/s/a"),
        ("/s", "/a/b/", "/s/a/b/"),
        ("/", "a", "/a"),
        ("", "a", "a"),
        ("", "/a", "/a"),
        ("s", "", "s/"),
    ]) func `a child is put behind exactly one slash`(folder: String, child: String, path: String) {
        #expect(Path(folder) / Path(child) == Path(path))
    }

    @Test func `spelling is kept, and a NUL ends it`() {
        #expect(Path("/a/./b//../c/").bytes == Array("/a/./b//../c/".utf8))
        #expect(Path([0x61, 0x00, 0x62]).bytes == [0x61])
        #expect(Path([0xFF, 0xFE]).bytes == [0xFF, 0xFE])
        #expect(Path("/a") != Path("//a"))
    }

    @Test func `components leave out what lies between two slashes`() {
        #expect(Path("//a///b/").components == [Array("a".utf8), Array("b".utf8)])
        #expect(Path("/").components.isEmpty)
    }

    @Test func `slashes at the end go, the root stays`() {
        #expect(Path("a//").withoutTrailingSlashes == "a")
        #expect(Path("//").withoutTrailingSlashes == "/")
        #expect(Path("").withoutTrailingSlashes == "")
        #expect(Path("a/").hasTrailingSlash && !Path("a").hasTrailingSlash)
    }

    @Test func `within goes by whole components`() {
        #expect(Path("/a/b").isWithin("/a"))
        #expect(Path("/a").isWithin("/a/"))
        #expect(Path("/a/b").isWithin("/"))
        #expect(!Path("/ab").isWithin("/a"))
        #expect(!Path("a/b").isWithin("/a"))
        #expect(!Path("/a").isWithin("/a/b"))
        #expect(Path("//a///b/").isWithin("/a//"))
        #expect(Path("a/b").isWithin(""))
        #expect(!Path("/a").isWithin(""))
        #expect(Path("/").isWithin("//"))
    }

    @Test func `what is left below a folder has no slash in front`() {
        #expect(Path("/s/a//b.gpg").relative(to: "/s/") == "a/b.gpg")
        #expect(Path("/s").relative(to: "/s") == "")
        #expect(Path("/t/a").relative(to: "/s") == nil)
        #expect(Path("//s///a//b/").relative(to: "/s") == "a/b")
        #expect(Path("/s/").relative(to: "//s") == "")
        #expect(Path("a/b").relative(to: "") == "a/b")
        #expect(Path("/sa").relative(to: "/s") == nil)
    }

    @Test func `a suffix is compared without regard to ASCII case`() {
        #expect(Path("/a/X.GpG").hasSuffixIgnoringCase(".gpg"))
        #expect(!Path("/a/gpg").hasSuffixIgnoringCase(".gpg"))
        #expect(Path("/a/x").appending(".gpg") == "/a/x.gpg")
    }

    @Test func `C gets the bytes and a NUL`() {
        let count = Path([0x61, 0xFF]).withCString { string in
            var count = 0
            while string[count] != 0 { count += 1 }
            return count
        }
        #expect(count == 2)
        #expect(Path("").withCString { $0.pointee } == 0)
    }
}
