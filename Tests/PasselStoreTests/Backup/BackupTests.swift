import Foundation
import PasselCore
import PasselPosix
import PasselTesting
import Synchronization
import Testing

@testable import PasselStore

/// Backups of stores, with a cipher that needs no gpg.
@Suite struct BackupTests {
    private let box: StoreBox
    private let cipher = MemoryStreamCipher(ids: [Self.key.keyID])
    // swift-format-ignore: NeverForceUnwrap
    private static let key = Fingerprint([UInt8](repeating: 0x41, count: 40))!

    init() throws {
        box = try StoreBox()
        box.cipher.ownKeys = MemoryCipher.keyFile(Self.key, named: "ann")
        box.settings.stateFolder = Path(box.sandbox.root + "/state")
        box.settings.now = { 1_800_000_000 }
        for name in ["web/shop", "web/bank"] {
            try Disk.makeFolder(box.root + "/web")
            let message = try box.cipher.encrypt(
                Secret(plain: "of \(name)"), to: [Recipient("ann".utf8)])
            try Disk.write(message, to: Bytes("\(box.root)/\(name).gpg".utf8))
        }
    }

    private var file: Path { Path(box.sandbox.root + "/one.backup.tar") }

    private func back(up name: Path? = nil) throws -> BackupReceipt {
        try box.store.backUp(to: name ?? file, BackupOrder(), with: cipher)
    }

    private func restore(_ name: String = "again") throws -> String {
        let place = "\(box.sandbox.root)/\(name)"
        _ = try box.store.restoreBackup(file, into: Path(place), passphrase: nil, with: cipher)
        return place
    }

    private func files(_ folder: String) -> [String: Bytes] {
        var found: [String: Bytes] = [:]
        for name in Disk.walk(Bytes(folder.utf8)).map(\.text) where !name.hasPrefix(".git/") {
            found[name] = Disk.read("\(folder)/\(name)")
        }
        return found
    }

    @Test func `everything comes back, what is not committed too`() throws {
        try box.commitAll()
        try box.git("-C", box.root, "branch", "other")
        try box.git("-C", box.root, "tag", "-a", "-m", "x", "v1")
        try Disk.write(Bytes("new".utf8), to: Bytes("\(box.root)/web/notes \n.txt".utf8))
        try Disk.write(Bytes("other".utf8), to: Bytes("\(box.root)/web/bank.gpg".utf8))
        try FileManager.default.removeItem(atPath: "\(box.root)/web/shop.gpg")
        let receipt = try back(up: nil)
        #expect(receipt.info.entries == 1 && receipt.info.head == Bytes("refs/heads/main".utf8))
        let place = try restore()
        #expect(files(place) == files(box.root))
        for words in [["for-each-ref"], ["status", "--porcelain"], ["symbolic-ref", "HEAD"]] {
            let here = try box.sandbox.run("git", ["-C", box.root] + words).stdout
            #expect(try box.sandbox.run("git", ["-C", place] + words).stdout == here)
        }
    }

    @Test func `line ends and filters change nothing`() throws {
        try Disk.write(
            Bytes("*.txt text eol=crlf\n*.gpg text\n".utf8),
            to: Bytes("\(box.root)/.gitattributes".utf8))
        try Disk.write(Bytes("a\nb\n".utf8), to: Bytes("\(box.root)/plain.txt".utf8))
        try box.commitAll()
        _ = try back()
        #expect(files(try restore()) == files(box.root))
    }

    @Test func `a detached head comes back`() throws {
        try box.commitAll()
        try box.git("-C", box.root, "checkout", "-q", "--detach")
        _ = try back()
        let place = try restore()
        let head = try box.sandbox.run("git", ["-C", place, "rev-parse", "HEAD"]).stdout
        #expect(try box.sandbox.run("git", ["-C", box.root, "rev-parse", "HEAD"]).stdout == head)
    }

