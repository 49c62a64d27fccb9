import Foundation
import PasselTesting
import Testing

/// Connections that end, stall or are reset in the middle: everything stays whole, and the next try
/// gets there.
@Suite(.serialized) struct CutTests {
    typealias Way = RemoteBox.Way
    private let box: RemoteBox
    private let server: Server
    private let line: BadLine
    private let url: String

    init() throws {
        box = try RemoteBox()
        server = try box.servers.git()
        line = try box.servers.badLine(to: server)
        url = "git://127.0.0.1:\(line.server.port)/store.git"
    }

    /// 25 places in so many bytes, the first and the last few among them.
    private func offsets(_ count: Int) -> [Int] {
        let last = max(1, count - 1)
        return [0, 1, 2, last - 2, last - 1, last]
            + (1...19).map { 2 + $0 * max(0, last - 5) / 20 }
    }

    private func settle() { usleep(30_000) }

    @Test(arguments: Way.allCases) func `a fetch that is cut anywhere harms nothing`(way: Way)
        throws
    {
        let template = try box.copy(box.folder, "template")
        for name in ["second", "third", "fourth"] { try box.commit(name) }
        try box.git("-C", box.folder, "push", "-q", box.bare, "main")
        let (before, wanted) = (try box.head(template), try box.head(box.folder))
        let probe = try box.copy(template, "probe")
        #expect(try box.go(way, "fetch", url, folder: probe).result == wanted)
        settle()
        let size = line.counts
        var good = 0
        for up in [true, false] {
            for offset in offsets(up ? size.up : size.down) {
                let clone = try box.copy(template, "clone")
                try line.set(.cut(up: up, offset))
                let cut = try box.go(way, "fetch", url, folder: clone)
                try line.set(.none)
                var isGood = cut.status == 0 ? cut.result == wanted : cut.problem != nil
                isGood = try isGood && box.isSound(clone) && box.head(clone) == before
                let left = Disk.names(in: Bytes((clone + "/.git/objects/pack").utf8)).map(\.text)
                isGood = isGood && !left.contains { $0.hasPrefix("tmp_") }
                let again = try box.go(way, "fetch", url, folder: clone)
                isGood = try isGood && again.result == wanted && box.isSound(clone)
                #expect(isGood, "\(up) \(offset): \(cut.raw.text) \(again.raw.text)")
                if isGood { good += 1 }
            }
        }
        print("fetch through \(way), cut: \(good) of 50")
        #expect(good == 50)
    }

    @Test(arguments: Way.allCases) func `a push that is cut anywhere is decided by the remote`(
        way: Way
    ) throws {
        let template = try box.copy(box.bare, "template.git")
        for name in ["second", "third", "fourth"] { try box.commit(name) }
        let (before, wanted) = (try box.head(template), try box.head(box.folder))
        #expect(try box.go(way, "push", url).result == "done")
        settle()
        let size = line.counts
        var good = 0
        for up in [true, false] {
            for offset in offsets(up ? size.up : size.down) {
                _ = try box.copy(template, "repos/store.git")
                try line.set(.cut(up: up, offset))
                let cut = try box.go(way, "push", url)
                try line.set(.none)
                settle()
                let head = try box.head(box.bare)
                var isGood = head == (cut.status == 0 ? wanted : before)
                isGood = isGood && (cut.status == 0 || cut.problem != nil)
                isGood = try isGood && box.isSound(box.bare) && box.isSound(box.folder)
                let again = try box.go(way, "push", url)
                isGood = try isGood && again.status == 0 && box.head(box.bare) == wanted
                #expect(isGood, "\(up) \(offset): \(cut.raw.text) \(again.raw.text)")
                if isGood { good += 1 }
            }
        }
        print("push through \(way), cut: \(good) of 50")
        #expect(good == 50)
    }

    @Test(arguments: Way.allCases) func `a server that falls silent is not waited for`(
        way: Way
    ) throws {
        try box.commit("second")
        for fault in [
            BadLine.Fault.stall(up: true, 0), .stall(up: false, 0), .stall(up: false, 40),
        ] {
            try line.set(fault)
            for action in ["fetch", "push"] {
                let said = try box.go(way, action, url, timeout: 1)
                let message = "office: nothing came from 127.0.0.1 for a second"
                #expect(said.problem == message, "\(fault) \(action) \(said.raw.text)")
                // A push asks again where the branch is.
                #expect(said.seconds < 30, "\(fault) \(action)")
            }
        }
        try line.set(.none)
        #expect(try box.go(way, "push", url).result == "done")
        #expect(try box.isSound(box.folder) && box.isSound(box.bare))
    }

    @Test(arguments: Way.allCases) func `a connection that is reset ends at once`(way: Way) throws {
        try box.commit("second")
        for up in [true, false] {
            try line.set(.reset(up: up, 20))
            for action in ["fetch", "push"] {
                let said = try box.go(way, action, url)
                #expect(said.status == 1 && said.seconds < 15, "\(said.raw.text)")
                #expect(!said.hints.isEmpty, "\(said.raw.text)")
            }
        }
        try line.set(.none)
        #expect(try box.go(way, "push", url).result == "done")
        #expect(try box.isSound(box.folder) && box.isSound(box.bare))
    }

    @Test(arguments: Way.allCases) func `interrupted, all that was started ends`(way: Way) throws {
        try line.set(.stall(up: false, 40))
        let program = Binary.find("passel-transporter", variable: "PASSEL_TRANSPORTER")
        let path = way == .library ? ["PATH": Bytes("/nowhere".utf8)] : [:]
        let environment = box.sandbox.environment.merging(path) { $1 }
        let running = try RunningProgram(
            Invocation(
                program, [box.folder, "20", "fetch", url, "main"].map { Bytes($0.utf8) },
                environment: environment.map { Bytes("\($0.key)=".utf8) + $0.value },
                directory: "/"))
        for _ in 0..<600 where way == .git && workers().isEmpty { usleep(50_000) }
        if way == .git { #expect(!workers().isEmpty) }
        usleep(700_000)
        kill(running.pid, SIGINT)
        running.wait()
        for _ in 0..<600 where !workers().isEmpty { usleep(50_000) }
        #expect(workers() == [])
        try line.set(.none)
        #expect(try box.go(way, "fetch", url).result == box.head(box.bare))
        #expect(try box.isSound(box.folder))
    }

    /// The programs that work in the work tree.
    private func workers() -> [String] {
        Disk.names(in: Bytes("/proc".utf8)).map(\.text).filter { name in
            Int(name) != nil
                && Disk.facts(Bytes("/proc/\(name)/cwd".utf8))?.target?.text == box.folder
        }
    }
}
