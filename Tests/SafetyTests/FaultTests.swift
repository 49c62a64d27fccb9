import Foundation
import Testing

/// Calls that fail, and disks that are full: the old value stays, and nothing claims success.
@Suite(.serialized) struct FaultTests {
    @Test(arguments: ["insert -f", "mv"], ["ENOSPC", "EIO", "EROFS"])
    func `a failing call loses nothing and is not hidden`(_ name: String, _ error: String)
        async throws
    {
        let sweep = Sweep(
            program: Binaries.passel, keyring: try Keyring(),
            operation: { name == "mv" ? .move($0) : .overwrite($0) }, mode: ["fail", error])
        let result = try await sweep.run()
        #expect(result.calls > 10, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }

    @Test func `where two files cannot change places one takes the other's in two steps`() throws {
        let keyring = try Keyring()
        defer { keyring.close() }
        let box = try Sandbox(keyring, "exchange")
        try box.reset()
        let operation = Operation.overwrite(box)
        let report = box.folder + "/report"
        func run(_ mode: [String]) throws -> (status: Int32, report: String) {
            try box.reset()
            let killer = [Binaries.killer] + mode + ["-o", report, "--"]
            let outcome = try operation.command(Binaries.passel, in: box, under: killer).run()
            return (outcome.status, try String(contentsOfFile: report, encoding: .utf8))
        }
        func isExchange(_ call: some StringProtocol) -> Bool {
            call.contains(" renameat2 ") && call.hasSuffix(".gpg")
        }
        // The first runs also write down what is remembered of the store.
        for _ in 0..<2 { _ = try run(["count"]) }
        let calls = try run(["count", "-v"]).report.split(separator: "\n")
        let number = try #require(calls.firstIndex(where: isExchange), "\(calls)")
        // Objects of other content lie in other folders, of which some have to be made: the number
        // is another each time.
        var status: Int32?
        for attempt in 0..<100 where status == nil {
            let near = number - 8 + attempt % 16
            let failed = try run(["fail", "\(near)", "\(EINVAL)"])
            if isExchange(failed.report.split(separator: "\n").first ?? "") {
                status = failed.status
            }
        }
        #expect(status == 0)
        var check = Invariants(box: box, operation: operation, program: Binaries.passel)
        check.usualFiles = check.surroundings(try StoreFiles(box.store))
        #expect(try check.violationsAtOnce(status: 0) == [])
        #expect(try check.violationsAfterNext(head: box.git.head()) == [])
    }

    @Test(
        .enabled(if: Binaries.isRoot, "only root can mount a file system of a chosen size"),
        arguments: ["insert -f", "mv"])
    func `a full disk loses nothing and is not hidden`(_ name: String) throws {
        let disk = try SmallDisk(try Keyring())
        let text = "\(disk.box.marker)-large\n" + Sandbox.randomText(20_000) + "\n"
        let operation =
            name == "mv"
            ? Operation.move(disk.box)
            : Operation(
                name: name, arguments: ["insert", "-m", "-f", "web/site"], input: text,
                after: ["web/site": .text(text)])
        var refused = 0
        var done = 0
        let rooms = Array(stride(from: 0, through: 92, by: 4))
        for room in rooms {
            let (status, wrong) = try disk.run(operation, roomInKiB: room)
            if status == 0 { done += 1 } else { refused += 1 }
            #expect(
                wrong.isEmpty, "\(name) with \(room) KiB left: \(wrong.joined(separator: "; "))")
        }
        print("\(name) on a full disk: \(rooms.count) sizes, \(refused) refused, \(done) done")
        #expect(refused > 0 && done > 0, "the sizes must reach from too small to large enough")
    }
}

/// A sandbox whose store lies on a file system that can be made full.
final class SmallDisk {
    let box: Sandbox
    private let mountPoint: String

    init(_ keyring: Keyring) throws {
        var box = try Sandbox(keyring, "disk")
        mountPoint = box.folder + "/mount"
        box.store = mountPoint + "/store"
        self.box = box
        mkdir(mountPoint, 0o700)
        try Self.mount(["-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", mountPoint])
    }

    deinit { umount2(mountPoint, Int32(MNT_DETACH)) }

    /// Runs the operation on a fresh copy with so much room, then checks it with plenty.
    func run(_ operation: Operation, roomInKiB: Int) throws -> (status: Int32, wrong: [String]) {
        try resize("64m")
        try box.reset()
        // The next command's traces are usual, whatever they are: they come from an undisturbed run.
        var check = Invariants(box: box, operation: operation, program: Binaries.passel)
        _ = try operation.command(Binaries.passel, in: box).run()
        _ = try Operation.next(box).command(Binaries.passel, in: box).run()
        check.usualFiles = check.surroundings(try StoreFiles(box.store))

        try box.reset()
        var status = statvfs()
        statvfs(mountPoint, &status)
        let used = (status.f_blocks - status.f_bfree) * status.f_frsize
        try resize("\(Int(used) + roomInKiB * 1024)")
        let outcome = try operation.command(Binaries.passel, in: box).run()
        try resize("64m")
        let head = try box.git.head()
        var wrong = try check.violationsAtOnce(status: outcome.status)
        if outcome.status != 0, outcome.errors.isEmpty { wrong.append("I8 fails without a word") }
        wrong += try check.violationsAfterNext(head: head)
        return (outcome.status, wrong)
    }

    private func resize(_ size: String) throws {
        try Self.mount(["-o", "remount,size=\(size)", mountPoint])
    }

    private static func mount(_ arguments: [String]) throws {
        let outcome = try Command(
            words: ["mount"] + arguments, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
    }
}
