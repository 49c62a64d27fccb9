import Foundation
import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Synchronization
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

@Suite struct ParallelTests {
    @Test(arguments: [0, 1, 2, 3, 200], [1, 2, 4])
    func `results are in the order of the items`(count: Int, width: Int) {
        let items = Array(0..<count)
        #expect(Parallel.map(items, width: width) { $0 * $0 } == items.map { $0 * $0 })
    }

    @Test func `so many run at once and no more`() {
        let running = Mutex((now: 0, most: 0))
        let results = Parallel.map(Array(0..<12), width: 3) { item in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(20_000)
            running.withLock { $0.now -= 1 }
            return item
        }
        #expect(results == Array(0..<12))
        #expect((2...3).contains(running.withLock { $0.most }))
    }
}

@Suite struct ProcessEnvironmentTests {
    @Test func `variables are set, replaced and removed`() {
        var environment = ProcessEnvironment(["A": Bytes("1".utf8)])
        environment["B"] = [0xFF]
        environment["A"] = Bytes("2=3".utf8)
        #expect(environment["A"] == Bytes("2=3".utf8))
        #expect(environment.entries == [[0x42, 0x3D, 0xFF], Bytes("A=2=3".utf8)])
        environment["B"] = nil
        #expect(environment["B"] == nil && environment["C"] == nil)
    }

    @Test func `an empty variable is there`() {
        var environment = ProcessEnvironment([:])
        environment["E"] = []
        #expect(environment["E"] == [])
        #expect(environment.entries == [Bytes("E=".utf8)])
    }

    @Test func `the program's own variables are seen`() {
        let path = ProcessInfo.processInfo.environment["PATH"]
        #expect(ProcessEnvironment.current["PATH"]?.text == path)
    }
}
