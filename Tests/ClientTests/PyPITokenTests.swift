import PasselTesting
import Testing

/// pypitoken, the package that makes and checks tokens as PyPI does.
@Suite struct PyPITokenTests {
    private let home: ClientHome

    init() throws {
        home = try ClientHome(.passel)
        try ClientHome.require("python")
    }

    /// A token of PyPI's kind under a key of ours, stored as an entry.
    private func store(_ name: String, restricted: String = "") throws {
        let token = try home.python(
            """
            import pypitoken
            token = pypitoken.Token.create(domain="pypi.org", identifier="\(identifier)",
                key="k", prefix="pypi")
            \(restricted)
            print(token.dump())
            """
        ).demand()
        try home.insert(name, token.stdout.text)
    }

    private let identifier = "11111111-2222-4333-8444-555555555555"
    private let user = "00000000-0000-0000-0000-000000000002"

    /// What pypitoken says to a token that `words` make, at a time and for a project.
    private func verdict(_ words: [String], project: String, at time: String) throws -> String {
        let made = try home.sandbox.run("passel", ["token", "attenuate"] + words).demand()
        let answer = try home.sandbox.run(
            Source.root + "/.build-clients/bin/python",
            [
                "-c",
                """
                import sys, time, pypitoken
                token = pypitoken.Token.load(sys.stdin.read().strip())
                try:
                    token.check(key="k", project_name="\(project)", now=int(time.time()) + \(time))
                    print("good")
                except pypitoken.ValidationError as error:
                    print("refused")
                """,
            ], input: .bytes(made.stdout))
        return answer.stdout.text
    }

    @Test func `a narrowed token is good for its project and its time only`() throws {
        try store("ci/pypi")
        let words = ["ci/pypi", "-p", "Foo.Bar", "-e", "15m"]
        #expect(try verdict(words, project: "foo-bar", at: "0") == "good\n")
        #expect(try verdict(words, project: "foo-bar", at: "880") == "good\n")
        #expect(try verdict(words, project: "foo-bar", at: "920") == "refused\n")
        #expect(try verdict(words, project: "foo-bar", at: "-120") == "refused\n")
        #expect(try verdict(words, project: "other", at: "0") == "refused\n")
        #expect(try verdict(["ci/pypi", "-e", "15m"], project: "other", at: "0") == "good\n")
        #expect(try verdict(["ci/pypi", "-p", "a", "-p", "b"], project: "b", at: "0") == "good\n")
    }

    @Test func `pypitoken reads what was added`() throws {
        try store("ci/pypi", restricted: "token.restrict(user_id='\(user)')")
        let made = try home.sandbox.run(
            "passel",
            [
                "token", "attenuate", "ci/pypi", "-p", "Foo_Bar", "--not-before", "2030-01-01",
                "--expires", "2030-01-01T01:00:00Z",
            ]
        ).demand()
        let read = try home.sandbox.run(
            Source.root + "/.build-clients/bin/python",
            [
                "-c",
                """
                import sys, pypitoken
                for restriction in pypitoken.Token.load(sys.stdin.read().strip()).restrictions:
                    print(restriction)
                """,
            ], input: .bytes(made.stdout))
        #expect(
            read.stdout.text == """
                UserIDRestriction(user_id='\(user)')
                ProjectNamesRestriction(project_names=['foo-bar'])
                DateRestriction(not_before=1893456000, not_after=1893459600)

                """)
    }

    @Test func `the restrictions that pypitoken writes are read`() throws {
        try store(
            "ci/pypi",
            restricted: """
                token.restrict(project_ids=["00000000-0000-0000-0000-000000000001"])
                token.restrict(user_id="\(user)")
                token.restrict(legacy_project_names=["a", "b"])
                """)
        let told = try home.check("passel", "token", "inspect", "ci/pypi")
        for line in [
            "project-ids\t00000000-0000-0000-0000-000000000001\tunverified",
            "user\t\(user)\tunverified",
            "projects\ta, b\tunverified", "identifier\t\(identifier)\tunverified",
        ] { #expect(told.contains(line + "\n")) }
    }
}
