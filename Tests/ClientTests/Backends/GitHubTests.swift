import Foundation
import PasselTesting
import Testing

/// What secrets of GitHub have of their own.
@Suite struct GitHubTests {
    private let server: TestCI

    init() throws { server = try TestCI.get("github") }

    private func ask(_ subject: BackendSubject, _ action: String, _ place: String) throws
        -> BackendSubject.Answer
    {
        try subject.ask(["do": action, "place": place])[1]
    }

    private func write(_ subject: BackendSubject, _ value: String, _ place: String) throws
        -> BackendSubject.Answer
    {
        try subject.ask([
            "do": "write", "place": place, "value": Data(value.utf8).base64EncodedString(),
        ])[1]
    }

    @Test(arguments: [
        ("o/r/NAME", "repos/o/r/actions/secrets/"),
        ("o/r/actions/NAME", "repos/o/r/actions/secrets/"),
        ("o/r/dependabot/NAME", "repos/o/r/dependabot/secrets/"),
        ("o/r/codespaces/NAME", "repos/o/r/codespaces/secrets/"),
        ("o/r/environments/prod/NAME", "repos/o/r/environments/prod/secrets/"),
        ("o/r/environments/a/b c/NAME", "repos/o/r/environments/a/b c/secrets/"),
        ("orgs/org/NAME", "orgs/org/actions/secrets/"),
        ("orgs/org/dependabot/NAME", "orgs/org/dependabot/secrets/"),
    ])
    func `every kind of place has its own secrets`(_ place: String, _ path: String) throws {
        let subject = try BackendSubject(.github)
        let own = place.replacing("NAME", with: subject.prefix + "A")
        let before = try ask(subject, "read", own)
        #expect(before.isNothing, "\(before.text)")
        let written = try write(subject, "süß \"1\"", own)
        #expect(written.problem == nil, "\(written.text)")
        #expect(try server.githubValue(path + subject.prefix + "A")?.text == "süß \"1\"")
        let after = try ask(subject, "read", own)
        #expect(after.value == nil && !after.isNothing)
        #expect(abs(Double(after.updated ?? 0) - Date.now.timeIntervalSince1970) < 60)
        let folder = own.dropLast(subject.prefix.count + 1)
        let listed = try ask(subject, "list", String(folder))
        #expect(listed.text.contains("\"" + own + "\""), "\(listed.text)")
        #expect(try ask(subject, "delete", own).problem == nil)
        #expect(try ask(subject, "read", own).isNothing)
    }

    @Test(arguments: [
        "NAME", "o/NAME", "o/r/x/NAME", "o/r/actions/x/NAME", "o//NAME", "o/../NAME", "orgs/org/",
        "orgs/org/environments/prod/NAME", "o/r/1A", "o/r/a-b", "o/r/GITHUB_X", "o/r/github_x",
        "o/r/NAME/",
    ])
    func `what can be no secret is asked of nobody`(_ place: String) throws {
        let subject = try BackendSubject(.github)
        #expect(try ask(subject, "read", place).problem == "validation")
        #expect(subject.line?.requests.allSatisfy { $0.contains("/rate_limit") } == true)
    }

