import Glibc
import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct DriftTests {
    private func team() throws -> ReaderBox {
        let team = try ReaderBox()
        try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))],
            "ops": [(team.ann, .init(.signer))],
        ])
        return team
    }

    private func drifted(_ team: ReaderBox, _ name: Path = "") throws -> [String] {
        try team.store.drift(below: name).drifted.map(\.name.description)
    }

    private func only(_ team: ReaderBox) throws -> Drift.Entry {
        let entries = try team.store.drift().entries
        #expect(entries.count == 1)
        return try #require(entries.first)
    }

    @Test func `entries for exactly the roster's people are no drift, and gpg is not asked`() throws
    {
        let team = try team()
        try team.entry("web/shop", for: team.bob, team.ann)
        try team.entry("ops/root", for: team.ann)
        let drift = try team.store.drift()
        #expect(drift.isNone && drift.checked == 2)
        #expect(team.cipher.asked == [])
    }

    @Test func `a recipient without a packet is missing`() throws {
        let team = try team()
        try team.entry("shop", for: team.ann)
        let entry = try only(team)
        #expect(entry.missing.map(\.fingerprint) == [team.bob.fingerprint])
        #expect(entry.missing.first?.name == "Bob <bob@example.org>")
        #expect(entry.isDrifted && entry.extra.isEmpty && entry.folder == Roster.top)
    }

    @Test func `a reader of another folder is extra, by name, without asking gpg`() throws {
        let team = try team()
        try team.entry("ops/root", for: team.ann, team.bob)
        let entry = try only(team)
        #expect(
            entry.extra == [
                .key(NamedKey(name: "Bob <bob@example.org>", fingerprint: team.bob.fingerprint))
            ])
        #expect(entry.missing.isEmpty && entry.folder == "ops")
        #expect(team.cipher.asked == [])
    }

    @Test func `an extra reader is named by the user's keyring, or by the key's id`() throws {
        let team = try team()
        try team.entry("a", for: team.ann, team.bob, team.carol)
        try team.entry("b", [team.ann, team.bob].map { $0.subkeys[0].keyID } + [KeyID(0xABC)])
        let entries = try team.store.drift().entries
        #expect(
            entries.map(\.extra) == [
                [
                    .key(
                        NamedKey(
                            name: "Carol <carol@example.org>", fingerprint: team.carol.fingerprint))
                ],
                [.unknown(KeyID(0xABC))],
            ])
        #expect(entries[1].extra[0].description == "unknown key 0000000000000ABC")
        #expect(!team.cipher.asked.contains("decrypt"))
    }

    @Test func `hidden recipients are told, and who may be one of them is not called missing`()
        throws
    {
        let team = try team()
        try team.entry("shop", [team.ann.subkeys[0].keyID, .hidden])
        let entry = try only(team)
        #expect(entry.hidden == 1 && entry.missing.isEmpty && entry.isDrifted)
        team.box.settings.hidesRecipients = true
        #expect(try team.store.drift().isNone)
        try team.entry("shop", [.hidden])
        #expect(try only(team).missing.count == 2)
    }

    @Test func `files that nobody can read are told with the reason`() throws {
        let team = try team()
        try team.box.write("", "empty.gpg")
        try team.box.write("plain text", "plain.gpg")
        try team.entry("cut", for: team.ann, team.bob)
        let whole = try #require(Disk.read(team.box.path("cut.gpg")))
        try Disk.write(whole.dropLast(), to: Bytes(team.box.path("cut.gpg").utf8))
        let entries = try team.store.drift().drifted
        #expect(
            entries.map { "\($0.name): \($0.flaw ?? "")" as Text } == [
                "cut: the file is cut off", "empty: the file is empty",
                "plain: not an OpenPGP message",
            ])
    }

    @Test func `authenticated encryption that phones cannot read is drift`() throws {
        let team = try team()
        try team.entry("shop", [team.ann, team.bob].map { $0.subkeys[0].keyID }, aead: true)
        let entry = try only(team)
        #expect(entry.usesAEAD && entry.isDrifted)
    }

    @Test func `any subkey counts as its owner, and several packets as one`() throws {
        let team = try ReaderBox()
        let dora = PublicKey.made(
            "Dora", "D", subkeys: [.made("D", "1"), .made("D", "2", created: 9)])
        team.cipher.add(dora, own: false)
        try team.roster([".": [(dora, .init(.signer))]])
        try team.entry("old", [dora.subkeys[0].keyID])
        try team.entry("both", dora.subkeys.map(\.keyID))
        #expect(try team.store.drift().isNone)
        #expect(team.cipher.asked == ["keys in keyring"])
    }

    @Test func `an expired subkey is information, a revoked one is drift`() throws {
        let team = try ReaderBox()
        let dora = PublicKey.made(
            "Dora", "D",
            subkeys: [
                .made("D", "1", expires: 5), .made("D", "2", revoked: true), .made("D", "3"),
            ])
        team.cipher.add(dora, own: false)
        try team.roster([".": [(dora, .init(.signer))]])
        try team.entry("expired", [dora.subkeys[0].keyID])
        try team.entry("fine", [dora.subkeys[0].keyID, dora.subkeys[2].keyID])
        try team.entry("revoked", [dora.subkeys[1].keyID])
        let entries = try team.store.drift().entries
        #expect(entries.map(\.name) == ["expired", "revoked"])
        #expect(entries.map(\.isDrifted) == [false, true])
        #expect(entries[0].oldSubkeys.map(\.id) == [dora.subkeys[0].keyID])
        #expect(entries[0].oldSubkeys[0].owner.name == "Dora <dora@example.org>")
    }

    @Test func `a newer subkey that only the user's keyring has counts as its owner`() throws {
        let team = try team()
        var newer = team.ann
        newer.subkeys.append(.made("A", "7", created: 9))
        team.cipher.add(newer)
        try team.entry("ops/root", [newer.subkeys[1].keyID])
        #expect(try team.store.drift().isNone)
    }

    @Test func `people who cannot be encrypted to are told with their folders`() throws {
        let team = try ReaderBox()
        let old = PublicKey.made("Old", "E", subkeys: [.made("E", "1", expires: 5)])
        let gone = PublicKey.made("Gone", "F", subkeys: [.made("F", "1", revoked: true)])
        let soon = PublicKey.made("Soon", "9", expires: KeyedCipher.now + 9)
        for key in [old, gone, soon] { team.cipher.add(key, own: false) }
        let yesterday = Day(second: KeyedCipher.now - 86_400)
        try team.roster([
            ".": [
                (team.ann, .init(.signer)), (old, .init(.member)), (soon, .init(.member)),
                (team.bob, .init(.machine, until: yesterday)),
            ],
            "ops": [(team.ann, .init(.signer)), (old, .init(.member)), (gone, .init(.member))],
        ])
        let drift = try team.store.drift()
        #expect(
            drift.people.map(\.key.fingerprint) == [
                team.bob.fingerprint, old.fingerprint, gone.fingerprint,
            ])
        #expect(drift.people.map(\.standing.word) == ["ended", "expired", "unusable"])
        #expect(
            drift.people.map(\.folders) == [["."], [".", "ops"], ["ops"]])
        #expect(!drift.isNone && drift.entries.isEmpty)
        #expect(team.cipher.asked == [])
    }

    @Test func `a list or roster that was not acknowledged is told`() throws {
        let team = try team()
        try team.entry("shop", for: team.ann, team.bob)
        try team.list("mallory\n", "new")
        try team.list("mallory\n", "ops")
        try team.box.write("other", Roster.file.repaired)
        let drift = try team.store.drift()
        #expect(drift.unacknowledged.map(\.folder) == [nil, "new", "ops"])
        #expect(
            drift.unacknowledged.map(\.what) == [
                "the roster of the team is not the one that this machine has acknowledged",
                "new has recipients of its own now, which this machine has not acknowledged",
                "ops has other recipients, which this machine has not acknowledged",
            ])
        #expect(!drift.isNone)
        #expect(try team.store.drift(below: "shop").unacknowledged.map(\.folder) == [nil])
    }

    @Test func `a list that is gone is told`() throws {
        let team = try team()
        try team.entry("ops/root", for: team.ann)
        Disk.remove(team.box.path("ops/.gpg-id"))
        let drift = try team.store.drift()
        #expect(drift.unacknowledged.map(\.folder) == ["ops"])
        #expect(drift.entries.isEmpty)
    }

    @Test func `an entry for which no list holds is told`() throws {
        let team = try ReaderBox()
        Disk.remove(team.box.path(".gpg-id"))
        try team.list("ann@example.org\n", "web")
        try team.entry("web/fine", for: team.ann)
        try team.entry("lost", for: team.ann)
        let entry = try only(team)
        #expect(entry.name == "lost" && entry.folder == nil && entry.isDrifted)
    }

    @Test func `without any list there is no store`() throws {
        let team = try ReaderBox()
        Disk.remove(team.box.path(".gpg-id"))
        #expect(throws: NotInitialised.self) { try team.store.drift() }
    }

    @Test func `a part of the store is looked at alone`() throws {
        let team = try team()
        for name in ["a", "web/b", "webs/c", "ops/d"] { try team.entry(name, for: team.carol) }
        try team.entry("web", for: team.carol)
        #expect(try drifted(team) == ["a", "ops/d", "web", "web/b", "webs/c"])
        #expect(try drifted(team, "web") == ["web", "web/b"])
        #expect(try drifted(team, "web/") == ["web/b"])
        #expect(try drifted(team, "a") == ["a"])
        #expect(
            message { _ = try team.store.drift(below: "none") } == "none is not in the store")
    }

    @Test func `what is not an entry is not looked at`() throws {
        let team = try team()
        for name in [".git/x", ".extensions/x", ".passel/x", ".public-keys/x", "web/.git/x"] {
            try team.entry(name, for: team.carol)
        }
        try team.box.write("notes", "README")
        #expect(try team.store.drift().checked == 0)
        try team.entry(".hidden/x", for: team.carol)
        try team.entry("UPPER", for: team.carol)
        #expect(rename(team.box.path("UPPER.gpg"), team.box.path("UPPER.GPG")) == 0)
        #expect(try drifted(team) == [".hidden/x", "UPPER.GPG"])
    }
}
