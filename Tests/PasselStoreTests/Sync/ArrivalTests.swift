import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// What comes from elsewhere moves into branch and work tree: wholly, or not at all.
@Suite struct ArrivalTests {
    /// Folders that come and go, a file in the place of a folder, and the other way round.
    private func upheaval(_ box: StoreBox) throws {
        for name in ["web/shop.gpg", "web/mail.gpg", "shop.gpg"] { Disk.remove(box.path(name)) }
        Disk.remove(box.path("web"))
        try box.write("a file where a folder was", "web")
        try box.entry("shop.gpg/deep/one", "new one")
        try box.entry("new/folder/two", "new two")
    }

    @Test func `the branch moves on, and the files with it`() throws {
        let arrival = try ArrivalBox(theirs: upheaval)
        try arrival.box.store.exclusively { try arrival.change(joining: false).perform() }
        try arrival.expect(at: "other")
        #expect(try arrival.box.git("rev-parse", "HEAD") == arrival.theirs.hex)
        #expect(arrival.box.told == [])
    }

    @Test func `a merge has both parents, and says what it did`() throws {
        let arrival = try ArrivalBox(
            theirs: upheaval, ours: { try $0.entry("mine", "mine") })
        try arrival.box.store.exclusively { try arrival.change(joining: true).perform() }
        let line = try arrival.box.git("log", "-1", "--format=%P|%s|%b")
        #expect(line == "\(arrival.ours.hex) \(arrival.theirs.hex)|Merge origin.|Merged shop.")
        #expect(arrival.box.text("mine") == "mine")
        #expect(arrival.box.text("new/folder/two") == "new two")
        try arrival.expect(at: "HEAD")
    }

    @Test func `a merge without any step is a commit all the same`() throws {
        let arrival = try ArrivalBox(theirs: { _ in }, ours: { try $0.entry("mine", "mine") })
        try arrival.box.store.exclusively { try arrival.change(joining: true).perform() }
        #expect(try arrival.box.git("log", "-1", "--format=%P").split(separator: " ").count == 2)
        try arrival.expect(at: "HEAD")
    }

    @Test func `thousands of files come at once`() throws {
        let arrival = try ArrivalBox(theirs: { box in
            for number in 0..<1500 { try box.entry("many/\(number % 40)/\(number)", "\(number)") }
        })
        try arrival.box.store.exclusively { try arrival.change(joining: false).perform() }
        #expect(arrival.box.text("many/7/1447") == "1447")
        try arrival.expect(at: "other")
    }

