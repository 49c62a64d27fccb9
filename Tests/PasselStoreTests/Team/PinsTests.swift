import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct PinsTests {
    @Test func `what is written can be read and is the same`() throws {
        var pins = Pins()
        pins.lists = [Roster.top: Bytes("ann\n".utf8), "a b/é": [], "x": [0xFF, 0x0A]]
        pins.readers = [
            Roster.top: [
                Somebody.ann.fingerprint: Pins.Reader(end: nil, keyIDs: [KeyID(1), KeyID(2)]),
                Somebody.bob.fingerprint: Pins.Reader(end: 17, keyIDs: [KeyID(3)]),
            ]
        ]
        pins.keys = [Somebody.bob.fingerprint: Digest(of: [1])]
        #expect(try Pins(pins.content, path: "pins") == pins)
    }

    @Test(arguments: ["", "passel pins 2\n", "passel pins 1\nlist a\n", "passel pins 1\nx\n"])
    func `damaged pins are never guessed at`(content: String) throws {
        #expect(throws: Problem.self) { try Pins(Bytes(content.utf8), path: "pins") }
    }

    @Test func `lists seen first are acknowledged, with whom gpg finds for them`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.put("shop")
        let pins = try #require(try box.pins())
        #expect(pins.lists == [Roster.top: Bytes("ann\n".utf8)])
        #expect(pins.readers[Roster.top]?.keys.map(\.self) == [Somebody.ann.fingerprint])
        try box.put("shop", "again")
    }

    @Test func `a list that changed blocks writing to its folder only`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.list("ann\n", "web")
        try box.put("shop")
        try box.list("ann\nbob\n", "web")
        #expect(message { try box.put("web/mail") }?.contains("recipients of web") == true)
        #expect(!box.exists("web/mail.gpg"))
        try box.put("shop", "still")
    }

    @Test func `a new list between an entry and its acknowledged list blocks writing`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.put("web/prod/db")
        try box.list("bob\n", "web/prod")
        #expect(message { try box.put("web/prod/db") }?.contains("web/prod") == true)
    }

    @Test func `a removed list does not let the one above hold`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.list("bob\n", "web")
        try box.put("web/mail")
        Disk.remove(box.path("web/.gpg-id"))
        #expect(message { try box.put("web/mail") } != nil)
    }

    @Test func `our own changes of lists are acknowledged thereby`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.put("web/mail")
        try box.store.initialise([Bytes("bob".utf8)], folder: "web")
        try box.put("web/mail")
        #expect(try box.isRead("web/mail", by: [.bob]))
        let relocation = try Relocation("web", to: "net", isMove: true, in: box.store)
        try box.store.relocate(relocation)
        try box.put("net/mail", "moved")
        #expect(try box.isRead("net/mail", by: [.bob]))
        #expect(try box.pins()?.lists.keys.sorted { $0.bytes.precedes($1.bytes) } == [".", "net"])
        try box.store.initialise([], folder: "net")
        try box.put("net/mail", "back")
        #expect(try box.isRead("net/mail", by: [.ann]))
    }

    @Test func `a name that means somebody else now is refused`() throws {
        let box = try StoreBox.team([.ann])
        try box.put("shop")
        let impostor = MemoryCipher.keyFile(Somebody.carol.fingerprint, named: "ann")
        box.cipher.ownKeys = impostor
        let refusal = message { try box.put("shop") }
        #expect(refusal?.contains("C3C3 C3C3") == true, "\(refusal ?? "accepted")")
    }

    @Test func `pins of a change that was killed hold once the store is as they say`() throws {
        let box = try StoreBox.team([.bob, .ann])
        try box.put("shop")
        let stored = try #require(box.store.storedPins)
        var coming = try #require(try box.pins())
        coming.setList(Roster.top, Bytes("bob\n".utf8))
        try stored.announce(coming)
        // Killed before the store changed: forgotten.
        try box.put("shop", "a")
        #expect(try box.pins()?.lists[Roster.top] == Bytes("ann\n".utf8))
        // Killed after it: taken.
        try stored.announce(coming)
        try box.list("bob\n")
        try box.put("shop", "b")
        #expect(try box.isRead("shop", by: [.bob]))
    }
}
