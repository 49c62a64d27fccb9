import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct FilesTests {
    private let box: Sandbox
    private let folder: Path

    init() throws {
        box = try Sandbox()
        folder = Path(box.root + "/tmp")
    }

    private func write(_ content: Bytes, _ name: String) throws -> Path {
        let path = folder / Path(name)
        try Disk.write(content, to: path.bytes)
        return path
    }

    private func code(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SystemError)?.code
        }
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 3_000_000])
    func `a file is read whole`(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(try Files.read(try write(content, "f")) == content)
    }

    @Test func `what is larger than the limit is not read`() throws {
        let path = try write(Bytes(repeating: 1, count: 101), "f")
        #expect(code { _ = try Files.read(path, limit: 100) } == EFBIG)
        #expect(try Files.read(path, limit: 101).count == 101)
        // Its size says 0.
        #expect(code { _ = try Files.read("/proc/self/environ", limit: 3) } == EFBIG)
    }

    @Test func `other kinds of file are refused and do not block`() throws {
        let fifo = folder / "fifo"
        #expect(fifo.withCString { mkfifo($0, 0o600) } == 0)
        #expect(code { _ = try Files.read(fifo) } == EINVAL)
        #expect(code { _ = try Files.read(folder) } == EISDIR)
        #expect(code { _ = try Files.read("/dev/zero") } == EINVAL)
        #expect(code { _ = try Files.read(folder / "none") } == ENOENT)
    }

    @Test func `links are followed unless that is unwanted`() throws {
        _ = try write([7], "f")
        #expect((folder / "link").withCString { symlink("f", $0) } == 0)
        #expect(try Files.read(folder / "link") == [7])
        #expect(code { _ = try Files.read(folder / "link", followingLinks: false) } == ELOOP)
        #expect(try Files.target(of: folder / "link") == "f")
    }

    @Test func `only a missing file counts as nothing`() throws {
        #expect(try Files.readIfPresent(folder / "none") == nil)
        #expect(try Files.readIfPresent(try write([1], "f") / "below") == nil)
        #expect(code { _ = try Files.readIfPresent(folder) } == EISDIR)
    }

    @Test func `every name in a folder is given with its kind`() throws {
        let names: [Bytes] = [[0xFF], Bytes(".hidden".utf8), Bytes("a\nb".utf8), Bytes("f".utf8)]
        for name in names { try Disk.write([], to: folder.bytes + [0x2F] + name) }
        try Disk.makeFolder(folder.repaired + "/d")
        #expect((folder / "l").withCString { symlink("d", $0) } == 0)
        let found = try Files.names(in: folder)
        #expect(Set(found.map(\.bytes)) == Set(names + [Bytes("d".utf8), Bytes("l".utf8)]))
        #expect(found.first { $0.bytes == Bytes("d".utf8) }?.kind == .folder)
        #expect(found.first { $0.bytes == Bytes("l".utf8) }?.kind == .link)
        #expect(found.first { $0.bytes == [0xFF] }?.kind == .file)
        #expect(code { _ = try Files.names(in: folder / "none") } == ENOENT)
    }

    @Test func `a path is resolved only when it exists`() throws {
        try Disk.makeFolder(folder.repaired + "/real")
        #expect((folder / "alias").withCString { symlink("real/.", $0) } == 0)
        #expect(Files.resolved(folder / "alias" / "..") == Files.resolved(folder))
        #expect(Files.resolved(folder / "none") == nil)
    }

    @Test func `what is at a path is told with and without following links`() throws {
        let file = try write([1, 2, 3], "f")
        #expect((folder / "l").withCString { symlink("f", $0) } == 0)
        #expect((folder / "broken").withCString { symlink("none", $0) } == 0)
        #expect((folder / "loop").withCString { symlink("loop", $0) } == 0)
        let status = try #require(try FileStatus(of: file))
        #expect(status.kind == .file && status.size == 3 && status.mode == 0o600)
        #expect(status.owner == geteuid())
        #expect(try FileStatus(of: folder / "l")?.identity == status.identity)
        #expect(try FileStatus(of: folder / "l", following: false)?.kind == .link)
        #expect(try FileStatus(of: folder / "broken") == nil)
        #expect(try FileStatus(of: folder / "broken", following: false)?.kind == .link)
        #expect(try FileStatus(of: folder / "loop") == nil)
        #expect(try FileStatus(of: file / "below") == nil)
        #expect(FileStatus.isFile(folder / "l") && !FileStatus.isFile(folder / "broken"))
        #expect(FileStatus.isFolder(folder) && !FileStatus.isFolder(file))
    }

    @Test func `a failure is told with what was tried and what helps`() {
        let problem = SystemError("write", "/s/a.gpg", code: ENOSPC).problem
        #expect(problem.message == "cannot write /s/a.gpg: No space left on device")
        #expect(problem.hints == ["free some space, then try again; nothing was changed"])
        #expect(SystemError("read", "/x", code: EIO).problem.hints.isEmpty)
    }
}
