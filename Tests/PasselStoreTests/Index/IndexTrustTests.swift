import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// An index that is not what this machine wrote last counts for nothing.
@Suite struct IndexTrustTests {
    @Test func `what a killed run left in the state folder goes`() throws {
        let box = try IndexBox(["a"])
        _ = try box.store.catalogue()
        let left = box.file(".passel-tmp-0123456789abcdef")
        try Disk.write("x", to: left)
        var times = [timeval](repeating: timeval(tv_sec: 1_000_000_000, tv_usec: 0), count: 2)
        #expect(utimes(left, &times) == 0)
        _ = try box.store.catalogue()
        #expect(Disk.read(left) == nil)
        #expect(Disk.read(box.file("index")) != nil)
    }

    private let box: IndexBox
    private static let names = ["a", "b", "c"]

    init() throws {
        box = try IndexBox(Self.names)
        _ = try box.store.catalogue()
        // A second look leaves something beside the index, too.
        try box.entry("d", "secret of d\nurl: https://d\n")
        _ = try box.store.read(box.store.file("d"), name: "d")
        _ = box.cipher.taken
    }

    /// Whether the catalogue tells the truth, whatever it cost.
    private func expectTruth(_ comment: Comment, _ location: SourceLocation = #_sourceLocation)
        throws
    {
        let found = try box.store.catalogue()
        let urls = found.entries.map { $0.values(of: "url").map(\.bytes.text) }
        #expect(
            urls == [["https://a"], ["https://b"], ["https://c"], ["https://d"]], comment,
            sourceLocation: location)
        #expect(found.unreadable.isEmpty, comment, sourceLocation: location)
    }

    private struct Copies {
        let names: [Path] = ["index", "index.local", "index.journal"]
        let contents: [Path: [UInt8]]

        init(_ box: IndexBox) {
            contents = names.reduce(into: [:]) { $0[$1] = Disk.read(box.file($1)) }
        }

        func put(back box: IndexBox) throws {
            for name in names {
                if let content = contents[name] {
                    try Disk.write(content, to: Bytes(box.file(name).utf8))
                } else {
                    Disk.remove(box.file(name))
                }
            }
        }
    }

    @Test(arguments: ["index", "index.local", "index.journal"])
    func `no flipped byte is believed`(_ name: String) throws {
        let copies = Copies(box)
        let good = try #require(copies.contents[Path(name)])
        for place in stride(from: 0, to: good.count, by: max(1, good.count / 60)) {
            try copies.put(back: box)
            var bad = good
            bad[place] ^= 0x10
            try Disk.write(bad, to: Bytes(box.file(Path(name)).utf8))
            try expectTruth("\(name), byte \(place)")
            #expect(box.takeWarnings.count <= 1)
            // What was made anew is whole.
            _ = box.cipher.taken
            try expectTruth("\(name), byte \(place), again")
            #expect(box.cipher.taken == (1, 0) && box.takeWarnings == [])
        }
    }

    @Test(arguments: ["index", "index.local", "index.journal"])
    func `no truncation is believed`(_ name: String) throws {
        let copies = Copies(box)
        let good = try #require(copies.contents[Path(name)])
        for count in stride(from: 0, to: good.count, by: max(1, good.count / 20)) {
            try copies.put(back: box)
            try Disk.write(Array(good.prefix(count)), to: Bytes(box.file(Path(name)).utf8))
            try expectTruth("\(name), \(count) bytes")
            _ = box.cipher.taken
            try expectTruth("\(name), \(count) bytes, again")
            #expect(box.cipher.taken == (1, 0))
        }
    }

    @Test func `an older index is not used`() throws {
        try expectTruth("settled by many")
        let old = try #require(Disk.read(box.file("index")))
        try box.entry("c", "secret of c\nurl: https://c\n")
        try expectTruth("another c")
        let new = try #require(try IndexAnchor(in: box.folder))
        try Disk.write(old, to: Bytes(box.file("index").utf8))
        #expect(try box.store.indexStatus().isDamaged)
        try expectTruth("rolled back")
        #expect(box.takeWarnings.count == 1)
        #expect(try IndexAnchor(in: box.folder)?.secret != new.secret)
    }

    @Test func `nobody who only knows the public key can plant an index`() throws {
        // Theirs is encrypted to me, and has lies about what I have.
        let other = try IndexBox()
        let content = try #require(Disk.read(box.box.path("a.gpg")))
        try Disk.write(content, to: Bytes(other.box.path("a.gpg").utf8))
        let lie = try StoreIndex.make(
            in: other.folder, other.cipher,
            for: try #require(Fingerprint(IndexBox.me.utf8)), keepsSessionKeys: true)
        try lie.add([
            IndexRow.encode(
                MessageID(of: content), EntryText(Secret(plain: "x\nurl: https://evil\n")),
                sessionKey: nil, hashKey: lie.anchor.hashKey)
        ])
        try lie.settle()
        #expect(
            try other.store.catalogue().entries.first?.values(of: "url") == ["https://evil"],
            "it would be believed")
        let planted = try #require(Disk.read(other.file("index")))
        try Disk.write(planted, to: Bytes(box.file("index").utf8))
        try expectTruth("planted")
        #expect(box.takeWarnings.count == 1)
        // Nor a record beside it.
        try lie.add([
            IndexRow.encode(
                MessageID(of: content), EntryText(Secret(plain: "x\nurl: https://evil\n")),
                sessionKey: nil, hashKey: lie.anchor.hashKey)
        ])
        let record = try #require(Disk.read(other.file("index.journal")))
        try Disk.write(record, to: Bytes(box.file("index.journal").utf8))
        try expectTruth("planted beside it")
    }

    @Test func `an index for a key that is gone is made anew`() throws {
        let key = "C" + String(repeating: "3", count: 39)
        let cipher = CountingCipher(ownKeys: Bytes("key \(key) eve\n".utf8))
        for name in Self.names + ["d"] {
            let message = try cipher.memory.encrypt(
                Secret(plain: "s\nurl: https://\(name)\n"), to: [Recipient(key.utf8)])
            try Disk.write(message, to: Bytes(box.box.path(name + ".gpg").utf8))
        }
        let index = try #require(try IndexAnchor(in: box.folder))
        let store = Store(
            box.settings, cipher: cipher,
            observer: Store.Observer(told: { _ in }, warned: { _ in }))
        let found = try store.catalogue()
        #expect(found.entries.count == 4)
        #expect(try IndexAnchor(in: box.folder)?.secret != index.secret)
    }

    @Test func `a passphrase that is not given ends it and costs nothing`() throws {
        let before = Disk.read(box.file("index"))
        let store = Store(
            box.settings,
            cipher: CountingCipher(ownKeys: Bytes("key \(IndexBox.me) ann\n".utf8), isLocked: true),
            observer: Store.Observer(told: { _ in }, warned: { _ in }))
        #expect(throws: Problem.self) { try store.catalogue() }
        #expect(Disk.read(box.file("index")) == before)
    }
}
