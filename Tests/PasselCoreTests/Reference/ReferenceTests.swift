import PasselCore
import PasselTesting
import Testing

@Suite struct ReferenceTests {
    private func read(_ text: String) -> Reference? { Reference(Bytes(text.utf8)) }

    @Test(
        arguments: [
            ("passel://ci/pypi", "ci/pypi", nil), ("ci/pypi", "ci/pypi", nil),
            ("passel://ci/pypi#user", "ci/pypi", "user"),
            ("ci/pypi#user name", "ci/pypi", "user name"),
            ("/ci//pypi/", "ci/pypi", nil), ("./ci/./pypi", "ci/pypi", nil),
            // The last # divides; one at the end says that the name has one.
            ("web/c##", "web/c#", nil), ("web/c##key", "web/c#", "key"),
            ("ci/pypi#", "ci/pypi", nil),
            // Nothing is escaped.
            ("a%20b", "a%20b", nil), ("a b=c", "a b=c", nil),
            ("http:/127.0.0.1:1/u", "http:/127.0.0.1:1/u", nil),
        ] as [(String, String, String?)])
    func `a reference names an entry and perhaps a field`(
        text: String, name: String, field: String?
    ) throws {
        let reference = try #require(read(text))
        #expect(reference.name == Path(name))
        #expect(reference.field == field.map { Text($0.utf8) })
        #expect(Reference(marked: reference.uri.bytes) == reference)
        #expect(Reference(reference.spelling.bytes) == reference)
    }

    @Test(arguments: [
        "", "passel://", "#user", "passel://#user", "..", "a/../b", "/", ".", "a\nb", "a\0b",
    ])
    func `what names no entry is none`(text: String) { #expect(read(text) == nil) }

    @Test(arguments: ["ci/pypi", "Passel://ci/pypi", "https://example.org", "passel:/x", ""])
    func `among other values only what begins with passel counts`(text: String) {
        #expect(Reference(marked: Bytes(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("ci/pypi", "PYPI=passel://ci/pypi"), ("TOKEN=ci/pypi", "TOKEN=passel://ci/pypi"),
        ("T=passel://ci/pypi#user", "T=passel://ci/pypi#user"),
        ("ci/db#user", "DB=passel://ci/db#user"),
        ("ci/my-key.v2", "MY_KEY_V2=passel://ci/my-key.v2"),
        ("ci/2fa", "_2FA=passel://ci/2fa"), ("passel://a=b", "A_B=passel://a=b"),
        ("_=a=b", "_=passel://a=b"), ("web/süß", "S____=passel://web/süß"),
    ])
    func `a variable is named, or named after the entry`(text: String, meant: String) throws {
        #expect(try Binding(Bytes(text.utf8)).spelling.description == meant)
    }

    @Test(arguments: ["", "A=", "1A=b", "a-b=c", "=b", "A=..", "#f", "A=#f"])
    func `what is no pair and no reference is a usage error`(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try Binding(Bytes(text.utf8)) }
        #expect(problem?.status == 2)
    }

    @Test(arguments: ["a", "_", "A1", "TWINE_PASSWORD", "aWS_x"])
    func `letters, digits and underscores make a variable's name`(name: String) {
        #expect(VariableName(name.utf8) != nil)
    }

    @Test(arguments: ["", "1", "a-b", "a b", "ä", "a=", "a.b"])
    func `nothing else does`(name: String) { #expect(VariableName(name.utf8) == nil) }

    @Test(arguments: [
        "PATH", "LD_PRELOAD", "BASH_ENV", "ENV", "GIT_SSH_COMMAND", "NODE_OPTIONS", "PYTHONPATH",
        "PYTHONSTARTUP", "PERL5OPT", "IFS", "SHELL", "DYLD_INSERT_LIBRARIES", "PS4", "HOME",
        "PASSWORD_STORE_DIR", "BASH_FUNC_ls",
    ])
    func `some names have a say in how programs run`(name: String) throws {
        #expect(try #require(VariableName(name.utf8)).changesHowProgramsRun)
    }

    @Test(arguments: [
        "TWINE_PASSWORD", "PYPI", "GITHUB_TOKEN", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "path",
        "NODE_AUTH_TOKEN", "PIP_INDEX_URL", "LD",
    ])
    func `most have not`(name: String) throws {
        #expect(try !#require(VariableName(name.utf8)).changesHowProgramsRun)
    }
}
