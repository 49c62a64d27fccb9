import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// What is known of entries, and what it costs to know it.
@Suite struct CatalogueTests {
    private let names = ["web/a", "web/b", "mail"]

    @Test func `everything but the secret is known of an entry`() throws {
        let box = try IndexBox()
        try box.entry(
            "ci", "gh" + "p_0123456789\nURL: https://x.example\nnote:  two words \nfree text\n")
        for _ in 0..<2 {
            let entry = try #require(box.store.catalogue().entries.first)
            #expect(entry.name == "ci" && entry.lastFour == "6789")
            #expect(
                entry.fields == [
                    EntryField(key: "URL", value: "https://x.example"),
                    EntryField(key: "note", value: "two words"),
                ])
            #expect(entry.metadata[.url] == ["https://x.example"])
            #expect(entry.values(of: "url") == ["https://x.example"])
        }
    }

    @Test func `a warm index needs one operation with the key`() throws {
        let box = try IndexBox(names)
        let cold = try box.store.catalogue()
        #expect(box.cipher.taken == (3, 0) && cold.read == 3)
        let warm = try box.store.catalogue()
        #expect(box.cipher.taken == (1, 0) && warm.read == 0)
        #expect(warm.entries.map(\.name) == ["mail", "web/a", "web/b"])
        #expect(warm.entries.map(\.fields) == cold.entries.map(\.fields))
        #expect(box.takeWarnings == [])
    }

    @Test func `only what is new is read`() throws {
        let box = try IndexBox(names)
        _ = try box.store.catalogue()
        try box.entry("web/b", "other\nurl: https://other\n")
        try box.entry("new", "more\n")
        _ = box.cipher.taken
        let found = try box.store.catalogue(below: "web")
        #expect(box.cipher.taken == (2, 0))
        #expect(
            found.entries.map { $0.values(of: "url") } == [["https://web/a"], ["https://other"]])
        #expect(try box.store.catalogue(below: "new").entries.count == 1)
        #expect(try box.store.indexStatus().known == 4)
        #expect(throws: Problem.self) { try box.store.catalogue(below: "nobody") }
    }

    @Test func `what is for others is told apart without asking gpg`() throws {
        let box = try IndexBox(names)
        try box.entry("theirs", "x\n", for: IndexBox.somebody)
        try Disk.write("no message", to: box.box.path("broken.gpg"))
        for _ in 0..<2 {
            let found = try box.store.catalogue()
            #expect(found.entries.count == 3)
            #expect(found.unreadable.map(\.name) == ["broken"])
            #expect(found.forOthers == 1)
        }
        #expect(box.cipher.taken == (4, 0))
    }

    @Test func `without a key or a place there is no index and all works`() throws {
        let keyless = try IndexBox()
        try keyless.entry("a", "x\nurl: y\n")
        keyless.settings.stateFolder = nil
        #expect(try keyless.store.catalogue().entries.count == 1)
        #expect(try keyless.store.indexStatus().keeps == nil)
        let off = try IndexBox(names)
        off.settings = configured(off, "off")
        #expect(try off.store.catalogue().entries.count == 3)
        #expect(Disk.read(off.file("index")) == nil && Disk.read(off.file("index.local")) == nil)
    }

    @Test func `metadata keeps no session keys, and drops those that were kept`() throws {
        let box = try IndexBox(names)
        _ = try box.store.catalogue()
        #expect(try box.store.indexStatus().sessionKeys == 3)
        let full = box.settings
        box.settings = configured(box, "metadata")
        _ = box.cipher.taken
        #expect(try box.store.catalogue().entries.count == 3)
        let status = try box.store.indexStatus()
        #expect(status.sessionKeys == 0 && status.known == 3 && status.keeps == .metadata)
        _ = try box.store.catalogue(complete: true)
        #expect(try box.store.indexStatus().sessionKeys == 0)
        box.settings = full
        _ = try box.store.read(box.store.file("mail"), name: "mail")
        #expect(try box.store.indexStatus().sessionKeys == 0, "as it was made")
    }

    private func configured(_ box: IndexBox, _ policy: String) -> Store.Settings {
        var environment = box.settings.environment
        environment["PASSEL_INDEX"] = Array(policy.utf8)
        var settings = Store.Settings(root: box.settings.root, environment: environment)
        settings.stateFolder = box.settings.stateFolder
        return settings
    }

    @Test func `searching goes by session keys`() throws {
        let box = try IndexBox(names)
        func search() throws -> [String] {
            var found: [String] = []
            try box.store.searchEntries({ name, text in text.line(1).map { _ in name } }) {
                found.append($0.bytes.text)
                _ = try $1.get()
            }
            return found
        }
        #expect(try search() == ["mail", "web/a", "web/b"])
        #expect(box.cipher.taken == (3, 0))
        #expect(try search() == ["mail", "web/a", "web/b"])
        #expect(box.cipher.taken == (1, 3))
    }

    @Test func `a single entry is read without opening the index, which learns of it`() throws {
        let box = try IndexBox(names)
        _ = try box.store.catalogue(below: "web")
        _ = box.cipher.taken
        for _ in 0..<2 { _ = try box.store.read(box.store.file("mail"), name: "mail") }
        #expect(box.cipher.taken == (2, 0))
        #expect(try box.store.indexStatus().sessionKeys == 3)
        #expect(try box.store.catalogue().read == 0)
        #expect(box.cipher.taken == (1, 0))
    }

    @Test func `what is written is known at once`() throws {
        let box = try IndexBox(names, history: true)
        _ = try box.store.catalogue()
        let list = try #require(Disk.read(box.box.path(".gpg-id")))
        #expect(list.text == "ann\n")
        try box.store.put(
            Secret(plain: "new\nurl: there\n"), in: box.store.file("web/c"), known: .absent,
            subject: "Add.")
        #expect(try box.store.indexStatus().known == 4)
        _ = box.cipher.taken
        let found = try box.store.catalogue(below: "web/c")
        #expect(found.entries.first?.values(of: "url") == ["there"])
        #expect(box.cipher.taken == (1, 0))
        // Its session key comes with the first look at it.
        #expect(try box.store.indexStatus().sessionKeys == 3)
        _ = try box.store.catalogue(complete: true)
        #expect(try box.store.indexStatus().sessionKeys == 4)
    }

    @Test func `many messages are decrypted by what the index knows of them`() throws {
        let box = try IndexBox(names)
        let contents = try names.map { try #require(Disk.read(box.box.path($0 + ".gpg"))) }
        func read(_ count: Int) throws -> [String] {
            let reader = box.store.messageReader(for: Array(contents.prefix(count)))
            return try contents.prefix(count).map { content in
                let text = try reader.decrypt(content, name: "entry")
                return text.withBytes { String(decoding: $0.prefix(8), as: UTF8.self) }
            }
        }
        #expect(try read(3) == ["secret o", "secret o", "secret o"])
        #expect(box.cipher.taken == (3, 0), "there is no index, and none is made")
        _ = try box.store.catalogue()
        _ = box.cipher.taken
        #expect(try read(3).count == 3)
        #expect(box.cipher.taken == (1, 3))
        #expect(try read(1).count == 1)
        #expect(box.cipher.taken == (1, 0), "one alone is not worth to open it")
    }

    @Test func `healing goes by the index and lets it know the result`() throws {
        let box = try IndexBox(history: true)
        for name in ["a", "b", "c"] {
            let message = try box.cipher.memory.encrypt(
                Secret(plain: "secret of \(name)\nurl: https://\(name)\n"),
                to: [IndexBox.me, IndexBox.somebody].map { Recipient($0.utf8) })
            try Disk.write(message, to: Bytes(box.box.path(name + ".gpg").utf8))
        }
        try box.box.commitAll()
        _ = try box.store.catalogue()
        _ = box.cipher.taken
        #expect(try box.store.heal().healed == ["a", "b", "c"])
        #expect(box.cipher.taken == (1, 3))
        #expect(try box.store.indexStatus().known == 3)
        let found = try box.store.catalogue()
        #expect(
            found.entries.map { $0.values(of: "url") } == [
                ["https://a"], ["https://b"], ["https://c"],
            ])
        #expect(found.read == 0)
        #expect(box.cipher.taken == (1, 0))
    }

    @Test func `stale rows are dropped`() throws {
        let box = try IndexBox(names)
        _ = try box.store.catalogue()
        try box.entry("mail", "other\n")
        #expect(try box.store.indexStatus().stale == 1)
        _ = try box.store.catalogue()
        let status = try box.store.indexStatus()
        #expect(status.stale == 0 && status.known == 3)
    }

    @Test func `clearing makes copies worthless`() throws {
        let box = try IndexBox(names)
        _ = try box.store.catalogue()
        let copy = try #require(Disk.read(box.file("index")))
        #expect(try box.store.clearIndex())
        #expect(try !box.store.clearIndex())
        #expect(try box.store.indexStatus().keeps == nil)
        _ = try box.store.catalogue()
        try Disk.write(copy, to: Bytes(box.file("index").utf8))
        #expect(try box.store.indexStatus().isDamaged)
        _ = box.cipher.taken
        #expect(try box.store.catalogue().entries.count == 3)
        #expect(box.cipher.taken == (3, 0) && box.takeWarnings.count == 1)
    }
}
