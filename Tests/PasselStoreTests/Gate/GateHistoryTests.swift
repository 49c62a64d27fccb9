import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

/// What of a head's history passes the gate.
struct GateHistoryTests {
    @Test func `Nothing new is nothing to judge`() throws {
        let box = try StoreBox.gated()
        let head = try box.git("rev-parse", "HEAD")
        #expect(try box.inspect(head, strict: true).isRefused == false)
        try box.verify(head)
        #expect(try box.inspect(head, strict: true).commits.isEmpty)
    }

    @Test func `What a commit did is judged even if a later one undid it`() throws {
        let box = try StoreBox.gated()
        let bad = try box.adding(RawItem("120000", "web2", box.file("/etc")))
        let head = try box.git("rev-parse", "HEAD^{tree}")
        let report = try box.inspect(box.commit(head, on: [bad]))
        #expect(report.violations.map(\.rule) == [.link])
        #expect(report.violations.first?.commit == (try box.id(bad)))
        // Who accepts the history accepts what is no longer there.
        let again = try box.inspect(box.commit(head, on: [bad]), accepting: true)
        #expect(!again.isRefused && again.violations.count == 1)
    }

    @Test func `What merges bring from our own side is not judged again`() throws {
        let box = try StoreBox.gated()
        try box.link("site.gpg", "web/alias.gpg")
        try box.commitAll()
        let base = try box.git("rev-parse", "HEAD~1")
        let message = try box.message()
        let other = try box.commit(
            box.folder(box.top().filter { $0.name != Array("web".utf8) }), on: [base])
        let merged = try box.commit(
            box.folder(box.top() + [RawItem("100644", "x.gpg", message)]),
            on: [other, box.git("rev-parse", "HEAD")])
        #expect(try box.rules(merged) == [])
    }

    @Test func `A remote that went back or has another history is refused with what would change`()
        throws
    {
        let box = try StoreBox.gated()
        let old = try box.git("rev-parse", "HEAD")
        let new = try box.adding(RawItem("100644", "x.gpg", box.message()))
        try box.verify(new)
        let back = try box.inspect(old)
        #expect(back.isRefused)
        #expect(back.rewritten?.known == (try box.id(new)))
        #expect(back.rewritten?.changed == ["x.gpg"])
        #expect(try !box.inspect(old, accepting: true).isRefused)

        let sibling = try box.adding(RawItem("100644", "y.gpg", box.message()))
        #expect(try box.inspect(sibling).rewritten?.changed == ["x.gpg", "y.gpg"])
        let stranger = try box.commit(box.folder(box.top()), on: [])
        #expect(try box.inspect(stranger).rewritten != nil)
        let further = try box.commit(box.folder(box.top()), on: [new])
        #expect(try box.inspect(further).rewritten == nil)
        // One that is gone from the objects cannot be compared with.
        try box.verify(String(repeating: "7", count: 40))
        #expect(try box.inspect(further).rewritten?.changed == [])
    }

    @Test func `Commits may be neither too large nor damaged`() throws {
        let box = try StoreBox.gated()
        let tree = try box.git("rev-parse", "HEAD^{tree}")
        let large = try box.commit(
            tree, text: "tree \(tree)\n\n" + String(repeating: "x", count: 1 << 20))
        #expect(try box.rules(large) == [.object])
        #expect(try box.rules(box.commit(tree, on: [large])) == [.object])
        // Odd but readable: without people, times, a message.
        #expect(try box.rules(box.commit(tree, text: "tree \(tree)\n")) == [])
        let strange = "tree \(tree)\nauthor x\ncommitter <> 99999999999999999999 +0\n\n"
        #expect(try box.rules(box.commit(tree, text: strange)) == [])
    }

