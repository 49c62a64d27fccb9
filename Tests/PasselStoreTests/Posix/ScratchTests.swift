import Foundation
import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct ScratchTests {
    private let box: Sandbox
    private let folder: Path

    init() throws {
        box = try Sandbox()
        folder = Path(box.root + "/tmp")
    }

    @Test func `a scratch file is private and new`() throws {
        let first = try Scratch.file(in: folder, content: [1, 2, 3])
        let second = try Scratch.file(in: folder, content: [])
        #expect(first != second)
        #expect(first.parent == folder && first.name.starts(with: ".passel-tmp-".utf8))
        #expect(Disk.facts(first.bytes)?.mode == 0o600)
        #expect(Disk.read(first.bytes) == [1, 2, 3])
        #expect(Disk.read(second.bytes) == [])
    }

    @Test(arguments: [0o644, 0o640, 0o600, 0o666, 0o755] as [UInt32])
    func `it gets exactly the mode that is wanted`(mode: UInt32) throws {
        let path = try Scratch.file(in: folder, content: [], mode: mode, flushed: false)
        #expect(Disk.facts(path.bytes)?.mode == mode)
    }

    @Test func `it cannot be made where there is no folder`() {
        #expect(throws: SystemError.self) {
            try Scratch.file(in: folder / "none", content: [1])
        }
    }

    @Test func `only scratch files are cleared`() throws {
        _ = try Scratch.file(in: folder, content: [1])
        try Disk.write("x", to: folder.repaired + "/.passel-other")
        try Disk.write("x", to: folder.repaired + "/entry.gpg")
        Scratch.clear(folder)
        let left = Disk.names(in: folder.bytes).map(\.text)
        #expect(left == [".passel-other", "entry.gpg"])
        Scratch.clear(folder / "none")
    }

    @Test func `what a run may still be writing is not cleared where nobody holds a lock`() throws {
        let left = try Scratch.file(in: folder, content: [1])
        let fresh = try Scratch.file(in: folder, content: [2])
        try Disk.write("x", to: folder.repaired + "/index")
        for path in [left, folder / "index"] {
            var times = [timeval](repeating: timeval(tv_sec: time(nil) - 700, tv_usec: 0), count: 2)
            #expect(path.withCString { utimes($0, &times) } == 0)
        }
        Scratch.clearLeft(in: folder)
        #expect(Set(Disk.names(in: folder.bytes).map(\.text)) == [fresh.name.text, "index"])
        Scratch.clearLeft(in: folder / "none")
    }

    @Test func `removing twice is as good as once`() throws {
        let path = try Scratch.file(in: folder, content: [1])
        Scratch.remove(path)
        Scratch.remove(path)
        #expect(Disk.facts(path.bytes) == nil)
    }
}
