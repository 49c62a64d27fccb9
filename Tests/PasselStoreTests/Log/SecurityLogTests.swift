import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct SecurityLogTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox.team([.ann])
        try box.entry("web/pypi", "old-and-long-1a2b\nkind: pypi\n")
        try box.commitAll()
        return box
    }

    private func events(_ box: StoreBox) -> [String] {
        box.names.filter { $0.hasPrefix(".passel/log/") }.sorted()
    }

    private func put(_ text: String, in box: StoreBox, now: Int64 = 1_800_000_000) throws {
        box.settings.now = { now }
        let store = box.store
        let old = box.text("web/pypi").map { Secret(plain: $0) }
        try store.put(
            Secret(plain: text), in: store.file("web/pypi"), known: .anything, insteadOf: old,
            subject: "Change.")
    }

    @Test func `another secret and its event are one commit`() throws {
        let box = try box()
        try put("new-and-long-3c4d\nkind: pypi\n", in: box)
        #expect(try box.subjects() == ["Change.", "Begin.", "Begin."])
        let name = try #require(events(box).first)
        #expect(events(box).count == 1)
        #expect(try box.git("show", "--format=", "--name-only").split(separator: "\n").count == 2)
        let check = try box.store.securityLog(checkingHistory: true)
        #expect(check.flaws.isEmpty)
        let event = try #require(check.events.first)
        #expect(name.hasSuffix(event.name.text.description))
        #expect(event.actor == "Ann <ann@example.org>")
        #expect(event.oldLastFour == "1a2b")
        #expect(event.newLastFour == "3c4d")
        #expect(event.kind == .replaced)
        // Whoever reads the entry reads the event.
        let content = try #require(Disk.read(box.path(name)))
        #expect(
            try EncryptedMessage(content).recipients
                == [Somebody.ann.fingerprint.keyID])
        try box.expectSettled()
    }

    @Test func `a change of a field is none for the log`() throws {
        let box = try box()
        try put("old-and-long-1a2b\nkind: pypi\nowner: ann\n", in: box)
        #expect(events(box).isEmpty)
    }

    @Test func `each event names the ones that nothing came after`() throws {
        let box = try box()
        for number in 0..<4 {
            try put(
                "secret-number-\(number)\nkind: pypi\n", in: box, now: 1_800_000_000 + Int64(number)
            )
        }
        let all = try box.store.securityLog().events
        #expect(all.map(\.previous) == [[]] + all.dropLast().map { [$0.name] })
        // Somebody who never was here names more than is needed, and misses none.
        box.settings.stateFolder = Path(box.sandbox.root + "/other")
        try put("secret-number-9\nkind: pypi\n", in: box, now: 1_800_000_010)
        let check = try box.store.securityLog()
        #expect(check.events.last?.previous == all.map(\.name))
        #expect(check.heads == [check.events.last?.name])
        #expect(check.flaws.isEmpty)
    }

    @Test func `what is taken away, altered or put in by others is told`() throws {
        let box = try box()
        for number in 0..<3 {
            try put(
                "secret-number-\(number)\nkind: pypi\n", in: box, now: 1_800_000_000 + Int64(number)
            )
        }
        let names = try box.store.securityLog().events.map(\.name)
        // The last one: nothing names it, but this machine has seen it, and the history has.
        let last = try #require(names.last)
        let content = try #require(Disk.read(box.path(last.path.repaired)))
        try box.git("rm", "-q", last.path.repaired)
        #expect(try box.store.securityLog().flaws == [.missing(last)])
        box.settings.stateFolder = nil
        #expect(try box.store.securityLog().flaws.isEmpty)
        #expect(try box.store.securityLog(checkingHistory: true).flaws == [.missing(last)])
        try Disk.write(content, to: Bytes(box.path(names[0].path.repaired).utf8))
        #expect(try box.store.securityLog().flaws == [.altered(names[0])])
        try box.write("no message", names[1].path.repaired)
        #expect(
            try box.store.securityLog().flaws == [.altered(names[0]), .altered(names[1])].sorted())
        try box.write("hello", ".passel/log/note")
        #expect(try box.store.securityLog().flaws.contains(.stray("note")))
    }

    @Test func `an event of others only is no flaw`() throws {
        let box = try box()
        try put("secret-number-1\nkind: pypi\n", in: box)
        let theirs = try MemoryCipher().encrypt(
            Secret(plain: "locked"), to: [Recipient("bob".utf8)])
        let name = try #require(
            EventName("20270115T080000Z-\(String(repeating: "0f", count: 16))".utf8))
        try Disk.write(theirs, to: Bytes(box.path(name.path.repaired).utf8))
        let check = try box.store.securityLog()
        #expect(check.unreadable == [name])
        #expect(check.flaws.isEmpty)
        #expect(check.events.count == 1)
    }

    @Test func `an event alone is a commit of its own, and undoing takes none away`() throws {
        let box = try box()
        var draft = EventDraft(.narrowed, "web/pypi")
        draft.newLastFour = "9z9z"
        try box.store.record(draft)
        #expect(try box.subjects().first == "Record a narrower token made of web/pypi.")
        try put("new-and-long-3c4d\nkind: pypi\n", in: box)
        let before = events(box)
        _ = try box.store.undo(nil)
        #expect(box.text("web/pypi") == "old-and-long-1a2b\nkind: pypi\n")
        #expect(Set(events(box)).isSuperset(of: before))
        let check = try box.store.securityLog(checkingHistory: true)
        #expect(check.flaws.isEmpty)
        #expect(check.events.map(\.newLastFour) == ["9z9z", "3c4d", "1a2b"])
        #expect(check.events.last?.oldLastFour == "3c4d")
    }

    @Test func `an event alone is not what undo takes back`() throws {
        let box = try box()
        try put("new-and-long-3c4d\nkind: pypi\n", in: box)
        try box.store.record(EventDraft(.revoked, "web/pypi"))
        let event = try box.git("rev-parse", "HEAD")
        #expect(
            message { _ = try box.store.undo(Text(event.utf8)) }?.contains(
                "only added to the security log") == true)
        _ = try box.store.undo(nil)
        #expect(box.text("web/pypi") == "old-and-long-1a2b\nkind: pypi\n")
        #expect(try box.store.securityLog(checkingHistory: true).flaws.isEmpty)
    }

    @Test func `it is as well without history and state`() throws {
        let box = try StoreBox(history: false)
        try box.entry("web/pypi", "old-and-long-1a2b\nkind: pypi\n")
        try put("new-and-long-3c4d\nkind: pypi\n", in: box)
        try put("new-and-long-5e6f\nkind: pypi\n", in: box, now: 1_800_000_100)
        let check = try box.store.securityLog(checkingHistory: true)
        #expect(check.events.map(\.newLastFour) == ["3c4d", "5e6f"])
        #expect(check.flaws.isEmpty)
    }
}
