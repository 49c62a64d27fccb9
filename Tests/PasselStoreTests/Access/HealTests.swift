import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct HealTests {
    private func team() throws -> ReaderBox {
        let team = try ReaderBox(history: true)
        try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))],
            "ops": [(team.ann, .init(.signer))],
        ])
        return team
    }

    @Test func `drifted entries are for their recipients again, in one commit`() throws {
        let team = try team()
        try team.entry("fine", for: team.ann, team.bob)
        try team.entry("web/shop", for: team.ann)
        try team.entry("ops/root", for: team.ann, team.carol)
        try team.entry("new", [team.ann, team.bob].map { $0.subkeys[0].keyID }, aead: true)
        try team.entry("hidden", [.hidden, .hidden])
        try team.box.commitAll()
        let fine = Disk.read(team.box.path("fine.gpg"))
        let healing = try team.store.heal()
        #expect(healing.healed == ["hidden", "new", "ops/root", "web/shop"])
        #expect(healing.remaining.isEmpty)
        #expect(try team.store.drift().isNone)
        #expect(team.box.text("ops/root") == "x")
        #expect(Disk.read(team.box.path("fine.gpg")) == fine)
        #expect(try team.box.subjects().prefix(2) == ["Heal 4 entries.", "Begin."])
        try team.box.expectSettled()
    }

    @Test func `what cannot be read stays and is told`() throws {
        let team = try team()
        try team.entry("web/shop", for: team.ann)
        try team.entry("locked", [team.ann.subkeys[0].keyID], text: "locked away")
        try team.box.write("", "empty.gpg")
        try team.box.commitAll()
        let healing = try team.store.heal()
        #expect(healing.healed == ["web/shop"])
        #expect(healing.remaining.map(\.name) == ["empty", "locked"])
        #expect(
            healing.remaining.map(\.problem.message) == [
                "empty: the file is empty", "locked: no key",
            ])
        #expect(try team.box.subjects().first == "Heal 1 entry.")
    }

    @Test func `nothing to heal is no commit`() throws {
        let team = try team()
        try team.entry("fine", for: team.ann, team.bob)
        try team.box.commitAll()
        let healing = try team.store.heal()
        #expect(healing.healed.isEmpty && healing.remaining.isEmpty)
        #expect(try team.box.subjects().first == "Begin.")
    }

    @Test func `a folder that was not acknowledged is left alone`() throws {
        let team = try team()
        try team.entry("shop", for: team.ann)
        try team.entry("ops/root", for: team.ann, team.bob)
        try team.list("mallory\n", "ops")
        try team.box.commitAll()
        let healing = try team.store.heal()
        #expect(healing.healed == ["shop"])
        #expect(healing.remaining.map(\.name) == ["ops/root"])
        #expect(
            healing.remaining.first?.problem.message
                == "the recipients of ops are not those that this machine has acknowledged; nothing was written"
        )
    }

    @Test func `somebody who cannot be encrypted to holds up only their folders`() throws {
        let team = try ReaderBox(history: true)
        let old = PublicKey.made("Old", "E", subkeys: [.made("E", "1", expires: 5)])
        team.cipher.add(old)
        try team.roster([
            ".": [(team.ann, .init(.signer))],
            "ops": [(team.ann, .init(.signer)), (old, .init(.member))],
        ])
        try team.entry("shop", for: team.bob)
        try team.entry("ops/root", for: team.ann)
        try team.box.commitAll()
        let healing = try team.store.heal()
        #expect(healing.healed == ["shop"] && healing.remaining.map(\.name) == ["ops/root"])
    }

    @Test func `only the part that was asked for is healed`() throws {
        let team = try team()
        for name in ["shop", "web/mail", "ops/root"] { try team.entry(name, for: team.carol) }
        try team.box.link("../shop.gpg", "web/alias.gpg")
        try team.box.commitAll()
        #expect(try team.store.heal(below: "web").healed == ["shop", "web/mail"])
        #expect(try team.store.drift().drifted.map(\.name) == ["ops/root"])
        #expect(Disk.facts(team.box.path("web/alias.gpg"))?.kind == .link)
    }

    @Test func `bare stores are healed, and whom gpg found is acknowledged`() throws {
        let team = try ReaderBox(history: true)
        try team.list("ann@example.org\nbob@example.org\n")
        for name in ["a", "b"] { try team.entry(name, for: team.ann) }
        try team.box.commitAll()
        #expect(try team.store.heal().healed == ["a", "b"])
        #expect(try team.store.drift().isNone)
        #expect(try team.store.knownPins().readers[Roster.top]?.count == 2)
    }

    @Test func `recipients that stand in for all lists are no cure`() throws {
        let team = try team()
        team.box.settings.recipientsOverride = [Recipient("ann@example.org".utf8)]
        #expect(message { _ = try team.store.heal() }?.contains("PASSWORD_STORE_KEY") == true)
    }
}
