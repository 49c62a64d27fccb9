import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

struct OffboardTests {
    /// A store of ann's and bob's with a roster, ann its signer, and some entries.
    private func team() throws -> StoreBox {
        let box = try StoreBox.leaving()
        for name in ["a", "web/b"] { try box.put(name, "old of \(name)") }
        return box
    }

    @Test func `the list is in the commit that takes somebody out`() throws {
        let box = try team()
        let before = try box.subjects().count
        let list = try box.offboard()
        #expect(try box.subjects().count == before + 1)
        #expect(try box.subjects().first == "Offboard bob.")
        let files = try box.git("show", "--format=", "--name-only", "HEAD").split(separator: "\n")
        #expect(
            Set(files).isSuperset(of: [
                ".passel/offboard/\(Somebody.bob.fingerprint.hex)", ".passel/roster", ".gpg-id",
                "a.gpg", "web/b.gpg",
            ]))
        #expect(try box.isRead("a", by: [.ann]))
        #expect(try box.isRead("web/b", by: [.ann]))
        #expect(list.items.map(\.name.text).sorted() == ["a", "web/b"])
        #expect(list.day == Day(second: MemoryCipher.now))
        #expect(list.keyIDs == [Somebody.bob.fingerprint.keyID])
        #expect(try box.store.offboardingLists() == [OffboardingList(list.content, path: "x")])
        try box.expectSettled()
    }

    @Test func `who left already only gets the list, and it keeps what was known`() throws {
        let box = try team()
        try box.offboard()
        var list = try #require(try box.store.offboardingLists().first)
        list.done[Array("a".utf8)] = list.day
        try box.write(list.content.text, list.file.repaired)
        try box.commit("Done by hand")
        box.settings.now = { MemoryCipher.now + 86_400 }
        let roster = Disk.read(box.path(".passel/roster"))
        try box.message("late", "1", for: ["ann", "bob"])
        try box.commit("From an old clone")
        let again = try box.offboard()
        #expect(Disk.read(box.path(".passel/roster")) == roster)
        #expect(again.day == list.day)
        #expect(again.done == list.done)
        #expect(again.items.map(\.name.text).sorted() == ["a", "late", "web/b"])
        #expect(try box.subjects().first == "Offboard bob.")
        try box.expectSettled()
    }

    @Test func `nothing to write is no commit`() throws {
        let box = try team()
        try box.offboard()
        let before = try box.subjects()
        try box.offboard()
        #expect(try box.subjects() == before)
    }

    @Test func `what the user cannot read stops it, unless that is accepted`() throws {
        let box = try team()
        try box.message("foreign", "locked", for: ["bob"])
        try box.commit()
        let before = try box.git("rev-parse", "HEAD")
        #expect(throws: Problem.self) { try box.offboard() }
        #expect(try box.git("rev-parse", "HEAD") == before)
        #expect(try box.store.offboardingLists() == [])
        let offboarding = try box.store.offboarding(of: Recipient("bob".utf8))
        let outcome = try box.store.offboard(offboarding, partial: true)
        #expect(outcome.failed.map(\.name) == ["foreign"])
        #expect(try box.states() == ["a unchanged", "foreign readable", "web/b unchanged"])
    }

    @Test func `a damaged list is told`() throws {
        let box = try team()
        try box.offboard()
        let file = ".passel/offboard/\(Somebody.bob.fingerprint.hex)"
        try box.write("passel offboard 1\n", file)
        #expect(
            message { _ = try box.store.offboardingStatus() }
                == "\(file) is damaged: it says which secrets somebody who left still knows")
        let other = ".passel/offboard/\(Somebody.carol.fingerprint.hex)"
        try box.git("checkout", "-q", "--", file)
        try box.git("mv", file, other)
        #expect(
            message { _ = try box.store.offboardingStatus() }
                == "\(other) is the list of somebody else")
    }
}
