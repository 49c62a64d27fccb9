import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

struct ClosingTests {
    /// A store that bob has left, with these entries; their secrets are `v1`.
    private func left(_ names: String...) throws -> StoreBox {
        let box = try StoreBox.leaving()
        for name in names { try box.put(name, "v1\nuser: ann") }
        try box.offboard()
        return box
    }

    @Test func `an entry is settled when its secret is another`() throws {
        let box = try left("a", "b")
        #expect(try box.states() == ["a unchanged", "b unchanged"])
        try box.put("a", "v2\nuser: ann")
        try box.put("b", "v1\nuser: ann and carol")
        #expect(try box.states() == ["a closed", "b unchanged"])
    }

    @Test func `an earlier secret that they knew does not settle it`() throws {
        let box = try StoreBox.leaving()
        try box.put("a", "v1")
        try box.put("a", "v2")
        try box.offboard()
        try box.put("a", "v1")
        #expect(try box.states() == ["a unchanged"])
        try box.put("a", "v3")
        #expect(try box.states() == ["a closed"])
        try box.put("a", "v2")
        #expect(try box.states() == ["a unchanged"])
    }

    @Test func `line ends and blanks at the end of the secret do not settle it`() throws {
        let box = try left("a")
        try box.put("a", "v1 \r\nuser: ann")
        #expect(try box.states() == ["a unchanged"])
    }

    @Test(arguments: [
        ("-----BEGIN KEY-----\nx", "-----BEGIN KEY-----\ny"), ("\nkey: 1", "\nkey: 2"),
        ("x\u{0}1\n1", "x\u{0}1\n2"),
    ]) func `all of what has no line of its own for the secret counts`(
        old: String, new: String
    ) throws {
        let box = try StoreBox.leaving()
        try box.put("a", old)
        try box.offboard()
        #expect(try box.states() == ["a unchanged"])
        try box.put("a", new)
        #expect(try box.states() == ["a closed"])
    }

    @Test func `an entry that is renamed after somebody left is followed`() throws {
        let box = try left("a")
        try box.rename("a", "deep/b")
        #expect(try box.states() == ["a unchanged"])
        try box.put("deep/b", "v2")
        try box.put("a", "v1")
        #expect(try box.states() == ["a closed"])
    }

    @Test func `a secret that they knew under another name is known`() throws {
        let box = try StoreBox.leaving()
        try box.put("a", "v1")
        try box.rename("a", "b")
        try box.put("b", "v2")
        try box.offboard()
        try box.put("b", "v1")
        #expect(try box.states() == ["a unchanged", "b unchanged"])
        try box.put("b", "v3")
        #expect(try box.states() == ["a closed", "b closed"])
    }

    @Test func `what is removed from the store is settled by hand only`() throws {
        let box = try left("a", "b")
        try box.store.remove(Path(box.path("a.gpg")), subject: "Remove a from store.")
        #expect(try box.states() == ["a gone", "b unchanged"])
        try box.store.settleOffboarding(["a", "b"])
        let day = Day(second: MemoryCipher.now).spelling
        #expect(try box.states() == ["a done \(day)", "b done \(day)"])
        #expect(try box.subjects().first == "Mark a, b as changed.")
        try box.expectSettled()
    }

    @Test func `an entry is settled by the name that it has now`() throws {
        let box = try left("a", "b")
        try box.rename("a", "c")
        try box.store.settleOffboarding(["c"], of: Recipient("bob".utf8))
        #expect(try box.states().first?.hasPrefix("a done") == true)
        #expect(
            message { try box.store.settleOffboarding(["b", "x"]) }
                == "x is on no list of what somebody who left could read")
    }

    @Test func `what becomes readable to them later is open again`() throws {
        let box = try left("a", "b")
        try box.put("a", "v2")
        try box.store.settleOffboarding(["b"])
        // As a clone that knows nothing of it would.
        for name in ["a", "b", "new"] { try box.message(name, "v3", for: ["ann", "bob"]) }
        try box.commit()
        #expect(try box.states() == ["a readable", "b readable", "new readable"])
        for name in ["a", "b", "new"] { try box.put(name, "v3") }
        #expect(try box.states() == ["a unchanged", "b unchanged", "new unchanged"])
        for name in ["a", "b", "new"] { try box.put(name, "v4") }
        #expect(try box.states() == ["a closed", "b closed", "new closed"])
    }

    @Test func `what the user cannot read cannot be told`() throws {
        let box = try StoreBox.leaving()
        try box.put("a", "v0")
        try box.message("a", "locked", for: ["bob"])
        try box.message("b", "locked", for: ["bob"])
        try box.put("c", "v1")
        try box.commit()
        let offboarding = try box.store.offboarding(of: Recipient("bob".utf8))
        try box.store.offboard(offboarding, partial: true)
        for name in ["a", "b", "c"] { try box.put(name, "v2") }
        // Known is what was there last.
        #expect(try box.states() == ["a unknown", "b unknown", "c closed"])
    }

    @Test func `an older version that the user cannot read is left to others`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "locked", for: ["bob"])
        try box.commit()
        try box.put("a", "v1")
        try box.offboard()
        try box.put("a", "v2")
        #expect(try box.states() == ["a closed"])
    }

    @Test(arguments: [("v1", "a unchanged", "a closed"), ("other", "a gone", "a gone")])
    func `a guessed rename counts when the secrets are the same`(
        secret: String, before: String, after: String
    ) throws {
        let box = try StoreBox.leaving()
        try box.put("a", "v1")
        try box.git("rm", "-q", "a.gpg")
        try box.message("b", secret, for: ["ann"])
        try box.commit("Sync")
        try box.offboard()
        #expect(try box.states() == [before])
        try box.put("b", "v2")
        #expect(try box.states() == [after])
    }

    @Test func `a store without history can only be settled by hand`() throws {
        let box = try StoreBox.leaving(history: false)
        try box.put("a", "v1")
        try box.offboard()
        #expect(try box.states() == ["a unknown"])
        try box.put("a", "v2")
        #expect(try box.states() == ["a unknown"])
        try box.store.settleOffboarding(["a"])
        #expect(try box.states().first?.hasPrefix("a done") == true)
    }

    @Test func `what was compared once is not decrypted again`() throws {
        let box = try left("a", "b")
        try box.put("a", "v2")
        var compared = 0
        func count() throws -> Int {
            compared = 0
            _ = try box.store.offboardingStatus { _, all in compared = all }
            return compared
        }
        #expect(try count() == 2)
        #expect(try count() == 0)
        try box.put("b", "v1")
        #expect(try count() == 1)
        let state = try #require(box.store.storedPins?.folder)
        let kept = try #require(Disk.read(state.file("offboard-verdicts").bytes)).text
        #expect(kept.split(separator: "\n").count == 3)
    }

    @Test func `somebody who did not leave has no list`() throws {
        let box = try left("a")
        #expect(
            message { _ = try box.store.offboardingStatus(of: Recipient("carol".utf8)) }
                == "nobody who left is called carol")
        #expect(try box.store.offboardingStatus().count == 1)
    }
}
