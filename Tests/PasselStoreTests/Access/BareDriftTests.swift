import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct BareDriftTests {
    @Test func `names in lists are looked up with one question`() throws {
        let team = try ReaderBox()
        try team.list("ann@example.org\nbob@example.org # a comment\n")
        try team.list("\(team.carol.fingerprint.hex)\n", "ops")
        try team.entry("shop", for: team.ann, team.bob)
        try team.entry("ops/root", for: team.carol)
        #expect(try team.store.drift().isNone)
        #expect(team.cipher.asked == ["keys"])
    }

    @Test func `missing and extra readers are named`() throws {
        let team = try ReaderBox()
        try team.list("ann@example.org\nbob@example.org\n")
        try team.entry("shop", for: team.ann, team.carol)
        let entry = try #require(try team.store.drift().entries.first)
        #expect(entry.missing.map(\.name) == ["Bob <bob@example.org>"])
        #expect(entry.extra.map(\.description) == ["Carol <carol@example.org>"])
    }

    @Test func `a group of gpg is found out by what gpg does`() throws {
        let team = try ReaderBox()
        team.cipher.group("everybody", [team.ann, team.bob])
        try team.list("everybody\n")
        try team.entry("fine", for: team.ann, team.bob)
        try team.entry("odd", for: team.ann)
        let drift = try team.store.drift()
        #expect(drift.entries.map(\.name) == ["odd"])
        #expect(drift.entries.first?.missing.map(\.name) == ["Bob <bob@example.org>"])
    }

    @Test func `a name that means several keys is found out by what gpg does`() throws {
        let team = try ReaderBox()
        try team.list("example.org\n")
        try team.entry("all", for: team.ann, team.bob, team.carol)
        #expect(try team.store.drift().isNone)
        #expect(team.cipher.asked.contains("readers"))
    }

    @Test func `a fingerprint may be that of a subkey, which gpg is to take`() throws {
        let team = try ReaderBox()
        try team.list("\(team.ann.subkeys[0].fingerprint.hex)!\n0x\(team.bob.fingerprint.hex)\n")
        try team.entry("shop", for: team.ann, team.bob)
        #expect(try team.store.drift().isNone)
        #expect(team.cipher.asked == ["keys"])
    }

    @Test func `of somebody whose key is not here nothing is claimed`() throws {
        let team = try ReaderBox()
        let stranger = PublicKey.made("Dora", "D")
        try team.list("ann@example.org\n\(stranger.fingerprint.hex)\n")
        try team.entry("theirs", for: team.ann, stranger)
        try team.entry("without", for: team.ann)
        try team.entry("too-many", [team.ann, stranger].map { $0.subkeys[0].keyID } + [KeyID(7)])
        let drift = try team.store.drift()
        #expect(drift.people.map(\.standing) == [.unknownKey])
        #expect(drift.people.first?.key.name.bytes == stranger.fingerprint.bytes)
        #expect(drift.entries.map(\.name) == ["too-many", "without"])
        #expect(drift.entries[0].extra.count == 2)
        #expect(drift.entries[1].missing.count == 1)
    }

    @Test func `whom gpg was found to mean is remembered`() throws {
        let team = try ReaderBox()
        try team.store.put(
            Secret(plain: "x"), in: Path(team.box.path("shop.gpg")), known: .anything, subject: "x")
        #expect(try team.store.knownPins().readers[Roster.top]?.keys.first == team.ann.fingerprint)
        #expect(try team.store.drift().isNone)
        try team.list("mallory\n")
        let drift = try team.store.drift()
        #expect(drift.unacknowledged.map(\.folder) == ["."])
        #expect(drift.entries.isEmpty)
    }

    @Test func `expired and revoked keys of the user's keyring are told`() throws {
        let team = try ReaderBox()
        let old = PublicKey.made("Old", "E", expires: 5)
        var gone = PublicKey.made("Gone", "F")
        gone.primary.isRevoked = true
        for key in [old, gone] { team.cipher.add(key) }
        try team.list("ann@example.org\nold@example.org\ngone@example.org\n")
        let drift = try team.store.drift()
        #expect(drift.people.map(\.standing) == [.expired(5), .revoked])
    }

    @Test func `without a place for state the lists are taken as they are`() throws {
        let team = try ReaderBox()
        team.box.settings.stateFolder = nil
        try team.entry("shop", for: team.bob)
        let drift = try team.store.drift()
        #expect(drift.entries.map(\.name) == ["shop"] && drift.unacknowledged.isEmpty)
    }
}
