import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct TeamListingTests {
    private func told(_ listing: TeamListing) -> [Text] {
        listing.folders.map { folder in
            let people = folder.people.map { person in
                let name = Text(person.key.name.bytes.prefix { $0 != 0x20 })
                return "\(name) \(person.role.rawValue) \(person.standing.word)" as Text
            }.joined(separator: ", ")
            return
                "\(folder.path)\(folder.isOwn ? "" : " from \(folder.source)" as Text): \(people)"
        }
    }

    @Test func `folders with their people, roles and keys`() throws {
        let team = try ReaderBox()
        let soon = PublicKey.made("Soon", "9", expires: KeyedCipher.now + 9)
        team.cipher.add(soon, own: false)
        let yesterday = Day(second: KeyedCipher.now - 86_400)
        try team.roster([
            ".": [(team.bob, .init(.member)), (team.ann, .init(.signer)), (soon, .init(.member))],
            "ops": [(team.ann, .init(.signer)), (team.carol, .init(.machine, until: yesterday))],
        ])
        let listing = try team.store.teamListing()
        #expect(
            told(listing) == [
                ".: Ann signer ok, Bob member ok, Soon member expiring",
                "ops: Ann signer ok, Carol machine ended",
            ])
        #expect(listing.generation == 1)
        #expect(listing.folders.allSatisfy { $0.isPinned && $0.isOwn })
        #expect(listing.folders[0].people.map(\.expires) == [nil, nil, KeyedCipher.now + 9])
        #expect(listing.folders[1].people[1].until == yesterday)
        #expect(team.cipher.asked == ["keys in keyring"])
    }

    @Test func `a folder without people of its own shows whom it inherits`() throws {
        let team = try ReaderBox()
        try team.roster([
            ".": [(team.ann, .init(.signer))], "web/a": [(team.ann, .init(.signer))],
            "ops": [(team.bob, .init(.member))],
        ])
        #expect(
            told(try team.store.teamListing(below: "web")) == [
                "web from .: Ann signer ok", "web/a: Ann signer ok",
            ])
        #expect(told(try team.store.teamListing(below: "ops/")) == ["ops: Bob member ok"])
        #expect(
            message { _ = try team.store.teamListing(below: "none") }
                == "none is not a folder of the store")
    }

    @Test func `bare lists are resolved through the user's keyring`() throws {
        let team = try ReaderBox()
        var gone = PublicKey.made("Gone", "F")
        gone.primary.isRevoked = true
        for key in [gone, PublicKey.made("Old", "E", expires: 5)] { team.cipher.add(key) }
        team.cipher.group("both", [team.bob, team.carol])
        let stranger = String(repeating: "D", count: 40)
        try team.list("ann@example.org\nboth\ngone@example.org\nold@\nzoe\n\(stranger)\n")
        let listing = try team.store.teamListing()
        #expect(
            told(listing) == [
                ".: Ann member ok, Bob member ok, Carol member ok, \(stranger) member unknown key, Gone member revoked, Old member expired, zoe member unknown key"
            ])
        #expect(listing.generation == nil)
        #expect(listing.folders[0].people.last?.key.fingerprint == nil)
    }

    @Test func `whom this machine has not acknowledged is marked`() throws {
        let team = try ReaderBox()
        var roster = try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))],
            "ops": [(team.ann, .init(.signer))],
        ])
        try team.list("\(team.ann.fingerprint.hex)\n\(team.carol.fingerprint.hex)\n", "ops")
        #expect(
            told(try team.store.teamListing()) == [
                ".: Ann signer ok, Bob member ok", "ops: Ann signer ok, Carol member not pinned",
            ])
        roster.folders["."]?[team.bob.fingerprint] = .init(.signer)
        try team.box.write(roster.content.text, Roster.file.repaired)
        let listing = try team.store.teamListing()
        #expect(told(listing)[0] == ".: Ann signer ok, Bob signer not pinned")
        #expect(listing.folders.map(\.isPinned) == [false, false])
    }

    @Test func `in a bare store whom a changed list adds is marked`() throws {
        let team = try ReaderBox()
        try team.store.exclusively { _ = try team.store.pins() }
        try team.list("ann@example.org\nbob@example.org\n")
        #expect(
            told(try team.store.teamListing()) == [".: Ann member ok, Bob member not pinned"])
    }

    @Test func `without any list there is no store`() throws {
        let team = try ReaderBox()
        Disk.remove(team.box.path(".gpg-id"))
        #expect(throws: NotInitialised.self) { try team.store.teamListing() }
    }
}
