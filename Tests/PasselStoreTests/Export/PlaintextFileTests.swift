import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct PlaintextFileTests {
    private let sandbox: Sandbox
    private let folder: String

    init() throws {
        sandbox = try Sandbox()
        folder = sandbox.root + "/place"
        try Disk.makeFolder(folder)
    }

    private func file(_ name: String) throws -> PlaintextFile {
        try PlaintextFile(Path(folder + "/" + name))
    }

    private func secret(_ text: String) -> Secret { Secret(plain: text) }

    private var names: [String] { Disk.walk(Bytes(folder.utf8)).map(\.text).sorted() }

    @Test func `a new file is its owner's only, and so are the folders that it needs`() throws {
        try file("a/b/c").replace(by: secret("x"))
        #expect(Disk.read(folder + "/a/b/c")?.text == "x")
        #expect(Disk.facts(folder + "/a/b/c")?.mode == 0o600)
        #expect(Disk.facts(folder + "/a")?.mode == 0o700)
        #expect(Disk.facts(folder + "/a/b")?.mode == 0o700)
        #expect(names == ["a", "a/b", "a/b/c"])
    }

    @Test(
        arguments: [(0o644, 0o600), (0o600, 0o600), (0o400, 0o400), (0o640, 0o600)]
            as [(UInt32, UInt32)])
    func `permissions get no wider and none but the owner's`(before: UInt32, after: UInt32) throws {
        try Disk.write("old", to: folder + "/a", mode: before)
        try file("a").replace(by: secret("new"))
        #expect(Disk.read(folder + "/a")?.text == "new")
        #expect(Disk.facts(folder + "/a")?.mode == after)
        #expect(names == ["a"])
    }

    @Test func `nothing is written through a link, and to nothing that is no file`() throws {
        try Disk.write("old", to: folder + "/real")
        #expect(symlink("real", folder + "/link") == 0)
        #expect(symlink("nowhere", folder + "/dangling") == 0)
        #expect(mkfifo(folder + "/fifo", 0o600) == 0)
        for name in ["link", "dangling"] {
            #expect(
                message { _ = try file(name) }
                    == "\(folder)/\(name) is a link; nothing is written through it")
        }
        for name in ["fifo", "."] {
            #expect(message { _ = try file(name) }?.hasSuffix("is not a file") == true)
        }
        // One that is put there meanwhile is not followed either.
        let new = try file("new")
        #expect(symlink("real", folder + "/new") == 0)
        #expect(message { try new.replace(by: secret("x")) } != nil)
        #expect(Disk.read(folder + "/real")?.text == "old")
    }

    @Test func `what was changed meanwhile stays`() throws {
        let new = try file("new")
        try Disk.write("theirs", to: folder + "/new")
        let changed = "/new was changed by somebody else meanwhile; nothing was written"
        #expect(message { try new.replace(by: secret("x")) }?.hasSuffix(changed) == true)
        let old = try file("new")
        try Disk.write("theirs again", to: folder + "/new")
        #expect(message { try old.replace(by: secret("x")) }?.hasSuffix(changed) == true)
        #expect(message { try old.shred(keeping: nil) }?.hasSuffix(changed) == true)
        #expect(Disk.read(folder + "/new")?.text == "theirs again")
        #expect(names == ["new"])
    }

    @Test func `shredding overwrites what was there`() throws {
        try Disk.write("secret", to: folder + "/a")
        #expect(link(folder + "/a", folder + "/other") == 0)
        try file("a").shred(keeping: nil)
        #expect(names == ["other"])
        #expect(Disk.read(folder + "/other") == [0, 0, 0, 0, 0, 0])
        // What is kept of a file is another file, and a second name keeps what it has.
        try Disk.write("secret, mine", to: folder + "/a")
        let old = open(folder + "/a", O_RDONLY)
        defer { close(old) }
        try file("a").shred(keeping: secret("mine"))
        #expect(Disk.read(folder + "/a")?.text == "mine")
        var bytes = Bytes(repeating: 1, count: 12)
        #expect(read(old, &bytes, 12) == 12)
        #expect(bytes == Bytes(repeating: 0, count: 12))
    }

    @Test func `its folder's links are resolved`() throws {
        #expect(symlink(folder, sandbox.root + "/way") == 0)
        #expect(PlaintextFile.place(of: Path(sandbox.root + "/way/a")) == Path(folder + "/a"))
        #expect(
            PlaintextFile.place(of: Path(sandbox.root + "/way/x/y")) == Path(folder + "/x/y"))
    }
}
