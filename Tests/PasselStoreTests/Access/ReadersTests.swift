import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct ReadersTests {
    private func team() throws -> ReaderBox {
        let team = try ReaderBox()
        try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))],
            "ops": [(team.ann, .init(.signer))],
        ])
        return team
    }

    private func told(_ entries: [EntryReaders]) -> [Text] {
        entries.map { entry in
            let readers = entry.readers.map(\.description).joined(separator: ", ")
            return "\(entry.name): \(entry.flaw ?? readers)"
        }
    }

    @Test func `readers are those of the packets, whatever the list says`() throws {
        let team = try team()
        try team.entry("web/shop", for: team.bob, team.ann)
        try team.entry("ops/root", for: team.bob)
        #expect(
            told(try team.store.readers()) == [
                "ops/root: Bob <bob@example.org>",
                "web/shop: Ann <ann@example.org>, Bob <bob@example.org>",
            ])
        #expect(try team.store.readers().map(\.folder) == ["ops", "web"])
        #expect(team.cipher.asked == [])
    }

    @Test func `strangers, hidden ones and broken files are told`() throws {
        let team = try team()
        let bob = team.bob.subkeys[0].keyID
        try team.entry("odd", [.hidden, KeyID(0xABC), bob, bob, .hidden])
        try team.box.write("", "empty.gpg")
        #expect(
            told(try team.store.readers()) == [
                "empty: the file is empty",
                "odd: Bob <bob@example.org>, unknown key 0000000000000ABC, hidden, hidden",
            ])
    }

    @Test func `in a bare store names come from the user's keyring`() throws {
        let team = try ReaderBox()
        try team.entry("shop", for: team.bob, team.ann)
        #expect(
            told(try team.store.readers(below: "shop")) == [
                "shop: Ann <ann@example.org>, Bob <bob@example.org>"
            ])
        #expect(team.cipher.asked == ["keys"])
    }

    @Test func `what one key can read is found by any of its subkeys`() throws {
        let team = try team()
        try team.entry("a", for: team.ann, team.bob)
        try team.entry("ops/b", for: team.ann)
        try team.entry("web/c", for: team.bob)
        func readable(_ name: String, _ folder: Path = "") throws -> [Text] {
            try team.store.readable(by: Recipient(name.utf8), below: folder).entries
        }
        #expect(try readable(team.bob.fingerprint.hex) == ["a", "web/c"])
        #expect(try readable("bob@example.org") == ["a", "web/c"])
        #expect(try readable("0x" + team.ann.subkeys[0].keyID.hex, "ops") == ["ops/b"])
        #expect(try readable("carol") == [])
        #expect(message { _ = try readable("example.org") } != nil)
        #expect(message { _ = try readable("nobody") } != nil)
    }

    @Test func `a key id that nobody knows is looked for as it is`() throws {
        let team = try team()
        try team.entry("odd", [KeyID(0xABC)])
        let found = try team.store.readable(by: Recipient("0000000000000ABC".utf8))
        #expect(found.entries == ["odd"] && found.key.name == "unknown key 0000000000000ABC")
    }
}
