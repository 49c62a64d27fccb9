import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselGit

@Suite struct ConfigurationTests {
    private let box: GitBox

    init() throws { box = try GitBox() }

    /// The repository's settings, once read by libgit2 and once by git.
    private func both() throws -> [GitConfiguration] {
        let first = try box.open().configuration
        box.sandbox.set("GIT_CONFIG_GLOBAL", box.sandbox.home + "/.gitconfig")
        return [first, try box.open().configuration]
    }

    @Test(arguments: [
        "= true", "= yes", "= on", "= 1", "= TRUE", "= Yes", "", "= 2", "= -1", "= false", "= no",
        "= off", "= 0", "= False", "=", "= \"\"", "= 00",
    ]) func `yes and no are spelled in git's ways`(value: String) throws {
        let path = box.folder + "/.git/config"
        let settings = try #require(Disk.read(path)).text
        try Disk.write(settings + "[pass]\n\tsignCommits \(value)\n", to: path)
        let wanted = try box.git("config", "--type=bool", "pass.signcommits")
        for configuration in try both() {
            #expect(configuration.bool("pass.signcommits") == (wanted == "true"))
        }
    }

    @Test func `what is not set is nothing`() throws {
        for configuration in try both() {
            #expect(configuration.bool("pass.signcommits") == nil)
            #expect(configuration.string("user.nothing") == nil)
            #expect(configuration.path("user.nothing", home: nil) == nil)
        }
    }

    @Test func `the last of several values counts, its bytes kept`() throws {
        try box.git("config", "user.name", "first")
        try box.git("config", "--add", "user.name", "Zoë \"Z\"; # é")
        for configuration in try both() {
            #expect(configuration.string("user.name")?.text == "Zoë \"Z\"; # é")
        }
    }

    @Test func `a tilde in a path is the home folder`() throws {
        try box.git("config", "core.hooksPath", "~/hooks")
        for configuration in try both() {
            let path = configuration.path("core.hookspath", home: Bytes("/home/ann".utf8))
            #expect(path == "/home/ann/hooks")
        }
        try box.git("config", "core.hooksPath", "rel/hooks")
        #expect(try both()[0].path("core.hookspath", home: nil) == "rel/hooks")
    }

    @Test func `a settings file that the environment names is read`() throws {
        let other = box.sandbox.root + "/other"
        try Disk.write("[user]\n\tsigningkey = THERE\n", to: other)
        box.sandbox.set("GIT_CONFIG_GLOBAL", other)
        #expect(try box.open().configuration.string("user.signingkey")?.text == "THERE")
        box.sandbox.set("GIT_CONFIG_COUNT", "1")
        box.sandbox.set("GIT_CONFIG_KEY_0", "user.signingKey")
        box.sandbox.set("GIT_CONFIG_VALUE_0", "COUNTED")
        #expect(try box.open().configuration.string("user.signingkey")?.text == "COUNTED")
    }
}

@Suite struct IdentityTests {
    private let box: GitBox

    init() throws { box = try GitBox() }

    /// Author and committer of a commit of ours and of one by git, made in the same environment.
    private func both() throws -> (ours: String, theirs: String) {
        let format = "%an|%ae|%ad|%cn|%ce|%cd"
        try box.commit([file("a", "\(UInt64.random(in: 0 ... .max))")])
        let ours = try box.git("log", "-1", "--date=raw", "--format=\(format)")
        try box.git("commit", "-q", "--allow-empty", "-m", "x")
        return (ours, try box.git("log", "-1", "--date=raw", "--format=\(format)"))
    }

    @Test func `variables decide before the settings`() throws {
        for (name, value) in [
            ("GIT_AUTHOR_NAME", "Zoë"), ("GIT_AUTHOR_EMAIL", "zoe@example.org"),
            ("GIT_AUTHOR_DATE", "2020-02-03T04:05:06+0130"), ("GIT_COMMITTER_NAME", "Bob"),
            ("GIT_COMMITTER_DATE", "1600000000 -0700"),
        ] { box.sandbox.set(name, value) }
        let (ours, theirs) = try both()
        #expect(ours == theirs)
        #expect(ours == "Zoë|zoe@example.org|1580697306 +0130|Bob|ann@example.org|1600000000 -0700")
    }

    @Test func `author and committer have settings of their own`() throws {
        box.sandbox.set("GIT_AUTHOR_DATE", "1600000000 +0000")
        box.sandbox.set("GIT_COMMITTER_DATE", "1600000000 +0000")
        try box.git("config", "author.name", "The Author")
        try box.git("config", "committer.email", "committer@example.org")
        let (ours, theirs) = try both()
        #expect(ours == theirs)
        #expect(ours.hasPrefix("The Author|ann@example.org|"))
        #expect(ours.contains("|Ann Example|committer@example.org|"))
    }

    @Test(arguments: ["  Ann  ", "Ann <x>", "Ann,", "\"Ann\"", ". Ann .", "A\tB"])
    func `odd names are tidied as git tidies them`(name: String) throws {
        try box.git("config", "user.name", name)
        let (ours, theirs) = try both()
        let parts = [ours, theirs].map { $0.split(separator: "|").first }
        #expect(parts[0] == parts[1])
    }

    @Test func `the settings file that the environment names holds the identity`() throws {
        let other = box.sandbox.root + "/other"
        try Disk.write("[user]\n\tname = Other\n\temail = other@example.org\n", to: other)
        try box.git("config", "--unset", "user.name")
        try box.git("config", "--unset", "user.email")
        box.sandbox.set("GIT_CONFIG_GLOBAL", other)
        let (ours, _) = try both()
        #expect(ours.hasPrefix("Other|other@example.org|"))
    }

    @Test func `without an identity nothing is committed and git's own advice is given`() throws {
        try Disk.write("[user]\n\tuseConfigOnly = true\n", to: box.sandbox.root + "/other")
        try box.git("config", "--unset", "user.name")
        try box.git("config", "--unset", "user.email")
        box.sandbox.set("GIT_CONFIG_GLOBAL", box.sandbox.root + "/other")
        let problem = try #require(throws: GitProblem.self) {
            try box.open().prepare([file("a", "1")], subject: "x")
        }
        #expect(problem.isRefusal)
        #expect(problem.problem.message == "git: cannot commit: git does not know who you are")
        #expect(problem.hints.first == "git config --global user.name \"Your Name\"")
    }
}
