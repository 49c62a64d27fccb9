import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct ConfigurationTests {
    private let box: StoreBox
    private let system: String
    private let user: String

    init() throws {
        box = try StoreBox()
        system = box.sandbox.root + "/etc config"
        user = box.sandbox.root + "/xdg/passel/config"
    }

    private func configuration(_ variables: [String: String] = [:]) -> PasselConfiguration {
        var environment = ProcessEnvironment(box.sandbox.environment)
        environment["XDG_CONFIG_HOME"] = Array((box.sandbox.root + "/xdg").utf8)
        for (name, value) in variables { environment[name] = Array(value.utf8) }
        return PasselConfiguration(
            store: Path(box.root), environment: environment, system: Path(system))
    }

    private func write(_ text: String, _ file: String) throws {
        try Disk.makeFolder(Path(file).parent.repaired)
        try Disk.write(text, to: file)
    }

    @Test func `without a word about it everything is as it comes`() throws {
        let configuration = configuration()
        #expect(try configuration.heal == .auto)
        #expect(try configuration.autosync == .off)
        #expect(try !configuration.requiresSigned)
        #expect(try configuration.timeout == 30)
    }

    @Test func `the nearer place stands over the farther one`() throws {
        try write("[passel]\n\theal = never\n\tautosync = pull\n\ttimeout = 5\n", system)
        #expect(try configuration().heal == .never)
        try write("[passel]\n\theal = ask\n\tautosync = full\n", user)
        #expect(try configuration().heal == .ask)
        try box.git("config", "passel.heal", "auto")
        #expect(try configuration().heal == .auto)
        #expect(try configuration().autosync == .full)
        #expect(try configuration().timeout == 5)
        #expect(try configuration(["PASSEL_HEAL": "never"]).heal == .never)
        #expect(try configuration(["PASSEL_HEAL": ""]).heal == .auto)
    }

    @Test(arguments: [
        ("[passel]\n\trequire-signed\n", true), ("[PASSEL]\n\tRequire-Signed = Yes\n", true),
        ("[passel]\n\trequire-signed = off\n", false), ("[other]\n\trequire-signed = on\n", false),
    ])
    func `signatures are wanted in all of git's spellings`(text: String, wanted: Bool) throws {
        try write(text, user)
        #expect(try configuration().requiresSigned == wanted)
    }

    @Test func `the last of several values counts, and files may include others`() throws {
        try write("[passel]\n\ttimeout = 7\n\ttimeout = 8\n", box.sandbox.root + "/more")
        try write("[include]\n\tpath = \(box.sandbox.root)/more\n", user)
        #expect(try configuration().timeout == 8)
    }

    @Test func `a further work tree has the configuration of its repository`() throws {
        try box.git("config", "passel.autosync", "pull")
        let further = box.sandbox.root + "/further"
        try box.git("worktree", "add", "-q", "-b", "further", further)
        let configuration = PasselConfiguration(
            store: Path(further), environment: ProcessEnvironment(box.sandbox.environment),
            system: Path(system))
        #expect(try configuration.autosync == .pull)
    }

    @Test func `nothing that is stored in git has a say`() throws {
        try box.write("[passel]\n\theal = never\n\trequire-signed = false\n", ".passel/config")
        #expect(try configuration().heal == .auto)
    }

    @Test func `a value that is none is told with what mends it`() throws {
        try write("[passel]\n\theal = sometimes\n\ttimeout = 0\n", system)
        do {
            _ = try configuration().heal
            Issue.record("it was taken")
        } catch let problem as Problem {
            #expect(
                "\(problem.message)"
                    == "\(system): passel.heal is sometimes, not auto, ask or never")
            #expect(
                problem.hints.map(\.description) == [
                    "git config --file '\(system)' passel.heal auto"
                ])
        }
        #expect(
            message { _ = try configuration().timeout }
                == "\(system): passel.timeout is 0, not a number of seconds")
        #expect(
            message { _ = try configuration(["PASSEL_REQUIRE_SIGNED": "maybe"]).requiresSigned }
                == "PASSEL_REQUIRE_SIGNED is maybe, not true or false")
    }

    @Test func `a file that is no configuration is told`() throws {
        try write("[passel\nheal = auto\n", user)
        #expect(message { _ = try configuration().heal }?.contains("cannot be read") == true)
    }
}
