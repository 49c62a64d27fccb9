import Foundation
import PasselTesting
import Testing

/// direnv, which sets variables when somebody comes into a folder.
@Suite struct DirenvTests {
    private let home: ClientHome

    init() throws {
        try ClientHome.require("/usr/bin/direnv")
        home = try ClientHome(.passel)
        try home.insert("ci/pypi", "it's $(touch canary)\nuser: ann\n")
        try home.insert("ci/other", "other\n")
        try home.check("passel", "setup", "direnv")
        home.sandbox.directory = home.sandbox.home
    }

    private func project(_ lines: String) throws {
        try Disk.makeFolder(home.path("project"))
        try home.write(lines, to: "project/.envrc")
        try home.check("direnv", "allow", "project")
    }

    /// What a program gets there.
    private func said(_ script: String) throws -> Outcome {
        try home.run("direnv", "exec", "project", "sh", "-c", script)
    }

    @Test func `use passel sets variables, and no secret is in a file`() throws {
        try project("use passel ci/pypi PYPI_USER=ci/pypi#user\n")
        let outcome = try said(#"printf '%s/%s' "$PYPI" "$PYPI_USER""#).demand()
        #expect(outcome.stdout.text == "it's $(touch canary)/ann")
        #expect(home.read("canary") == nil && home.read("project/canary") == nil)
        #expect(home.read("project/.envrc") == "use passel ci/pypi PYPI_USER=ci/pypi#user\n")
    }

    @Test func `the project's profile is used, and one of the store`() throws {
        try Disk.makeFolder(home.path("project"))
        try home.write("PW=passel://ci/other\n", to: "project/.env.passel")
        try project("use passel\n")
        #expect(try said(#"printf %s "$PW""#).demand().stdout.text == "other")
        try Disk.makeFolder(home.sandbox.store + "/.passel/profiles")
        try Disk.write(
            "PW=passel://ci/pypi#user\n", to: home.sandbox.store + "/.passel/profiles/dev")
        try project("use passel --profile dev\n")
        #expect(try said(#"printf %s "$PW""#).demand().stdout.text == "ann")
    }

    /// The files that direnv watches, by what it exports.
    private func watched() throws -> String {
        home.sandbox.directory = home.path("project")
        defer { home.sandbox.directory = home.sandbox.home }
        let script = """
            import base64, json, subprocess, zlib
            exported = json.loads(subprocess.check_output(["direnv", "export", "json"]))
            print(zlib.decompress(base64.urlsafe_b64decode(exported["DIRENV_WATCHES"])).decode())
            """
        return try home.check("python3", "-c", script)
    }

    @Test func `a change of an entry or a profile loads it anew`() throws {
        try home.write("PW=passel://ci/other\n", to: "project/.env.passel")
        try project("use passel\nuse passel ci/pypi\n")
        let files = try watched()
        for name in ["/ci/other.gpg", "/ci/pypi.gpg", "project/.env.passel"] {
            #expect(files.contains(name))
        }
        // In a shell that direnv hooks into, the prompt after a change has the new value.
        let script = """
            eval "$(direnv export bash)"; echo "$PYPI"
            eval "$(direnv export bash)"; echo "$PYPI"
            printf 'new\\n' | passel insert -m -f ci/pypi >/dev/null
            touch -d '+2 seconds' "$PASSWORD_STORE_DIR/ci/pypi.gpg"
            eval "$(direnv export bash)"; echo "$PYPI"
            """
        home.sandbox.directory = home.path("project")
        let outcome = try home.run("bash", "-c", script).demand()
        #expect(outcome.stdout.text == "it's $(touch canary)\nit's $(touch canary)\nnew\n")
    }

    @Test func `where nothing can be read the message says why, and no variable is set`() throws {
        try project("use passel ci/pypi ci/none\n")
        let outcome = try said(#"printf '%s' "${PYPI-none}""#)
        #expect(!outcome.stdout.text.contains("it's"))
        #expect(outcome.stderr.text.contains("error: ci/none is not in the store"))
        #expect(outcome.stderr.text.contains("use passel ci/pypi ci/none: no variable was set"))
    }

    @Test func `a wrong passphrase sets nothing and is told`() throws {
        try home.sandbox.makeKey("eve", .protected(passphrase: "right"))
        try home.sandbox.setPassphrase("wrong")
        try home.check("passel", "init", "-p", "eve", "eve@example.org")
        try home.insert("eve/token", "hidden\n")
        try project("use passel eve/token\n")
        let outcome = try said(#"printf '%s' "${TOKEN-none}""#)
        #expect(!outcome.stdout.text.contains("hidden"))
        #expect(outcome.stderr.text.contains("eve/token"))
        #expect(outcome.stderr.text.contains("no variable was set"))
    }

    @Test func `it is written once, taken away again, and no other file is touched`() throws {
        let file = ".config/direnv/lib/passel.sh"
        #expect(home.read(file) != nil)
        let again = try home.run("passel", "setup", "direnv").demand()
        #expect(again.stderr.text.contains("nothing to be done"))
        try home.check("passel", "setup", "direnv", "--remove")
        #expect(home.read(file) == nil)
        try home.write("mine\n", to: file)
        #expect(try home.run("passel", "setup", "direnv").status == 1)
        #expect(home.read(file) == "mine\n")
    }
}
