import PasselCore
import PasselGit
import PasselTesting
import Testing

/// References besides the branch, what git left unfinished, and the remotes.
@Suite struct ReferenceTests {
    private let box: GitBox

    init() throws {
        box = try GitBox()
        for number in 1...3 { try box.commit([file("a", "\(number)")], "\(number).") }
    }

    private func id(_ name: String) throws -> GitID {
        try #require(GitID(hex: try box.git("rev-parse", name).utf8))
    }

    @Test func `a reference moves only from where it is thought to be`() throws {
        let repository = try box.open()
        let (one, two, three) = (try id("main~2"), try id("main~1"), try id("main"))
        let name = "refs/passel/incoming/office"
        #expect(try repository.reference(name) == nil)
        try repository.setReference(name, to: one, from: nil, log: "came")
        #expect(try repository.reference(name) == one)
        for (new, old) in [(two, nil), (two, three), (nil, three), (nil, nil)] as [(GitID?, GitID?)]
        {
            let problem = #expect(throws: GitProblem.self) {
                try repository.setReference(name, to: new, from: old, log: "")
            }
            #expect(problem?.isRace == true, "\(String(describing: problem))")
        }
        try repository.setReference(name, to: two, from: one, log: "came")
        #expect(try box.git("rev-parse", name) == two.hex)
        try repository.setReference(name, to: nil, from: two, log: "")
        #expect(try repository.reference(name) == nil)
        let gone = #expect(throws: GitProblem.self) {
            try repository.setReference(name, to: one, from: two, log: "")
        }
        #expect(gone?.isRace == true)
        try repository.setReference(name, to: nil, from: nil, log: "")
    }

    @Test func `branches of remotes keep their log`() throws {
        let repository = try box.open()
        let (one, two) = (try id("main~1"), try id("main"))
        let name = "refs/remotes/origin/main"
        try repository.setReference(name, to: one, from: nil, log: "sync: first")
        try repository.setReference(name, to: two, from: one, log: "sync: second")
        #expect(
            try box.git("reflog", "--format=%gs", "origin/main") == "sync: second\nsync: first")
    }

    @Test func `a lock that a dead program left is in nobody's way`() throws {
        let repository = try box.open()
        try Disk.makeFolder(box.folder + "/.git/refs/passel/incoming")
        try Disk.write("", to: box.folder + "/.git/refs/passel/incoming/x.lock", mode: 0o644)
        try Disk.write("", to: box.folder + "/.git/config.lock", mode: 0o644)
        try repository.setReference(
            "refs/passel/incoming/x", to: try id("main"), from: nil, log: "")
        try repository.setConfiguration("passel.heal", "never")
        #expect(try box.git("config", "passel.heal") == "never")
    }

    @Test func `the branch has a name unless HEAD is detached`() throws {
        #expect(try box.open().branch == "main")
        try box.git("checkout", "-q", "-b", "team/work")
        #expect(try box.open().branch == "team/work")
        try box.git("checkout", "-q", "--orphan", "new")
        #expect(try box.open().branch == "new")
        try box.git("checkout", "-q", "--detach", "main")
        #expect(try box.open().branch == nil)
    }

    @Test func `what git left unfinished is seen`() throws {
        let repository = try box.open()
        #expect(repository.operation() == nil)
        try box.git("checkout", "-q", "-b", "side", "main~1")
        try box.write("other", "a")
        try box.git("commit", "-qam", "Side.")
        _ = try box.run("git", ["merge", "main"])
        #expect(try repository.operation() == .merge([id("main")]))
        try repository.forgetOperation()
        #expect(repository.operation() == nil)
        try box.git("checkout", "-qf", "side")
        _ = try box.run("git", ["rebase", "main"])
        #expect(repository.operation() == .rebase)
        try box.git("rebase", "--abort")
        _ = try box.run("git", ["cherry-pick", "main"])
        #expect(repository.operation() == .cherryPick)
        try box.git("cherry-pick", "--abort")
        _ = try box.run("git", ["revert", "main"])
        #expect(repository.operation() == .revert)
        try box.git("revert", "--abort")
        try box.git("bisect", "start")
        #expect(repository.operation() == .bisect)
    }

    @Test func `remotes are added, listed and removed as git does`() throws {
        let repository = try box.open()
        #expect(try repository.remotes() == [])
        let url: Text = "ssh://git@host.example/a \"b\" #c;\\d.git"
        try repository.addRemote("office", url: url)
        try repository.setConfiguration("remote.office.passelPolicy", "pull-only")
        try box.git("remote", "add", "Backup.x", "/srv/b")
        try box.git("config", "remote.Backup.x.pushurl", "/srv/c")
        #expect(
            try box.open().remotes() == [
                GitRemote(name: "Backup.x", url: "/srv/b", pushURL: "/srv/c"),
                GitRemote(name: "office", url: url, policy: "pull-only"),
            ])
        #expect(try box.git("remote", "get-url", "office") == url.bytes.text)
        #expect(
            try box.git("config", "remote.office.fetch") == "+refs/heads/*:refs/remotes/office/*")
        try repository.setConfiguration("remote.office.passelPolicy", nil)
        try repository.setConfiguration("remote.office.passelPolicy", nil)
        #expect(try repository.remotes().last?.policy == nil)
        try repository.removeRemote("office")
        #expect(try box.git("remote") == "Backup.x")
        #expect(throws: GitProblem.self) { try repository.removeRemote("office") }
        #expect(throws: GitProblem.self) { try repository.addRemote("Backup.x", url: "/x") }
    }

    @Test(arguments: ["-x", "", "a b", "a..b", "a\nb", "x.lock", "a~1", "ref:x"])
    func
        `a name that git would not take is refused`(name: String) throws
    {
        let name = Text(name.utf8)
        #expect(throws: GitProblem.self) { try box.open().addRemote(name, url: "/x") }
        #expect(try box.git("remote") == "")
    }

    @Test func `settings of the environment count`() throws {
        box.sandbox.set("GIT_CONFIG_COUNT", "1")
        box.sandbox.set("GIT_CONFIG_KEY_0", "remote.Env.url")
        box.sandbox.set("GIT_CONFIG_VALUE_0", "/srv/env")
        let repository = try box.open()
        #expect(try repository.remotes() == [GitRemote(name: "Env", url: "/srv/env")])
        #expect(repository.configuration("Remote.Env.URL")?.text == "/srv/env")
        #expect(repository.configuration("remote.env.url") == nil)
        #expect(repository.configuration("user.NAME")?.text == "Ann Example")
    }
}
