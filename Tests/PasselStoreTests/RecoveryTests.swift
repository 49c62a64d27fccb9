import Glibc
import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct RecoveryTests {
    typealias Stage = InterruptedChange.Stage

    /// A store with entries, whose next change is interrupted.
    private func box(history: Bool = true) throws -> StoreBox {
        let box = try StoreBox(history: history)
        for name in ["shop", "web/shop", "web/mail"] { try box.entry(name, "old " + name) }
        if history { try box.commitAll() }
        return box
    }

    private func message(_ text: String, for reader: String = "ann") throws -> [UInt8] {
        try MemoryCipher().encrypt(Secret(plain: text), to: [Recipient(reader.utf8)])
    }

    private func path(_ box: StoreBox, _ name: String) -> Path { Path(box.path(name)) }

    /// Whether a change that came so far is to be finished rather than forgotten.
    private func isDecided(_ stage: Stage, history: Bool) -> Bool {
        stage.rawValue >= (history ? Stage.published : Stage.journaled).rawValue
    }

    private func check(
        _ box: StoreBox, _ stage: Stage, history: Bool, old: [String?], new: [String?],
        _ names: [String]
    ) throws {
        try box.store.exclusively {}
        let decided = isDecided(stage, history: history)
        #expect(names.map { box.text($0) } == (decided ? new : old))
        if history { #expect(try box.subjects().contains("Late.") == decided) }
        try box.expectSettled()
        // Once more changes nothing.
        try box.store.exclusively {}
        #expect(names.map { box.text($0) } == (decided ? new : old))
        #expect(box.warned == [])
    }

    @Test(arguments: Stage.allCases, [true, false])
    func `entries that were being written are old or new`(stage: Stage, history: Bool) throws {
        let box = try box(history: history)
        let steps: [FileChange] = [
            .write(path(box, "shop.gpg"), try message("new shop"), mode: .kept),
            .write(path(box, "web/new.gpg"), try message("new"), mode: .fresh),
            .write(path(box, "web/mail.gpg"), try message("new mail"), mode: .fresh),
        ]
        try InterruptedChange(box: box, steps: steps).run(until: stage)
        try check(
            box, stage, history: history, old: ["old shop", nil, "old web/mail"],
            new: ["new shop", "new", "new mail"], ["shop", "web/new", "web/mail"])
    }

    @Test(arguments: Stage.allCases, [true, false])
    func `entries that were being removed are there or gone`(stage: Stage, history: Bool) throws {
        let box = try box(history: history)
        let steps: [FileChange] = [
            .remove(path(box, "web/shop.gpg")), .remove(path(box, "web/mail.gpg")),
        ]
        try InterruptedChange(box: box, steps: steps).run(until: stage)
        try check(
            box, stage, history: history, old: ["old web/shop", "old web/mail"], new: [nil, nil],
            ["web/shop", "web/mail"])
    }

    @Test(arguments: Stage.allCases, [true, false])
    func `a folder that was being moved is at one place`(stage: Stage, history: Bool) throws {
        let box = try box(history: history)
        let steps: [FileChange] = [.move(path(box, "web"), path(box, "site"))]
        try InterruptedChange(box: box, steps: steps).run(until: stage)
        try check(
            box, stage, history: history, old: ["old web/shop", nil], new: [nil, "old web/shop"],
            ["web/shop", "site/shop"])
    }

    @Test(arguments: Stage.allCases, [true, false])
    func `what was being moved to other readers is theirs or not moved`(
        stage: Stage, history: Bool
    ) throws {
        let box = try box(history: history)
        let steps: [FileChange] = [
            .move(path(box, "web"), path(box, "site")),
            .write(
                path(box, "site/shop.gpg"), try message("old web/shop", for: "bob"), mode: .fresh),
            .write(
                path(box, "site/mail.gpg"), try message("old web/mail", for: "bob"), mode: .fresh),
        ]
        try InterruptedChange(box: box, steps: steps).run(until: stage)
        try check(
            box, stage, history: history, old: ["old web/shop", nil], new: [nil, "old web/shop"],
            ["web/shop", "site/shop"])
        if isDecided(stage, history: history) {
            #expect(try box.isFor("site/shop", "bob") && box.isFor("site/mail", "bob"))
        }
    }

    @Test(arguments: Stage.allCases) func `a link that was being made is there or not`(
        stage: Stage
    ) throws {
        let box = try box()
        let steps: [FileChange] = [
            .link(path(box, "alias.gpg"), target: Array("shop.gpg".utf8)),
            .link(path(box, "web/mail.gpg"), target: Array("shop.gpg".utf8)),
        ]
        try InterruptedChange(box: box, steps: steps).run(until: stage)
        try check(
            box, stage, history: true, old: [nil, "old web/mail"],
            new: ["old shop", "old web/shop"], ["alias", "web/mail"])
    }

    @Test func `a file that somebody changed in between stays as it is`() throws {
        let box = try box()
        let steps: [FileChange] = [
            .write(path(box, "shop.gpg"), try message("new"), mode: .kept),
            .write(path(box, "web/mail.gpg"), try message("new"), mode: .kept),
        ]
        try InterruptedChange(box: box, steps: steps).run(until: .published)
        try box.entry("shop", "by hand")
        try box.store.exclusively {}
        #expect(box.text("shop") == "by hand" && box.text("web/mail") == "new")
        #expect(try box.git("status", "--porcelain") == "M shop.gpg")
    }

    @Test func `a folder that went in between is made again`() throws {
        let box = try box()
        try Disk.makeFolder(box.path("fresh/deep"))
        let steps: [FileChange] = [
            .write(path(box, "fresh/deep/x.gpg"), try message("new"), mode: .kept)
        ]
        try InterruptedChange(box: box, steps: steps).run(until: .published)
        Disk.remove(box.path("fresh"))
        try box.store.exclusively {}
        #expect(box.text("fresh/deep/x") == "new")
        try box.expectSettled()
    }

    @Test func `a branch that was set back in between makes the change forgotten`() throws {
        let box = try box()
        let steps: [FileChange] = [.write(path(box, "shop.gpg"), try message("new"), mode: .kept)]
        try InterruptedChange(box: box, steps: steps).run(until: .published)
        try box.git("reset", "-q", "--soft", "HEAD~1")
        try box.store.exclusively {}
        #expect(box.text("shop") == "old shop")
        try box.expectSettled()
    }

    @Test func `a commit whose objects are gone is forgotten`() throws {
        let box = try box()
        let steps: [FileChange] = [.write(path(box, "shop.gpg"), try message("new"), mode: .kept)]
        try InterruptedChange(box: box, steps: steps).run(until: .journaled)
        try box.git("prune", "--expire=now")
        try box.store.exclusively {}
        #expect(box.text("shop") == "old shop")
        try box.expectSettled()
    }

    @Test func `a change of two repositories is finished in both`() throws {
        let (box, steps) = try twoRepositories()
        try InterruptedChange(box: box, steps: steps).run(until: .published)
        try box.git("-C", box.path("inner"), "reset", "-q", "--soft", "HEAD~1")
        try box.store.exclusively {}
        #expect(box.text("shop") == "new" && box.text("inner/x") == "new")
        #expect(try box.subjects(box.path("inner")) == ["Late.", "Begin."])
        #expect(try box.git("-C", box.path("inner"), "status", "--porcelain") == "")
        try box.expectSettled()
    }

    @Test func `a second repository that went on in between stops nobody`() throws {
        let (box, steps) = try twoRepositories()
        try InterruptedChange(box: box, steps: steps).run(until: .published)
        let inner = box.path("inner")
        try box.git("-C", inner, "reset", "-q", "--soft", "HEAD~1")
        try box.git("-C", inner, "commit", "-q", "--allow-empty", "-m", "Theirs.")
        try box.store.exclusively {}
        #expect(box.text("shop") == "new" && box.text("inner/x") == "new")
        #expect(try box.subjects(inner).first == "Theirs.")
        #expect(box.warned.count == 1, "what is not committed is told")
        try box.store.exclusively {}
        #expect(box.warned.count == 1, "once")
        try box.expectSettled()
    }

    private func twoRepositories() throws -> (StoreBox, [FileChange]) {
        let box = try box()
        try Disk.makeFolder(box.path("inner"))
        try box.begin(box.path("inner"))
        try box.write("inner\n", ".git/info/exclude")
        try box.entry("inner/x", "old x")
        try box.commitAll(box.path("inner"))
        let steps: [FileChange] = [
            .write(path(box, "shop.gpg"), try message("new"), mode: .kept),
            .write(path(box, "inner/x.gpg"), try message("new"), mode: .kept),
        ]
        return (box, steps)
    }

    @Test func `what a killed run left lying is swept up, and nothing else`() throws {
        let box = try box()
        try box.write("x", ".git/.passel-tmp-abc")
        try box.write("x", ".git/objects/ab/tmp_object_git2_x")
        try box.write("x", "web/.passel-other")
        try box.store.exclusively {}
        #expect(!box.exists(".git/.passel-tmp-abc"))
        #expect(!box.exists(".git/objects/ab/tmp_object_git2_x"))
        #expect(box.exists("web/.passel-other"))
    }
}
