import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct FirstSightTests {
    /// A store with a roster that this machine has never seen.
    private func team() throws -> ReaderBox {
        let team = try ReaderBox()
        let roster = try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))]
        ])
        let signature = team.ann.fingerprint.bytes + [0x0A] + roster.content
        try Disk.write(signature, to: Bytes(team.box.path(".passel/roster.sig").utf8))
        for key in [team.ann, team.bob] {
            try team.box.write(
                KeyedCipher.file(key.fingerprint).text, ".public-keys/\(key.fingerprint.hex)")
        }
        team.box.settings.stateFolder = Path(team.box.sandbox.root + "/elsewhere")
        return team
    }

    @Test func `a roster that is seen for the first time is acknowledged with its readers`() throws
    {
        let team = try team()
        try team.entry("shop", for: team.ann, team.bob)
        #expect(try team.store.drift().isNone)
        #expect(team.warned == ["seen for the first time: the team of this store, 2 keys"])
        #expect(try team.store.knownPins().readers[Roster.top]?.count == 2)
        _ = team.cipher.asked
        #expect(try team.store.drift().isNone)
        #expect(team.cipher.asked == [])
    }

    @Test func `what has drifted is healed at first sight`() throws {
        let team = try team()
        try team.entry("shop", for: team.ann)
        #expect(try team.store.heal().healed == ["shop"])
        #expect(try team.store.drift().isNone)
    }

    @Test func `a list beside it that it does not name is not acknowledged by that`() throws {
        let team = try team()
        try team.list("mallory\n", "web")
        #expect(try team.store.drift().unacknowledged.map(\.folder) == ["web"])
        #expect(
            message {
                try team.store.put(
                    Secret(plain: "x"), in: Path(team.box.path("web/x.gpg")), known: .absent,
                    subject: "x")
            }?.hasPrefix("the recipients of web are not those") == true)
    }
}