    @Test func `upper and lower case are one`() throws {
        let subject = try BackendSubject(.github)
        #expect(try subject.open().can == ["look", "list", "delete", "ignore-case"])
        let place = "o/r/\(subject.prefix)Mixed"
        #expect(
            try write(subject, "v", place.lowercased().replacing("o/r", with: "o/r")).problem == nil
        )
        #expect(
            try !ask(subject, "read", place.uppercased().replacing("O/R", with: "o/r")).isNothing)
    }

    @Test func `who may see a secret of an organisation stays as it is`() throws {
        let subject = try BackendSubject(.github)
        for (folder, path) in [
            ("orgs/org/", "orgs/org/actions/secrets/"),
            ("orgs/org/dependabot/", "orgs/org/dependabot/secrets/"),
        ] {
            let place = "\(folder)\(subject.prefix)S"
            #expect(try write(subject, "one", place).problem == nil)
            func kept() throws -> [String: Any] {
                let name = (path + subject.prefix + "S")
                    .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                return try server.own("value?path=\(name ?? "")") as? [String: Any] ?? [:]
            }
            #expect(try kept()["visibility"] as? String == "private")
            try server.own("selected", ["path": path + subject.prefix + "S"])
            let second = try write(subject, "two", place)
            #expect(second.problem == nil, "\(second.text)")
            #expect(try kept()["visibility"] as? String == "selected")
            #expect(try kept()["selected"] as? [Int] == [7, 9])
            #expect(try server.githubValue(path + subject.prefix + "S")?.text == "two")
        }
        subject.settings["visibility"] = "all"
        let place = "orgs/org/\(subject.prefix)ALL"
        #expect(try write(subject, "v", place).problem == nil)
        #expect(
            try server.client(
                """
                import sys, github
                hub = github.Github(base_url=sys.argv[1], auth=github.Auth.Token(sys.argv[2]))
                print(hub.get_organization("org").get_secret(sys.argv[3]).visibility)
                """, subject.prefix + "ALL") == "all\n")
        subject.settings["visibility"] = "everybody"
        let refused = try subject.open()
        #expect(refused.problem == "validation" && refused.setting == "visibility")
    }

    @Test func `a key that is another one by now is asked for again`() throws {
        let subject = try BackendSubject(.github)
        let line = try #require(subject.line)
        let place = subject.named("x#y")
        let value = Data("v".utf8).base64EncodedString()
        let program = try subject.start()
        try program.say(subject.opening())
        _ = program.line()
        func write(_ id: Int) throws -> String {
            let request: [String: Any] = ["id": id, "do": "write", "value": value]
            let text = try JSONSerialization.data(withJSONObject: request.merging(place) { $1 })
            try program.say(Bytes(text) + [0x0A])
            return program.line().text
        }
        #expect(try !write(1).contains("error"))
        try server.own("turn", [:])
        #expect(try !write(2).contains("error"))
        #expect(line.requests.count { $0.contains("/public-key") } >= 2)
        #expect(try subject.stored("x#y")?.text == "v")
        program.end()
    }

    @Test func `GitHub's own clients see what is written, and the other way round`() throws {
        let subject = try BackendSubject(.github)
        #expect(try subject.write(Bytes("v".utf8), "ours", after: nil).problem == nil)
        let client = """
            import sys, github
            hub = github.Github(base_url=sys.argv[1], auth=github.Auth.Token(sys.argv[2]))
            repo = hub.get_repo("o/r")
            repo.create_secret(sys.argv[3] + "THEIRS", "theirs-1")
            print(sorted(s.name for s in repo.get_secrets() if s.name.startswith(sys.argv[3])))
            """
        let prefix = subject.prefix
        #expect(try server.client(client, prefix) == "['\(prefix)OURS', '\(prefix)THEIRS']\n")
        #expect(try !subject.read("theirs").isNothing)
        #expect(try subject.stored("theirs")?.text == "theirs-1")
    }

    @Test func `all pages of a list are read`() throws {
        let subject = try BackendSubject(.github)
        var requests: [[String: Any]] = []
        for number in 100..<210 {
            requests.append([
                "do": "write", "place": "o/other/\(subject.prefix)\(number)", "value": "dg==",
                "id": requests.count + 1,
            ])
        }
        let program = try subject.start()
        try program.say(subject.opening())
        _ = program.line()
        for request in requests {
            try program.say(Bytes(try JSONSerialization.data(withJSONObject: request)) + [0x0A])
            #expect(!program.line().text.contains("error"))
        }
        program.end()
        let listed = try ask(subject, "list", "o/other/")
        let places = listed.members["places"] as? [[String: String]] ?? []
        #expect(places.count { $0["place"]?.contains(subject.prefix) == true } == 110)
    }

    @Test func `credentials that are not good are told by where they are from`() throws {
        let subject = try BackendSubject(.github)
        subject.credentials = ["token": "another-token"]
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.setting == "token", "\(refused.text)")
        #expect(!refused.text.contains("another-token"))
        subject.credentials = [:]
        let missing = try subject.open()
        #expect(missing.problem == "auth" && missing.message.contains("GH_ENTERPRISE_TOKEN"))
        // The token of github.com goes to no other server.
        subject.home.sandbox.set("GH_TOKEN", TestCI.admin)
        #expect(try subject.open().problem == "auth")
        subject.home.sandbox.set("GITHUB_API_URL", subject.settings["address"] ?? "")
        subject.settings = [:]
        #expect(try subject.open().problem == nil)
        subject.home.sandbox.set("GH_TOKEN", "another-token")
        let variable = try subject.open()
        #expect(variable.problem == "auth" && variable.message.contains("GH_TOKEN"))
    }

    @Test func `a token that may not have secrets is told from a secret that is not there`() throws
    {
        let subject = try BackendSubject(.github)
        let nowhere = try ask(subject, "read", "o/nowhere/A")
        #expect(
            nowhere.problem == "permission" && nowhere.message.contains("there is no o/nowhere"))
        subject.credentials = ["token": TestCI.reader]
        let refused = try subject.read("x")
        #expect(refused.problem == "permission" && refused.message.contains("not accessible"))
        let line = try #require(subject.line)
        try line.set("status 403,5", matching: BackendSubject.Kind.github.reading)
        #expect(try subject.read("x").problem == "rate-limit")
    }

    @Test func `passel brings a value there, and sees when somebody else changed it`() throws {
        let subject = try BackendSubject(.github)
        let home = try ClientHome(.passel)
        try home.insert("infra/github", TestCI.admin + "\n")
        try home.insert("ci/pypi", "example-value-1\n")
        func passel(_ words: String...) throws -> Outcome { try home.sandbox.run("passel", words) }
        try passel(
            "backend", "add", "hub", "github", "address=\(subject.settings["address"] ?? "")",
            "token=passel://infra/github"
        ).demand()
        #expect(
            try passel("backend", "test", "hub").demand().stdout.text
                == "hub: ready; can write, look, list, delete\n")
        try passel("location", "add", "ci/pypi", "hub:o/r/\(subject.variable("token"))").demand()
        #expect(try passel("push", "ci/pypi").demand().stdout.text.hasPrefix("created\t"))
        #expect(try subject.stored("token")?.text == "example-value-1")
        #expect(try passel("push", "ci/pypi").demand().stdout.text.hasPrefix("equal\t"))
        let status = try passel("status", "--locations").stdout.text
        #expect(status.contains("equal\ttimestamp\tci/pypi"), "\(status)")
    }
}