    @Test func `An unsigned merge that drops what one side changed is told`() throws {
        let box = try StoreBox.gated()
        let base = try box.git("rev-parse", "HEAD")
        try box.entry("web/site", "new")
        try box.commitAll()
        let ours = try box.git("rev-parse", "HEAD")
        let other = try box.commit(
            box.git("rev-parse", "\(base)^{tree}"), on: [base])
        let merge = try box.commit(box.git("rev-parse", "\(base)^{tree}"), on: [ours, other])
        #expect(try box.inspect(merge).unverified == ["web/site.gpg"])
        #expect(
            try box.inspect(merge, strict: true).violations.map(\.rule) == [.unsigned, .unsigned])
    }

    @Test func `A request to join needs no signature of the team`() throws {
        let box = try StoreBox.gated()
        let request = try box.folder([RawItem("100644", "X", box.file("request"))])
        let passel = try box.folder([RawItem("40000", "requests", request)])
        let keys = try box.folder([RawItem("100644", "X", box.file("key"))])
        let asks = try box.adding(
            RawItem("40000", ".passel", passel), RawItem("40000", ".public-keys", keys))
        #expect(try box.rules(asks, strict: true) == [])
        let more = try box.adding(
            RawItem("40000", ".passel", passel), RawItem("100644", "x.gpg", box.message()))
        #expect(try box.rules(more, strict: true) == [.unsigned])
        // An empty commit may be a merge that decided something elsewhere: it needs one.
        #expect(
            try box.rules(box.commit(box.git("rev-parse", "HEAD^{tree}")), strict: true)
                == [.unsigned])
    }

    @Test func `A roster that takes the team back is refused`() throws {
        let box = try StoreBox.gated()
        try box.add(.bob)
        let first = try box.top()
        let firstCommit = try box.git("rev-parse", "HEAD")
        try box.add(.carol)
        #expect(try box.pins()?.roster?.roster.generation == 2)
        #expect(try box.rules(box.commit(box.folder(first))) == [.roster])
        let gone = try box.top().filter { $0.name != Array(".passel".utf8) }
        #expect(try box.rules(box.commit(box.folder(gone))) == [.roster])
        // Who did not know of ours did not take it back.
        let behind = try box.commit(
            box.folder(first + [RawItem("100644", "x.gpg", box.message())]), on: [firstCommit])
        #expect(try box.rules(behind) == [])
        let junk = try box.folder([RawItem("100644", "roster", box.file("junk"))])
        #expect(try box.rules(box.adding(RawItem("40000", ".passel", junk))) == [.roster])
    }

    @Test func `The first time only the head itself is judged`() throws {
        let box = try StoreBox.gated()
        let bad = try box.adding(RawItem("120000", "web2", box.file("/etc")))
        let good = try box.commit(box.git("rev-parse", "HEAD^{tree}"), on: [bad])
        let report = try box.gate().inspect(box.id(good), from: "origin", ours: nil)
        #expect(!report.isRefused && report.isFirst)
        #expect(report.commits.map(\.trust) == [.unsigned])
        let strict = try box.gate(strict: true).inspect(box.id(good), from: "origin", ours: nil)
        #expect(strict.violations.map(\.rule) == [.unsigned])
        #expect(try box.gate().inspect(box.id(bad), from: "origin", ours: nil).isRefused)
    }

    @Test func `Verified heads are remembered, and their file is not guessed at`() throws {
        let box = try StoreBox.gated()
        let head = try box.git("rev-parse", "HEAD")
        #expect(try box.store.verifiedHeads()?.head(of: "a b%") == nil)
        try box.verify(head, of: "a b%")
        try box.verify(head, of: "origin")
        #expect(try box.store.verifiedHeads()?.head(of: "a b%") == (try box.head))
        #expect(try box.store.verifiedHeads()?.all.count == 1)
        let file = try #require(box.store.storedPins?.folder.file("heads"))
        try Disk.write("passel heads 1\nremote x\n", to: file.repaired)
        #expect(throws: Problem.self) { try box.store.verifiedHeads() }
    }
}
