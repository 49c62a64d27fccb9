import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// For whom merged entries are, and merges other than of two edited branches.
@Suite struct MergeReadersTests {
    private static let shared: [Edit] = [
        .file("team/.gpg-id", "ann\nbob\n"),
        .put("team/web", "one\nuser: ann\nurl: a\n", for: ["ann", "bob"]),
    ]

    private static let alone: [Edit] = [.file("team/.gpg-id", "ann\n")]

    private func merge(
        _ base: [Edit], ours: [Edit], theirs: [Edit]
    ) throws -> (plan: MergePlan, files: [String: [UInt8]]) {
        let box = try MergeBox(base)
        try box.branch("ours", ours)
        try box.branch("theirs", theirs)
        let plan = try box.plan()
        return (plan, try box.files("ours", after: plan))
    }

    private func readers(_ content: [UInt8]?) throws -> Set<KeyID> {
        Set(try EncryptedMessage(content ?? []).recipients)
    }

    private func ids(_ people: Somebody...) -> Set<KeyID> { Set(people.map(\.fingerprint.keyID)) }

    @Test func `whom we took out does not read what is merged`() throws {
        let (plan, files) = try merge(
            Self.shared,
            ours: Self.alone + [.put("team/web", "one\nuser: eve\nurl: a\n")],
            theirs: [.put("team/web", "one\nuser: ann\nurl: b\n", for: ["ann", "bob"])])
        #expect(plan.outcomes.map(\.line) == ["team/web: merged"])
        #expect(try readers(files["team/web.gpg"]) == ids(.ann))
    }

    @Test func `whom they took out does not read what is merged`() throws {
        let (plan, files) = try merge(
            Self.shared,
            ours: [.put("team/web", "one\nuser: eve\nurl: a\n", for: ["ann", "bob"])],
            theirs: Self.alone + [.put("team/web", "one\nuser: ann\nurl: b\n")])
        #expect(plan.outcomes.map(\.line) == ["team: changed", "team/web: merged"])
        #expect(try readers(files["team/web.gpg"]) == ids(.ann))
        #expect(plan.listsToReview == ["team"])
        #expect(plan.needsPerson)
    }

    @Test func `whom they took out does not read what only we changed`() throws {
        let (_, files) = try merge(
            Self.shared,
            ours: [.put("team/web", "two\n", for: ["ann", "bob"])],
            theirs: Self.alone + [.recrypt("team/web")])
        #expect(try readers(files["team/web.gpg"]) == ids(.ann))
    }

    @Test func `whom nobody here has acknowledged does not read what is merged`() throws {
        let (_, files) = try merge(
            Self.shared,
            ours: [.put("team/web", "one\nuser: eve\nurl: a\n", for: ["ann", "bob"])],
            theirs: [
                .file("team/.gpg-id", "ann\nbob\ncarol\n"),
                .put("team/web", "one\nuser: ann\nurl: b\n", for: ["ann", "bob", "carol"]),
            ])
        #expect(try readers(files["team/web.gpg"]) == ids(.ann, .bob))
    }

    @Test func `where we are taken out ourselves both versions are kept`() throws {
        let (plan, files) = try merge(
            Self.shared,
            ours: [.put("team/web", "one\nuser: eve\nurl: a\n", for: ["ann", "bob"])],
            theirs: [
                .file("team/.gpg-id", "bob\n"),
                .put("team/web", "one\nuser: ann\nurl: b\n", for: ["ann", "bob"]),
            ])
        #expect(
            plan.outcomes.map(\.line) == [
                "team: changed", "team/web: kept both, you are no recipient of team any more",
            ])
        #expect(files.keys.contains { $0.hasPrefix("team/web.conflict-") })
    }

    @Test func `a branch that has all of ours is taken as it is`() throws {
        let box = try MergeBox([.put("web", "one\n")])
        try box.branch("ours", [])
        try box.branch("theirs", [.put("web", "two\n"), .put("shop", "three\n")])
        try box.box.git("checkout", "-q", "ours")
        try box.box.git("reset", "-q", "--hard", "theirs~1")
        let plan = try box.plan()
        #expect(plan.isFastForward)
        #expect(try box.files("ours", after: plan) == box.files("theirs"))
        #expect(plan.outcomes.map(\.line) == ["shop: came", "web: changed"])
    }

    @Test func `histories with nothing in common are merged entry by entry`() throws {
        let box = try MergeBox([.put("web", "one\n")])
        try box.branch("ours", [.put("shop", "two\n")])
        try box.box.git("checkout", "-q", "--orphan", "theirs")
        try box.box.git("rm", "-rqf", ".")
        try box.box.list("ann\n")
        try Disk.write(
            box.box.cipher.encrypt(Secret(plain: "three\n"), to: [Recipient("ann".utf8)]),
            to: Bytes(box.box.path("web.gpg").utf8))
        try box.box.commitAll()
        let plan = try box.plan()
        #expect(plan.base == nil)
        let lines = MergeBox.lines(try box.files("ours", after: plan))
        #expect(lines.count == 3)
        #expect(lines.contains("shop = two"))
        #expect(lines.contains { $0.hasPrefix("web.conflict-* = ") })
    }

    @Test func `fifty entries that both changed are merged with one encryption each`() throws {
        let names = (0..<50).map { "e\($0)" }
        let (plan, files) = try merge(
            names.map { .put($0, "one\nuser: ann\nurl: a\n") },
            ours: names.map { .put($0, "one\nuser: eve\nurl: a\n") },
            theirs: names.map { .put($0, "one\nuser: ann\nurl: b\n") })
        #expect(plan.outcomes.count == 50)
        #expect(plan.outcomes.allSatisfy { $0.kind == .merged })
        #expect(MergeBox.lines(files).allSatisfy { $0.hasSuffix(" = one | user: eve | url: b") })
    }
}
