import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

/// What of a head's folders passes the gate.
struct GateTreeTests {
    @Test func `Entries, lists and other plain files pass`() throws {
        let box = try StoreBox.gated()
        try box.entry("web/new", "new")
        try box.entry("deep/down/new", "new")
        try box.write("*.gpg diff=gpg\n", ".gitattributes")
        try box.write("notes\n", "README")
        try box.write("bob\n", "web/.gpg-id")
        try box.git("rm", "-q", "web/other.gpg")
        try box.git("add", "-A")
        let commit = try box.git("commit-tree", box.git("write-tree"), "-p", "HEAD", "-m", "New.")
        let report = try box.inspect(commit)
        #expect(report.violations == [])
        #expect(!report.isRefused)
        #expect(report.commits.count == 1)
        #expect(report.commits.first?.trust == .unsigned)
        #expect(
            report.unverified.map(\.description) == [
                ".gitattributes", "README", "deep/down/new.gpg", "web/.gpg-id", "web/new.gpg",
                "web/other.gpg",
            ])
    }

    @Test func `Links, submodules and programs do not`() throws {
        let box = try StoreBox.gated()
        let message = try box.message()
        let target = try box.file("/etc")
        #expect(try box.rules(box.adding(RawItem("120000", "site.gpg", target))) == [.link])
        #expect(try box.rules(box.adding(RawItem("120000", "web", target))) == [.link])
        #expect(try box.rules(box.adding(RawItem("120000", ".gpg-id", target))) == [.link])
        #expect(try box.rules(box.adding(RawItem("160000", "sub", message))) == [.submodule])
        #expect(try box.rules(box.adding(RawItem("100755", "x.gpg", message))) == [.executable])
        #expect(try box.rules(box.adding(RawItem("100664", "x.gpg", message))) == [.mode])
    }

    @Test func `Events of the security log may come, but not go or change`() throws {
        let box = try StoreBox.gated()
        func head(_ edit: () throws -> Void) throws -> String {
            try edit()
            try box.git("add", "-A")
            let commit = try box.git(
                "commit-tree", box.git("write-tree"), "-p", "HEAD", "-m", "Log.")
            try box.git("reset", "-q", "--hard", "HEAD")
            return commit
        }
        let name = ".passel/log/20270115T080000Z-\(String(repeating: "0f", count: 16))"
        let (one, other) = (try box.message("one"), try box.message("other"))
        func write(_ object: String) throws {
            try Disk.makeFolder(box.path(".passel/log"))
            try box.git("update-index", "--add", "--cacheinfo", "100644,\(object),\(name)")
            try box.git("checkout-index", "-f", name)
        }
        let came = try head { try write(one) }
        #expect(try box.rules(came) == [])
        #expect(
            try box.rules(head { try box.write("plain", name) }) == [.entry])
        try box.git("reset", "-q", "--hard", came)
        #expect(try box.rules(head { try write(other) }) == [.log])
        let gone = try head { try box.git("rm", "-q", name) }
        #expect(try box.rules(gone) == [.log])
        // Whoever puts it back has it again.
        let tree = try box.git("rev-parse", "HEAD^{tree}")
        let back = try box.git("commit-tree", tree, "-p", gone, "-m", "Back.")
        #expect(try box.rules(back) == [])
    }

    @Test func `What ours has in the same way is not judged, what changed is`() throws {
        let box = try StoreBox.gated()
        try box.link("site.gpg", "web/alias.gpg")
        try box.commitAll()
        let message = try box.message()
        #expect(try box.rules(box.adding(RawItem("100644", "x.gpg", message))) == [])
        let target = try box.file("other.gpg")
        let changed = try box.folder(
            box.items("web").filter { $0.name != Array("alias.gpg".utf8) }
                + [RawItem("120000", "alias.gpg", target)])
        #expect(try box.rules(box.adding(RawItem("40000", "web", changed))) == [.link])
    }

    @Test(arguments: [
        (".git", GateRule.gitName), ("../../up.gpg", .gitName), ("a/../b", .gitName),
        (".GIT", .gitName), ("git~1", .gitName), ("..", .gitName),
        (".gitmodules", .modules), ("a\nb", .name), ("gitatt~1", .attributes),
    ])
    func `Names are judged, of folders too`(name: String, rule: GateRule) throws {
        let box = try StoreBox.gated()
        let message = try box.message()
        #expect(try box.rules(box.adding(RawItem("100644", name, message))) == [rule])
        let folder = try box.folder([RawItem("100644", "hooks", message)])
        #expect(try box.rules(box.adding(RawItem("40000", name, folder))) == [rule])
    }

    @Test func `Contents are judged`() throws {
        let box = try StoreBox.gated()
        let cases: [(String, String, GateRule)] = [
            ("x.gpg", "plain text", .entry), ("x.gpg", "", .entry),
            (".gitattributes", "*.gpg filter=x", .attributes),
            (".gpg-id", String(repeating: "x", count: (1 << 20) + 1), .size),
            (".gitattributes", String(repeating: "\n", count: (1 << 16) + 1), .size),
        ]
        for (name, text, rule) in cases {
            #expect(try box.rules(box.adding(RawItem("100644", name, box.file(text)))) == [rule])
        }
        let program = try box.folder([RawItem("100644", "x.bash", box.file("touch ran"))])
        #expect(try box.rules(box.adding(RawItem("40000", ".extensions", program))) == [.extension])
    }

    @Test func `Folders that git would not write are refused`() throws {
        let box = try StoreBox.gated()
        let message = try box.message()
        let item = RawItem("100644", "x.gpg", message)
        let twice = try box.folder(box.top() + [item, item])
        #expect(try box.rules(box.commit(twice)) == [.object])
        let unsorted = try box.folder([item] + box.top(), sorted: false)
        #expect(try box.rules(box.commit(unsorted)) == [.object])
        let bare = try box.folder([
            RawItem("100644", "HEAD", box.file("ref: refs/heads/main\n")),
            RawItem("40000", "objects", box.folder([item])),
            RawItem("40000", "refs", box.folder([item])),
        ])
        #expect(try box.rules(box.adding(RawItem("40000", "bare", bare))) == [.repository])
    }

    @Test func `Objects that are missing or of another kind are refused`() throws {
        let box = try StoreBox.gated()
        let (message, missing) = (try box.message(), String(repeating: "7", count: 40))
        let folder = try box.folder([RawItem("100644", "x.gpg", message)])
        for item in [
            RawItem("100644", "x.gpg", missing), RawItem("100644", "x.gpg", folder),
            RawItem("40000", "x", missing), RawItem("40000", "x", message),
            RawItem("100644", "x", folder),
        ] {
            #expect(try box.rules(box.adding(item)) == [.object])
        }
        #expect(try box.rules(box.commit(missing)) == [.object])
        #expect(try box.rules(box.commit(folder, on: [missing])) == [.object])
        #expect(try box.rules(box.commit(message)) == [.object])
        #expect(try box.rules(box.object("commit", Array("tree x".utf8))) == [.object])
        #expect(try box.rules(message) == [.object])
        #expect(try box.rules(missing) == [.object])
    }

    @Test func `Folders may be neither too deep nor too many`() throws {
        let box = try StoreBox.gated()
        var folder = try box.folder([RawItem("100644", "x.gpg", box.message())])
        for _ in 0..<110 { folder = try box.folder([RawItem("40000", "d", folder)]) }
        #expect(try box.rules(box.commit(folder)).contains(.depth))
        // Ten to the power of eight names in nine objects.
        folder = try box.folder([RawItem("100644", "x.gpg", box.message())])
        for _ in 0..<8 {
            folder = try box.folder((0..<10).map { RawItem("40000", "d\($0)", folder) })
        }
        #expect(try box.rules(box.commit(folder)) == [.count])
        let content = try box.file("x")
        let id = try Array(#require(GitID(hex: content.utf8)).bytes)
        let many = try box.object(
            "tree",
            (100_000...200_000).flatMap { Array("100644 n\($0)".utf8) + [0] + id })
        #expect(try box.rules(box.commit(many)) == [.count])
    }

    @Test func `At most a hundred violations are told`() throws {
        let box = try StoreBox.gated()
        let target = try box.file("/etc")
        let links = try box.folder((0..<300).map { RawItem("120000", "l\($0)", target) })
        #expect(try box.rules(box.adding(RawItem("40000", "l", links))).count == 100)
    }
}

extension StoreBox {
    func items(_ folder: String) throws -> [RawItem] {
        try git("ls-tree", "HEAD:\(folder)").split(separator: "\n").map { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            return RawItem(words[0], words[3], words[2])
        }
    }
}
