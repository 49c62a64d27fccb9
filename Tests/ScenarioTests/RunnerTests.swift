import Testing

@testable import PasselTesting

/// The scenario runner and the invariants notice what they are there to notice.
@Suite struct RunnerTests {
    /// What is wrong with a run of these lines, if anything.
    private func failure(of text: String) throws -> ScenarioFailure? {
        try ScenarioRun(Scenario(Bytes(text.utf8), path: "inline.txtar", name: "inline")).run()
    }

    @Test func `a wrong cmp fails at its line`() throws {
        let failure = try failure(
            of: """
                # two texts are equal
                exec echo one
                cmp stdout two

                -- two --
                two
                """)
        #expect(failure?.line == 3)
        #expect(failure?.description.contains("- two\n+ one") == true)
    }

    @Test func `a right cmp passes`() throws {
        #expect(try failure(of: "exec echo one\ncmp stdout one\n-- one --\none\n") == nil)
    }

    @Test(arguments: [
        "exec false", "! exec true", "exec echo a\nstdout b", "exec echo a\n! stdout a",
        "exec true\nstatus 1", "exists nothing", "! exists a", "mode a 644", "nonsense",
        "stdout 'open", "cmp a b", "exec echo $nothing", "waive 1", "key --odd a",
    ])
    func `every kind of disappointment fails`(_ lines: String) throws {
        #expect(try failure(of: lines + "\n-- a --\na\n-- b --\nb\n") != nil)
    }

    @Test(arguments: [
        "! exec false", "? exec false\nstatus 1", "exec echo $HOME/x\nstdout home/x$",
        "exec printf '%s\\n' $'a\\tb'\nstdout $'^a\\tb$'",
        "stdin - 'x y'\nexec cat\nstdout '^x y$'",
        "tty - $'word\\n'\nexec head -n1\nttyout word", "env A=1 B=2\nexec sh -c 'test $A$B = 12'",
        "exec printf %s 'two\nlines'\nstdout '^lines$'", "ttyonly-stdin\nexec tty\nstdout /dev/pts",
        "stdin a\nexec cat\ncmp stdout a", "cd home\nexec pwd\nstdout home$", "mode a 600",
    ])
    func `every kind of success passes`(_ lines: String) throws {
        let failure = try failure(of: lines + "\n-- a --\na\n")
        #expect(failure?.description == nil)
    }

    @Test func `an archive can be rewritten`() {
        let archive = Txtar(Bytes("# text\n-- a --\n1\n-- b --\n2\n".utf8))
        let rewritten = archive.replacing("a", with: Bytes("3\n4\n".utf8))?.text
        #expect(rewritten == "# text\n-- a --\n3\n4\n-- b --\n2\n")
        #expect(archive.replacing("c", with: []) == nil)
    }

    @Test func `a password is typed when it is asked for`() throws {
        let sandbox = try Sandbox(.pass)
        try sandbox.makeKey("ann")
        try sandbox.pass("init", "ann@example.org")
        let typed = Bytes("hunter2\nhunter2\n".utf8)
        let outcome = try sandbox.run("pass", ["insert", "web/a"], input: .terminal(typed: typed))
        #expect(outcome.status == 0)
        #expect(!outcome.terminal.text.contains("hunter2"))
        #expect(StoreSnapshot(of: sandbox.store).plaintext("web/a") == Bytes("hunter2\n".utf8))
    }

    @Test func `a program that does not end is killed`() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.run("sleep", bytes: [Bytes("60".utf8)], timeout: 0.2)
        #expect(outcome.timedOut)
        #expect(outcome.status == 128 + 15)
    }

    @Test(arguments: [
        Key.Kind.plain, .expired, .revoked, .signOnly, .twoSubkeys, .expiredSubkey,
        .weak, .authenticated, .protected(passphrase: "word"),
    ])
    func `keys of all kinds can be made`(_ kind: Key.Kind) throws {
        let sandbox = try Sandbox()
        let key = try sandbox.makeKey("ann", kind)
        #expect(key.fingerprint.count == 40)
        let listing = try sandbox.run("gpg", ["--list-secret-keys", key.fingerprint])
        #expect(listing.status == 0)
        let encrypt = ["--batch", "-e", "-r", "ann", "-o", "file"]
        let works = ![.expired, .revoked, .signOnly].contains(kind)
        #expect((try sandbox.run("gpg", encrypt).status == 0) == works)
    }
}