    @Test func `lists that come are not acknowledged`() throws {
        let state = try Sandbox()
        let arrival = try ArrivalBox(theirs: { try $0.list("ann\neve\n") })
        arrival.box.settings.stateFolder = Path(state.root + "/state")
        try arrival.box.store.exclusively {
            _ = try arrival.box.store.pins()
            try arrival.change(joining: false).perform()
        }
        #expect(
            message {
                try arrival.box.store.put(
                    Secret(plain: "x"), in: Path(arrival.box.path("x.gpg")), known: .absent,
                    subject: "x")
            }?.contains("has acknowledged") == true)
    }

    /// What stands in the way of an arrival, and how it is named.
    @Test(arguments: [
        "changed here", "untracked in its place", "untracked below", "link on the way",
        "file on the way", "removed here",
    ]) func `what is only in the work tree stays`(obstacle: String) throws {
        let arrival = try ArrivalBox(theirs: upheaval)
        let box = arrival.box
        var named = ""
        switch obstacle {
        case "changed here":
            try box.entry("shop", "mine")
            named = "shop.gpg"
        case "untracked in its place":
            try box.entry("new/folder/two", "mine")
            named = "new/folder/two.gpg"
        case "untracked below":
            try box.entry("web/deep/mine", "mine")
            named = "web/deep/mine.gpg"
        case "link on the way":
            try box.link("/tmp", "new")
            named = "new"
        case "file on the way":
            try box.write("mine", "new")
            named = "new"
        default:
            // Gone is gone on both sides: nothing is lost.
            Disk.remove(box.path("shop.gpg"))
        }
        let before = box.names
        let change = try arrival.change(joining: false)
        var found: [Path] = []
        do {
            try box.store.exclusively { try change.perform() }
        } catch let error as WouldTrample {
            found = error.names
        }
        guard !named.isEmpty else { return try arrival.expect(at: "other") }
        #expect(found == [Path(box.path(named))])
        #expect(box.names == before)
        #expect(try box.git("rev-parse", "HEAD") == arrival.ours.hex)
    }

    @Test func `the same content by other hands is in nobody's way`() throws {
        let arrival = try ArrivalBox(theirs: { try $0.entry("shop", "new") })
        try arrival.box.git("checkout", "-q", "other", "--", "shop.gpg")
        try arrival.box.store.exclusively { try arrival.change(joining: false).perform() }
        try arrival.expect(at: "other")
    }

    @Test(arguments: [true, false])
    func `a branch that moved meanwhile ends it`(joining: Bool) throws {
        let arrival = try ArrivalBox(
            theirs: upheaval, ours: joining ? { try $0.entry("mine", "mine") } : nil)
        let change = try arrival.change(joining: joining)
        try arrival.box.git("commit", "-q", "--allow-empty", "-m", "Meanwhile.")
        let before = arrival.box.names
        #expect(throws: BranchMoved.self) {
            try arrival.box.store.exclusively { try change.perform() }
        }
        #expect(arrival.box.names == before)
        #expect(try arrival.box.subjects().first == "Meanwhile.")
        try arrival.expect(at: "HEAD")
    }

    @Test func `what fails on the way is undone, folders included`() throws {
        let arrival = try ArrivalBox(theirs: upheaval)
        var steps = try arrival.steps(from: arrival.ours, to: arrival.theirs)
        // A name that no file system takes, after all else.
        let long = Path(arrival.box.root) / Bytes(String(repeating: "x", count: 300).utf8)
        steps.append(.write(long, [1], mode: .fresh))
        let before = arrival.box.names
        let change = Change(
            store: arrival.box.store, steps: steps,
            arrival: Arrival(way: .arriving(arrival.theirs), ours: arrival.ours),
            subject: { _ in "" })
        #expect(message { try arrival.box.store.exclusively { try change.perform() } } != nil)
        #expect(arrival.box.names == before)
        try arrival.expect(at: "main")
        #expect(try arrival.box.git("rev-parse", "HEAD") == arrival.ours.hex)
    }

    @Test(arguments: InterruptedChange.Stage.allCases, [true, false])
    func `a killed arrival is finished or forgotten`(
        stage: InterruptedChange.Stage, joining: Bool
    ) throws {
        let arrival = try ArrivalBox(
            theirs: upheaval, ours: joining ? { try $0.entry("mine", "mine") } : nil)
        let change = try arrival.change(joining: joining)
        var interrupted = InterruptedChange(box: arrival.box, steps: change.steps)
        interrupted.arrival = change.arrival
        try interrupted.run(until: stage)
        try arrival.box.store.exclusively {}
        let isDone = stage.rawValue >= InterruptedChange.Stage.published.rawValue
        #expect(arrival.box.text("new/folder/two") == (isDone ? "new two" : nil))
        try arrival.expect(at: "HEAD")
        try arrival.box.store.exclusively {}
        try arrival.expect(at: "HEAD")
        #expect(arrival.box.warned == [])
    }

    @Test func `what somebody puts in the way after a kill stays`() throws {
        let arrival = try ArrivalBox(theirs: upheaval)
        let change = try arrival.change(joining: false)
        var interrupted = InterruptedChange(box: arrival.box, steps: change.steps)
        interrupted.arrival = change.arrival
        try interrupted.run(until: .published)
        try arrival.box.entry("web/mine", "mine")
        try arrival.box.write("mine", "new")
        try arrival.box.store.exclusively {}
        #expect(arrival.box.text("web/mine") == "mine")
        #expect(Disk.read(arrival.box.path("new"))?.text == "mine")
        try arrival.box.store.exclusively {}
    }
}
