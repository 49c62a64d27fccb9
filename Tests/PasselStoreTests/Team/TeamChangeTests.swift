import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct TeamChangeTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox.team([.carol, .bob, .ann])
        for name in ["shop", "web/mail", "web/prod/db"] { try box.put(name, name) }
        return box
    }

    @Test func `adding somebody gives the store its first roster, in one commit`() throws {
        let box = try box()
        let before = try box.subjects().count
        try box.add(.bob)
        #expect(try box.subjects().count == before + 1)
        for name in ["shop", "web/mail", "web/prod/db"] {
            #expect(try box.isRead(name, by: [.ann, .bob]) && box.text(name) == name)
        }
        let roster = try Roster(try #require(Disk.read(box.path(".passel/roster"))))
        #expect(roster.generation == 1 && roster.previous == nil)
        #expect(roster.folders[Roster.top]?[Somebody.ann.fingerprint]?.role == .signer)
        #expect(roster.folders[Roster.top]?[Somebody.bob.fingerprint]?.role == .member)
        #expect(Disk.read(box.path(".gpg-id")) == roster.list(of: Roster.top))
        #expect(
            Disk.read(box.path(".public-keys/\(Somebody.bob.fingerprint.hex)"))
                == Somebody.bob.keyFile)
        try box.expectSettled()
        try box.put("new")
        #expect(try box.isRead("new", by: [.ann, .bob]))
    }

    @Test func `each roster is chained to the one before it`() throws {
        let box = try box()
        try box.add(.bob)
        let first = try #require(Disk.read(box.path(".passel/roster")))
        try box.add(.carol, .machine, to: "web")
        let roster = try Roster(try #require(Disk.read(box.path(".passel/roster"))))
        #expect(roster.generation == 2 && roster.previous == Digest(of: first))
        #expect(roster.follows(try Roster(first), signedBy: [Somebody.ann.fingerprint]))
        #expect(try box.isRead("shop", by: [.ann, .bob]))
        #expect(try box.isRead("web/prod/db", by: [.ann, .bob, .carol]))
    }

    @Test func `removing somebody takes their key file and every entry from them`() throws {
        let box = try box()
        try box.add(.bob)
        var draft = try box.store.draft()
        draft.removeEverywhere(Somebody.bob.fingerprint)
        try box.store.perform(TeamChange(draft, subject: "Remove bob."))
        #expect(try box.isRead("shop", by: [.ann]) && box.isRead("web/prod/db", by: [.ann]))
        #expect(!box.exists(".public-keys/\(Somebody.bob.fingerprint.hex)"))
        try box.expectSettled()
    }

    @Test func `somebody who is no signer cannot change the roster`() throws {
        let box = try box()
        try box.add(.bob)
        box.cipher.ownKeys = Array(
            [Somebody.carol, .ann, .bob].map(\.keyFile).joined())
        let refusal = message { try box.add(.carol) }
        #expect(refusal == "none of your keys may sign for the store")
        #expect(try box.subjects().first == "Add bob.")
    }

    @Test func `a signer of a folder may change it and what is below, nothing above`() throws {
        let box = try box()
        try box.add(.bob, .signer, to: "web")
        box.cipher.ownKeys = Array([Somebody.carol, .ann, .bob].map(\.keyFile).joined())
        try box.add(.carol, to: "web/prod")
        #expect(try box.isRead("web/prod/db", by: [.ann, .bob, .carol]))
        #expect(message { try box.add(.carol) } == "none of your keys may sign for the store")
    }

    @Test func `the last signer stays`() throws {
        let box = try box()
        try box.add(.bob)
        var draft = try box.store.draft()
        draft.removeEverywhere(Somebody.ann.fingerprint)
        #expect(
            message { try box.store.perform(TeamChange(draft, subject: "x")) }
                == "nobody would be left who can sign for the store")
    }

    @Test func `an entry that cannot be read stops the change unless it is partial`() throws {
        let box = try box()
        try box.put("locked", "locked away")
        let refusal = message { try box.add(.bob) }
        #expect(refusal == "nothing was changed, because you cannot read these: locked")
        #expect(!box.exists(".passel/roster"))
        var draft = try box.store.draft()
        draft.add(
            try box.store.person(Somebody.bob.fingerprint.recipient),
            as: Roster.Membership(.member), to: Roster.top)
        var change = TeamChange(draft, subject: "Add bob.")
        change.partial = true
        let outcome = try box.store.perform(change)
        #expect(outcome.failed.map(\.name) == ["locked"])
        #expect(try box.isRead("locked", by: [.ann]) && box.isRead("shop", by: [.ann, .bob]))
        try box.expectSettled()
    }

    @Test func `an expired key refuses the change by name, and can be skipped`() throws {
        let box = try box()
        let ended = Bytes("key \(Somebody.bob.fingerprint.hex) bob expires 1700000000\n".utf8)
        box.cipher.ownKeys = ended + Somebody.ann.keyFile
        let refusal = message { try box.add(.bob) }
        #expect(refusal == "cannot encrypt to bob: the key is expired since 2023-11-14")
        box.settings.skipped = [Somebody.bob.fingerprint.recipient]
        try box.add(.bob)
        #expect(try box.isRead("shop", by: [.ann]))
        #expect(
            try box.git("log", "-1", "--format=%(trailers:key=Skipped-recipient,valueonly)")
                == "\(Somebody.bob.fingerprint.hex) bob")
        box.settings.skipped = []
        #expect(message { try box.put("new") }?.contains("bob") == true)
    }

    @Test func `a machine is encrypted to until its day is over`() throws {
        let box = try box()
        var draft = try box.store.draft()
        draft.add(
            try box.store.person(Somebody.bob.fingerprint.recipient),
            as: Roster.Membership(.machine, until: Day(second: MemoryCipher.now)), to: Roster.top)
        try box.store.perform(TeamChange(draft, subject: "Add bob."))
        try box.put("today")
        #expect(try box.isRead("today", by: [.ann, .bob]))
        box.settings.now = { MemoryCipher.now + 86_400 }
        #expect(message { try box.put("tomorrow") }?.contains("was to read until") == true)
    }

    @Test func `a roster that this machine has not acknowledged blocks writing`() throws {
        let box = try box()
        try box.add(.bob)
        var roster = try #require(Disk.read(box.path(".passel/roster")))
        roster.append(0x0A)
        try Disk.write(roster, to: Bytes(box.path(".passel/roster").utf8))
        #expect(message { try box.put("shop") }?.contains("roster") == true)
        Disk.remove(box.path(".passel/roster"))
        #expect(
            message { try box.put("shop") } == "the roster of the team is gone; nothing was written"
        )
    }

    @Test func `moving a folder with its own readers moves them in the roster`() throws {
        let box = try box()
        try box.add(.bob, to: "web")
        try box.store.relocate(try Relocation("web", to: "net", isMove: true, in: box.store))
        let roster = try Roster(try #require(Disk.read(box.path(".passel/roster"))))
        #expect(roster.folders.keys.sorted { $0.bytes.precedes($1.bytes) } == [".", "net"])
        try box.put("net/mail")
        #expect(try box.isRead("net/mail", by: [.ann, .bob]))
        try box.store.remove(Path(box.path("net/")), subject: "Remove net.")
        let left = try Roster(try #require(Disk.read(box.path(".passel/roster"))))
        #expect(left.folders.keys.map(\.self) == [Roster.top])
        try box.expectSettled()
    }

    @Test func `init on a store with a roster changes the roster`() throws {
        let box = try box()
        try box.add(.bob)
        try box.store.initialise([Somebody.ann.fingerprint.bytes], folder: "web")
        let roster = try Roster(try #require(Disk.read(box.path(".passel/roster"))))
        #expect(roster.folders["web"]?.keys.map(\.self) == [Somebody.ann.fingerprint])
        #expect(roster.folders["web"]?[Somebody.ann.fingerprint]?.role == .signer)
        #expect(try box.isRead("web/mail", by: [.ann]) && box.isRead("shop", by: [.ann, .bob]))
        try box.store.initialise([], folder: "web")
        #expect(try box.isRead("web/mail", by: [.ann, .bob]))
    }
}