    @Test func `a store without history comes back with links and empty folders`() throws {
        let plain = try StoreBox(history: false)
        plain.cipher.ownKeys = MemoryCipher.keyFile(Self.key, named: "ann")
        plain.settings.stateFolder = Path(plain.sandbox.root + "/state")
        try Disk.makeFolder(plain.root + "/empty")
        let long = String(repeating: "x", count: 120)
        try Disk.write(Bytes("1".utf8), to: Bytes("\(plain.root)/\(long)".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: plain.root + "/link", withDestinationPath: long)
        let file = Path(plain.sandbox.root + "/x.backup.tar")
        let receipt = try plain.store.backUp(to: file, BackupOrder(), with: cipher)
        #expect(receipt.info.head == nil)
        let place = plain.sandbox.root + "/again"
        _ = try plain.store.restoreBackup(
            file, into: Path(place), passphrase: nil, with: cipher)
        #expect(files(place) == files(plain.root))
        #expect(try Files.target(of: Path(place + "/link")) == Path(long))
        #expect(FileStatus.isFolder(Path(place + "/empty")))
    }

    @Test func `every flipped bit is told, and nothing crashes`() throws {
        try box.commitAll()
        _ = try back()
        let whole = try #require(Disk.read(file.bytes))
        let damaged = Path(box.sandbox.root + "/damaged")
        var missed: [Int] = []
        for round in 0..<1000 {
            let bit = Int.random(in: 0..<whole.count * 8)
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try Disk.write(bytes, to: damaged.bytes)
            if (try? BackupFile(checking: damaged)) != nil { missed.append(bit) }
            // What is not told by its digest would have to be told by what is inside.
            if round < 10 {
                #expect(throws: Problem.self) {
                    try box.store.restoreBackup(
                        damaged, into: "/nonexistent/x", passphrase: nil, with: cipher)
                }
            }
        }
        #expect(missed == [])
    }

    @Test func `what is cut off, or has more at its end, is no backup`() throws {
        try box.commitAll()
        _ = try back()
        let whole = try #require(Disk.read(file.bytes))
        let damaged = Path(box.sandbox.root + "/damaged.backup.tar")
        for length in Array(stride(from: 0, to: whole.count, by: 500)) + [whole.count - 1] {
            try Disk.write(Bytes(whole[..<length]), to: damaged.bytes)
            #expect(throws: Problem.self) { try BackupFile(checking: damaged) }
            #expect(
                try BackupFile.glances(in: Path(box.sandbox.root)).first {
                    $0.path == damaged
                }?.isComplete == false)
        }
        try Disk.write(whole + [0], to: damaged.bytes)
        #expect(throws: Problem.self) { try BackupFile(checking: damaged) }
    }

    @Test func `a backup replaces nothing`() throws {
        _ = try back()
        let before = Disk.read(file.bytes)
        #expect(throws: Problem.self) { try back() }
        #expect(Disk.read(file.bytes) == before)
        #expect(throws: Problem.self) { try restore("store") }
    }

    @Test func `what is encrypted to others than the recipients is not handed out`() throws {
        var other = cipher
        other.ids = [MemoryCipher.id(Recipient("eve".utf8))]
        #expect(throws: Problem.self) {
            try box.store.backUp(to: file, BackupOrder(), with: other)
        }
        #expect(Disk.read(file.bytes) == nil)
    }

    @Test func `recipients that nobody acknowledged get nothing`() throws {
        try box.commitAll()
        _ = try back()
        try box.list("ann\neve\n")
        try box.commitAll()
        let asked = Mutex(false)
        var listening = cipher
        listening.told = { _ in asked.withLock { $0 = true } }
        #expect(throws: Problem.self) {
            try box.store.backUp(
                to: Path(box.sandbox.root + "/two.backup.tar"), BackupOrder(), with: listening)
        }
        #expect(asked.withLock { $0 } == false)
    }

    @Test func `a drill compares, and is remembered`() throws {
        try box.commitAll()
        let drill = try box.store.drillBackup(BackupOrder(), with: cipher)
        #expect(
            drill.isGood && drill.check.opened == 2 && drill.compared == files(box.root).count - 1)
        #expect(box.store.lastBackup()?.drill == 1_800_000_000)
        #expect(box.store.lastBackup()?.made == nil)
        let log = try box.store.securityLog()
        #expect(log.events.map(\.kind) == [.drilled] && log.flaws.isEmpty)
    }
}
