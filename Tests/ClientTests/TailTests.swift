import PasselTesting
import Testing

/// Debian's pass-extension-tail, which declares `local` variables at its top level.
@Suite struct TailTests {
    @Test func `everything but the password is shown`() throws {
        let home = try home()
        #expect(try home.check("pass", "tail", "web/site") == "user: alice\nnote: n\n")
    }

    @Test func `everything but the password is edited`() throws {
        let home = try home()
        try home.program(
            "change", "#!/bin/sh\nsed -i s/alice/carol/ \"$1\"\ncat \"$1\" >\"$HOME/seen\"\n")
        let edited = try home.run(
            "pass", "tailedit", "web/site", environment: ["EDITOR": "change"])
        #expect(edited.status == 0)
        #expect(home.read("seen") == "user: carol\nnote: n\n")
        #expect(try home.show("web/site") == "hunter2\nuser: carol\nnote: n\n")
        #expect(try home.subjects(1) == ["Edit password for web/site using change."])
        #expect(try home.status() == "")
    }

    @Test func `a missing entry is refused`() throws {
        let home = try home()
        let refused = try home.run("pass", "tail", "web/none")
        #expect(refused.status == 1)
        #expect(refused.stdout.text == "")
    }

    private func home() throws -> ClientHome {
        try ClientHome.require("/usr/lib/password-store/extensions/tail.bash")
        let home = try ClientHome()
        try home.insert("web/site", "hunter2\nuser: alice\nnote: n\n")
        return home
    }
}
