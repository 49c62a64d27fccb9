import Foundation
import PasselTesting
import Testing

/// The bash text in which extensions run.
@Suite struct PreludeTests {
    @Test func `the text is clean to shellcheck`() throws {
        try ClientHome.require("shellcheck")
        let home = try ClientHome(initialised: false)
        try home.write(PreludeTests.text(), to: "prelude.bash")
        let checked = try home.run("shellcheck", home.path("prelude.bash"))
        #expect(checked.stdout.text == "")
        #expect(checked.status == 0)
    }

    @Test func `an extension's environment does not show how it was started`() throws {
        let home = try ClientHome(.passel)
        try home.addExtension("show-environment", "env; declare -p PASSEL_EXECUTABLE")
        let shown = try home.check("pass", "show-environment")
        #expect(!shown.contains("\nPASSEL_"))
        #expect(shown.contains("\ndeclare -- PASSEL_EXECUTABLE=\"/"))
    }

    @Test func `the name by which pass was called can be called again`() throws {
        let home = try ClientHome(.passel)
        try home.insert("site", "hunter2\n")
        try home.addExtension("again", #""$0" show site"#)
        #expect(try home.check("pass", "again") == "hunter2\n")
        #expect(try home.check("\(home.sandbox.bin)/pass", "again") == "hunter2\n")
    }

    @Test func `a temporary folder is removed when the extension is killed`() throws {
        let home = try ClientHome(.passel)
        try home.addExtension(
            "killed",
            #"tmpdir; echo x >"$SECURE_TMPDIR/x"; echo "$SECURE_TMPDIR"; kill -TERM $$"#)
        let killed = try home.run("pass", "killed")
        #expect(killed.status == 128 + SIGTERM)
        let folder = killed.stdout.text.trimmingCharacters(in: .newlines)
        #expect(folder.hasPrefix("/dev/shm/pass."))
        #expect(Disk.facts(folder) == nil)
    }

    @Test func `a question on a terminal ends the program unless answered yes`() throws {
        let home = try ClientHome(.passel)
        try home.addExtension("ask", #"yesno "Really?"; echo went on"#)
        for (typed, goesOn) in [("y\n", true), ("Y\n", true), ("n\n", false), ("\n", false)] {
            let asked = try home.sandbox.run(
                "pass", ["ask"], input: .terminal(typed: Bytes(typed.utf8)))
            #expect(asked.terminal.text.hasPrefix("Really? [y/N] "))
            #expect(asked.terminal.text.contains("went on") == goesOn)
            #expect(asked.status == (goesOn ? 0 : 1))
        }
    }

    /// The text between the quotes of the Swift file, without the indentation of its last line.
    private static func text() throws -> String {
        let path = Source.root + "/Sources/PasselCommands/Extension/Prelude.swift"
        let source = try #require(Disk.read(path)).text
        let literal = try #require(source.firstMatch(of: /#"""\n((?s).*?)\n( *)"""#/))
        return literal.1.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(literal.2) ? $0.dropFirst(literal.2.count) : $0 }
            .joined(separator: "\n") + "\n"
    }
}
