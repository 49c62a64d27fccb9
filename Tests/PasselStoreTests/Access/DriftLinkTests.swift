import Glibc
import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct DriftLinkTests {
    private func team() throws -> ReaderBox {
        let team = try ReaderBox()
        try team.roster([
            ".": [(team.ann, .init(.signer)), (team.bob, .init(.member))],
            "ops": [(team.ann, .init(.signer))],
        ])
        return team
    }

    private func all(_ team: ReaderBox, _ name: Path = "") throws -> [String] {
        try team.store.readers(below: name).map(\.name.description)
    }

    @Test func `a link to an entry is judged once, where the entry lies`() throws {
        let team = try team()
        try team.entry("ops/root", for: team.ann)
        try team.box.link("ops/root.gpg", "alias.gpg")
        try team.box.link("ops", "linked")
        #expect(try team.store.drift().isNone)
        #expect(try all(team) == ["ops/root"])
    }

    @Test func `from elsewhere a linked entry is judged by the folder it leads to`() throws {
        let team = try team()
        try team.entry("ops/root", for: team.ann)
        try team.entry("ops/deep/x", for: team.bob)
        try team.box.link("../ops/root.gpg", "web/alias.gpg")
        try team.box.link("../ops/deep", "web/deep")
        let drift = try team.store.drift(below: "web")
        #expect(drift.checked == 2)
        #expect(drift.entries.map(\.name) == ["web/deep/x"])
        #expect(drift.entries.first?.folder == "ops")
        #expect(drift.entries.first?.file == Path(team.box.path("ops/deep/x.gpg")))
        #expect(try all(team, "web/alias") == ["web/alias"])
    }

    @Test func `links in circles and to nowhere end`() throws {
        let team = try team()
        try team.entry("ops/root", for: team.ann)
        try team.box.link("..", "ops/up")
        try team.box.link(".", "ops/here")
        try team.box.link("nowhere.gpg", "ops/lost.gpg")
        try team.box.link("round.gpg", "ops/round.gpg")
        #expect(try all(team) == ["ops/root"])
        #expect(try all(team, "ops") == ["ops/root"])
    }

    @Test func `what lies outside of the store is judged by where its link lies`() throws {
        let team = try team()
        let outside = team.box.sandbox.root + "/outside"
        try Disk.makeFolder(outside)
        let message = Message.bytes(Secret(plain: "x"), ids: [team.bob.subkeys[0].keyID])
        try Disk.write(message, to: Bytes((outside + "/x.gpg").utf8))
        try team.box.link(outside, "ops/elsewhere")
        try team.box.link(outside + "/x.gpg", "ops/other.gpg")
        let drift = try team.store.drift()
        #expect(drift.entries.map(\.name) == ["ops/elsewhere/x"])
        #expect(drift.entries.allSatisfy { $0.folder == "ops" && $0.file == nil })
        #expect(try all(team, "ops/other") == ["ops/other"])
    }

    @Test func `a store that is a link itself is read`() throws {
        let team = try team()
        try team.entry("shop", for: team.ann, team.bob)
        let alias = team.box.sandbox.root + "/alias"
        #expect(symlink(team.root, alias) == 0)
        team.box.settings.stateFolder = nil
        let settings = Store.Settings(root: Path(alias), environment: team.box.settings.environment)
        let store = Store(
            settings, cipher: team.cipher,
            observer: Store.Observer(told: { _ in }, warned: { _ in }))
        #expect(try store.readers().map(\.name) == ["shop"])
    }
}
