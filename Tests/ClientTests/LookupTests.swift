import PasselTesting
import Testing

/// When a command word is an extension, and when it is the name of an entry.
@Suite struct LookupTests {
    private static let script = #"echo "extension $COMMAND has $# words"; exit 5"#

    @Test func `an extension of the person's own runs with its words and its status`() throws {
        let home = try home()
        let outcome = try home.run("pass", "mine", "a b", "c")
        #expect(outcome.stdout.text == "extension mine has 2 words\n")
        #expect(outcome.stderr.text == "")
        #expect(outcome.status == 5)
    }

    @Test(arguments: ["", "1", "TRUE", "yes"])
    func `nothing but true enables a person's own extensions`(_ value: String) throws {
        let home = try home()
        home.sandbox.set("PASSWORD_STORE_ENABLE_EXTENSIONS", value)
        try expectEntry(home.run("pass", "mine"))
    }

    @Test func `a file that is not executable is no extension`() throws {
        let home = try home(mode: 0o600)
        try expectEntry(home.run("pass", "mine"))
    }

    @Test func `a folder is no extension`() throws {
        let home = try ClientHome()
        home.sandbox.set("PASSWORD_STORE_ENABLE_EXTENSIONS", "true")
        try Disk.makeFolder(home.sandbox.store + "/.extensions/mine.bash")
        try expectEntry(home.run("pass", "mine"))
    }

    @Test func `extensions are looked for where the environment says`() throws {
        let home = try home()
        try Disk.makeFolder(home.path("elsewhere/deeper"))
        try Disk.write("echo elsewhere", to: home.path("elsewhere/mine.bash"), mode: 0o700)
        try Disk.write("echo deeper", to: home.path("elsewhere/deeper/x.bash"), mode: 0o700)
        home.sandbox.set("PASSWORD_STORE_EXTENSIONS_DIR", home.path("elsewhere"))
        #expect(try home.check("pass", "mine") == "elsewhere\n")
        #expect(try home.check("pass", "deeper/x") == "deeper\n")
    }

    @Test func `a built-in command cannot be replaced`() throws {
        let home = try home()
        try home.addExtension("ls", "echo replaced")
        #expect(try !home.check("pass", "ls").contains("replaced"))
    }

    @Test func `the system's extensions need no permission and yield to the person's own`() throws {
        try ClientHome.require("/usr/lib/password-store/extensions/tail.bash")
        let home = try ClientHome()
        try home.insert("site", "hunter2\nuser: alice\n")
        #expect(try home.check("pass", "tail", "site") == "user: alice\n")
        try home.addExtension("tail", "echo my own")
        #expect(try home.check("pass", "tail", "site") == "my own\n")
    }

    @Test func `a system extension replaces one that is not executable`() throws {
        try ClientHome.require("/usr/lib/password-store/extensions/tail.bash")
        let home = try ClientHome()
        try home.insert("site", "hunter2\nuser: alice\n")
        try home.addExtension("tail", "echo my own", mode: 0o600)
        #expect(try home.check("pass", "tail", "site") == "user: alice\n")
    }

    @Test func `a sneaky word is refused before any file is looked at`() throws {
        let home = try home()
        let refused = try home.run("pass", "../mine")
        #expect(
            refused.stderr.text
                == "Error: You've attempted to pass a sneaky path to pass. Go home.\n")
        #expect(refused.status == 1)
    }

    @Test func `with a signing key an extension needs its signature`() throws {
        let home = try home()
        let key = try #require(home.sandbox.key("ann")).fingerprint
        home.sandbox.set("PASSWORD_STORE_SIGNING_KEY", key)
        let file = home.sandbox.store + "/.extensions/mine.bash"

        let unsigned = try home.run("pass", "mine")
        #expect(unsigned.stderr.text == "Signature for \(file) does not exist.\n")
        #expect(unsigned.stdout.text == "")
        #expect(unsigned.status == 1)

        try sign(file, by: "ann", in: home)
        #expect(try home.run("pass", "mine").status == 5)

        try Disk.write("echo changed", to: file)
        try expectInvalid(home.run("pass", "mine"), file)
    }

    @Test func `a signature by another key is worth nothing`() throws {
        let home = try home()
        let key = try #require(home.sandbox.key("ann")).fingerprint
        home.sandbox.set("PASSWORD_STORE_SIGNING_KEY", key)
        let file = home.sandbox.store + "/.extensions/mine.bash"
        try sign(file, by: "bob", in: home)
        try expectInvalid(home.run("pass", "mine"), file)
    }

    @Test func `a plain end and a return are success`() throws {
        let home = try home()
        try home.addExtension("plain", "false")
        try home.addExtension("returns", "return 3")
        #expect(try home.run("pass", "plain").status == 0)
        #expect(try home.run("pass", "returns").status == 0)
        try home.addExtension("goes-on", "set -e; false; echo went on")
        #expect(try home.check("pass", "goes-on") == "went on\n")
    }

    private func home(mode: UInt32 = 0o700) throws -> ClientHome {
        let home = try ClientHome()
        try home.addExtension("mine", LookupTests.script, mode: mode)
        return home
    }

    private func sign(_ file: String, by name: String, in home: ClientHome) throws {
        let key = try #require(home.sandbox.key(name)).fingerprint
        try home.check(
            "gpg", "--batch", "--yes", "--quiet", "--default-key", key, "--detach-sign", file)
    }

    private func expectEntry(_ outcome: Outcome) throws {
        #expect(outcome.stderr.text == "Error: mine is not in the password store.\n")
        #expect(outcome.stdout.text == "")
        #expect(outcome.status == 1)
    }

    private func expectInvalid(_ outcome: Outcome, _ file: String) throws {
        #expect(outcome.stderr.text.hasSuffix("Signature for \(file) is invalid.\n"))
        #expect(outcome.stdout.text == "")
        #expect(outcome.status == 1)
    }
}
