import Foundation
import PasselTesting
import Testing

/// What AWS Secrets Manager has of its own.
@Suite struct AWSTests {
    private let aws: TestAWS

    init() throws { aws = try TestAWS.shared.get() }

    private func current(_ subject: BackendSubject, _ name: String) throws -> String? {
        let answer = try aws.ask(
            "get_secret_value",
            ["SecretId": subject.folder + name, "VersionStage": "AWSCURRENT"])
        return answer["SecretString"] as? String
    }

    /// A subject that has no credentials yet.
    private func nobody() throws -> BackendSubject {
        let subject = try BackendSubject(.aws)
        subject.credentials = [:]
        return subject
    }

    @Test func `without a field the whole secret is meant`() throws {
        let subject = try BackendSubject(.aws)
        let text = try subject.write(Bytes("süß\n".utf8), "x", after: subject.read("x"))
        #expect(text.problem == nil, "\(text.text)")
        #expect(try current(subject, "x") == "süß\n")
        #expect(try subject.list() == ["x"])
        let field = try subject.write(Bytes("v".utf8), "x#f", after: subject.read("x#f"))
        #expect(field.problem == "validation" && field.message.contains("leave #f out"))
        let binary: Bytes = [0x80, 0, 0xff]
        #expect(try subject.write(binary, "x", after: subject.read("x")).problem == nil)
        #expect(try subject.read("x").value == binary)
        let answer = try aws.ask(
            "get_secret_value", ["SecretId": subject.folder + "x", "VersionStage": "AWSCURRENT"])
        #expect(answer["SecretBinary"] as? [Int] == binary.map(Int.init))
    }

    @Test func `what others keep beside the field stays as they wrote it`() throws {
        let subject = try BackendSubject(.aws)
        try aws.ask(
            "create_secret",
            [
                "Name": subject.folder + "x",
                "SecretString": #"{"n":1.50,"o":{"a":[1,null]},"é\"":"\u00e9\n","t":"old"}"#,
            ])
        #expect(
            try subject.write(Bytes("new".utf8), "x#t", after: subject.read("x#t")).problem == nil)
        #expect(
            try current(subject, "x")
                == #"{"n":1.50,"o":{"a":[1,null]},"é\"":"\u00e9\n","t":"new"}"#)
        #expect(try subject.read("x#n").value?.text == "1.50")
        #expect(try subject.read("x#o").problem == "validation")
    }

    @Test func `the old version is kept as the previous one`() throws {
        let subject = try BackendSubject(.aws)
        for value in ["one", "two", "three"] {
            let written = try subject.write(Bytes(value.utf8), "x", after: subject.read("x"))
            #expect(written.problem == nil, "\(written.text)")
        }
        let id = subject.folder + "x"
        let previous = try aws.ask(
            "get_secret_value", ["SecretId": id, "VersionStage": "AWSPREVIOUS"])
        #expect(previous["SecretString"] as? String == "two")
        #expect(try current(subject, "x") == "three")
    }

    @Test(arguments: ["PutSecretValue", "UpdateSecretVersionStage"], ["drop", "status 503"])
    func `a change that ends half-way is no change, or is done`(
        _ operation: String, _ fault: String
    ) throws {
        let subject = try BackendSubject(.aws)
        _ = try subject.write(Bytes("old".utf8), "x", after: subject.read("x"))
        let seen = try subject.read("x")
        let line = try #require(subject.line)
        try line.set(fault, matching: "secretsmanager.\(operation)")
        let failed = try subject.write(Bytes("new".utf8), "x", after: seen)
        #expect(failed.problem == "transient", "\(failed.text)")
        let now = try subject.read("x")
        let isDone = operation == "UpdateSecretVersionStage" && fault == "drop"
        #expect(now.value?.text == (isDone ? "new" : "old"))
        let again = try subject.write(Bytes("new".utf8), "x", after: now)
        #expect(again.problem == nil, "\(again.text)")
        #expect(try current(subject, "x") == "new")
    }

    @Test func `what comes between a look and the last step wins`() throws {
        let subject = try BackendSubject(.aws)
        _ = try subject.write(Bytes("old".utf8), "x", after: subject.read("x"))
        let seen = try subject.read("x")
        let line = try #require(subject.line)
        // The last step waits while somebody else writes.
        try line.set("late 5", matching: "secretsmanager.UpdateSecretVersionStage")
        let request = subject.writing(Bytes("ours".utf8), "x", after: seen).merging(["id": 1]) {
            $1
        }
        let program = try subject.start()
        try program.say(
            subject.opening() + Bytes(JSONSerialization.data(withJSONObject: request)) + [0x0A])
        let deadline = Date.now + 10
        while !line.requests.contains(where: { $0.contains("UpdateSecretVersionStage") }) {
            guard Date.now < deadline else { throw TestingProblem("no last step") }
            usleep(10_000)
        }
        try aws.ask(
            "put_secret_value", ["SecretId": subject.folder + "x", "SecretString": "theirs"])
        #expect(!program.line().text.contains("error"))
        let answer = program.line().text
        #expect(answer.contains("\"conflict\""), "\(answer)")
        #expect(try current(subject, "x") == "theirs")
    }

    @Test func `a secret that is to be deleted counts as empty, and comes back when written`()
        throws
    {
        let subject = try BackendSubject(.aws)
        let id = subject.folder + "x"
        _ = try subject.write(Bytes("one".utf8), "x", after: subject.read("x"))
        try aws.ask("delete_secret", ["SecretId": id])
        let gone = try subject.read("x")
        #expect(gone.isNothing && gone.members["version"] as? String == "deleting")
        let absent: [String: Any] = [
            "do": "write", "place": id, "value": "dHdv", "expected": NSNull(),
        ]
        #expect(try subject.ask(absent)[1].problem == "conflict")
        #expect(try subject.write(Bytes("two".utf8), "x", after: gone).problem == nil)
        #expect(try current(subject, "x") == "two")
    }

    @Test func `a secret without a value is there, and gets one`() throws {
        let subject = try BackendSubject(.aws)
        try aws.ask("create_secret", ["Name": subject.folder + "x"])
        let line = try #require(subject.line)
        // As AWS says it; moto does not tell this from no secret.
        try line.set(
            "refuse com.amazonaws.secretsmanager#ResourceNotFoundException "
                + "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            times: 2, matching: BackendSubject.Kind.aws.reading)
        let empty = try subject.read("x#f")
        #expect(empty.isNothing && empty.members["version"] as? String == "empty")
        let written = try subject.write(Bytes("v".utf8), "x#f", after: empty)
        #expect(written.problem == nil, "\(written.text)")
        #expect(try current(subject, "x") == #"{"f":"v"}"#)
    }

    @Test(
        arguments: [
            ("com.amazonaws.secretsmanager#ExpiredTokenException", "auth"),
            ("UnrecognizedClientException", "auth"), ("AccessDeniedException", "permission"),
            ("ThrottlingException", "rate-limit"), ("InternalServiceError", "transient"),
            ("LimitExceededException", "validation"),
        ])
    func `what AWS answers with 400 is told by its type`(_ type: String, _ kind: String) throws {
        let subject = try BackendSubject(.aws)
        let line = try #require(subject.line)
        try line.set("refuse \(type) because", matching: BackendSubject.Kind.aws.reading)
        let refused = try subject.read("x")
        #expect(refused.problem == kind, "\(refused.text)")
    }

    @Test func `names are flat, and some are none`() throws {
        let subject = try BackendSubject(.aws)
        for name in ["/a", "/b//c", "../d"] {
            let written = try subject.write(Bytes(name.utf8), name, after: subject.read(name))
            #expect(written.problem == nil, "\(written.text)")
            #expect(try current(subject, name) == name)
        }
        for name in ["a b", "süß", "a*", String(repeating: "n", count: 513)] {
            #expect(try subject.read(name).problem == "validation")
        }
        // What AWS takes for the end of another secret's ARN is not made.
        let tail = try subject.write(Bytes("v".utf8), "db-aB3xY9", after: subject.read("db-aB3xY9"))
        #expect(tail.problem == "validation" && tail.message.contains("cannot end in -"))
    }

    @Test func `more than a page is listed whole`() throws {
        let subject = try BackendSubject(.aws)
        let requests: [[String: Any]] = (0..<120).map {
            subject.writing(Bytes("v".utf8), "n\($0)", after: nil)
        }
        var input = try subject.opening()
        for (number, request) in requests.enumerated() {
            let line = request.merging(["id": number + 1]) { $1 }
            input += Bytes(try JSONSerialization.data(withJSONObject: line)) + [0x0A]
        }
        let program = try subject.start()
        try program.say(input)
        for _ in 0...requests.count { #expect(!program.line().text.contains("error")) }
        #expect(Set(try subject.list()) == Set((0..<120).map { "n\($0)" }))
    }

    @Test func `wrong credentials are told apart from ones that may not`() throws {
        let subject = try BackendSubject(.aws)
        _ = try subject.write(Bytes("v".utf8), "x", after: subject.read("x"))
        let secret = try aws.key("admin")[1]
        subject.credentials["secret-access-key"] = String(secret.reversed())
        let wrong = try subject.open()
        #expect(wrong.problem == "auth" && wrong.setting == "secret-access-key", "\(wrong.text)")
        #expect(wrong.message.contains("SignatureDoesNotMatch"))
        subject.credentials["access-key-id"] = "AKIA" + "NOBODYKNOWSTHIS0"
        #expect(try subject.open().problem == "auth")
        subject.credentials = try aws.settings("reader")
        #expect(try subject.read("x").value?.text == "v")
        let refused = try subject.write(Bytes("w".utf8), "x", after: subject.read("x"))
        #expect(refused.problem == "permission", "\(refused.text)")
        #expect(
            try subject.ask(["do": "list", "place": subject.folder])[1].problem == "permission")
        subject.credentials.removeValue(forKey: "secret-access-key")
        let half = try subject.open()
        #expect(half.problem == "auth" && half.setting == "secret-access-key")
        subject.settings["region"] = nil
        let nowhere = try subject.open()
        #expect(nowhere.problem == "validation" && nowhere.setting == "region")
        subject.settings["region"] = "eu/../x"
        #expect(try subject.open().setting == "region")
    }

    @Test func `a session counts only with its token`() throws {
        let subject = try BackendSubject(.aws)
        subject.credentials = try aws.settings("session")
        let written = try subject.write(Bytes("v".utf8), "x", after: subject.read("x"))
        #expect(written.problem == nil, "\(written.text)")
        subject.credentials.removeValue(forKey: "session-token")
        #expect(try subject.read("x").problem != nil)
    }

    @Test func `without settings it goes by the variables of the tools`() throws {
        let subject = try nobody()
        let sandbox = subject.home.sandbox
        let address = subject.settings.removeValue(forKey: "address")
        subject.settings = [:]
        let region = try subject.open()
        #expect(region.setting == "region" && region.message.contains("AWS_REGION"))
        sandbox.set("AWS_DEFAULT_REGION", TestAWS.region)
        let missing = try subject.open()
        #expect(missing.problem == "auth" && missing.message.contains("AWS_ACCESS_KEY_ID"))
        sandbox.set("AWS_ENDPOINT_URL", address)
        let key = try aws.key("session")
        sandbox.set("AWS_ACCESS_KEY_ID", key[0])
        #expect(try subject.open().message.contains("AWS_SECRET_ACCESS_KEY"))
        sandbox.set("AWS_SECRET_ACCESS_KEY", key[1])
        sandbox.set("AWS_SESSION_TOKEN", key[2])
        let opened = try subject.open()
        #expect(opened.problem == nil, "\(opened.text)")
        sandbox.set("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://example.org")
        let clear = try subject.open()
        #expect(clear.message.contains("AWS_ENDPOINT_URL_SECRETS_MANAGER has to begin with https"))
    }

    @Test func `profiles are read as the tools write them`() throws {
        let subject = try nobody()
        let (home, sandbox) = (subject.home.sandbox.home, subject.home.sandbox)
        subject.settings["region"] = nil
        try Disk.makeFolder(home + "/.aws")
        try Disk.write(
            "# keys\n" + aws.section("default", "reader") + aws.section("boss", "admin")
                + aws.section("lent", "session"), to: home + "/.aws/credentials")
        try Disk.write(
            """
            [default]
            region = \(TestAWS.region)
            s3 =
              region = nowhere
            [profile boss]
            region=\(TestAWS.region)
            [profile lent]
            region = \(TestAWS.region)
            [profile login]
            region = \(TestAWS.region)
            sso_session = it

            """, to: home + "/.aws/config")
        func write() throws -> BackendSubject.Answer {
            try subject.write(Bytes("v".utf8), "x", after: nil)
        }
        // The default may read only; what a variable names may write, and a setting comes before it.
        #expect(try write().problem == "permission")
        sandbox.set("AWS_PROFILE", "boss")
        let written = try write()
        #expect(written.problem == nil, "\(written.text)")
        subject.settings["profile"] = "lent"
        #expect(try write().problem == nil)
        subject.settings["profile"] = "default"
        #expect(try write().problem == "permission")
        // A profile of the settings comes before a key of the variables.
        sandbox.set("AWS_ACCESS_KEY_ID", "x")
        sandbox.set("AWS_SECRET_ACCESS_KEY", "y")
        #expect(try write().problem == "permission")
        subject.settings["profile"] = "login"
        let other = try subject.open()
        #expect(other.problem == "auth" && other.setting == "profile")
        #expect(other.message.contains("aws configure export-credentials"), "\(other.text)")
    }

    @Test func `a profile takes on its role`() throws {
        let subject = try nobody()
        let home = subject.home.sandbox.home
        subject.settings = [
            "address": subject.settings["address"] ?? "",
            "sts-address": subject.settings["address"] ?? "", "profile": "carrier",
        ]
        try Disk.makeFolder(home + "/.aws")
        try Disk.write(aws.section("poor", "nobody"), to: home + "/.aws/credentials")
        func configure(_ source: String, id: String = "a b&c") throws {
            try Disk.write(
                """
                [profile carrier]
                region = \(TestAWS.region)
                role_arn = \(aws.role)
                external_id = \(id)
                \(source)

                """, to: home + "/.aws/config")
        }
        try configure("source_profile = poor")
        let written = try subject.write(Bytes("v".utf8), "x", after: subject.read("x"))
        #expect(written.problem == nil, "\(written.text)")
        #expect(try current(subject, "x") == "v")
        try configure("source_profile = poor", id: "another")
        let stranger = try subject.open()
        #expect(stranger.problem == "permission", "\(stranger.text)")
        try configure("source_profile = none")
        #expect(try subject.open().problem == "auth")
        try configure("")
        #expect(try subject.open().message.contains("without a source_profile"))
        // The key alone may not do it.
        subject.settings["profile"] = "poor"
        subject.settings["region"] = TestAWS.region
        #expect(try subject.read("x").problem == "permission")
    }

    @Test func `passel brings a value there`() throws {
        let subject = try BackendSubject(.aws)
        let home = try ClientHome(.passel)
        let key = try aws.key("admin")
        try home.insert("infra/aws", key[1] + "\naccess-key-id: \(key[0])\n")
        try home.insert("ci/pypi", "example-value-1\nuser: bot\n")
        func passel(_ words: String...) throws -> Outcome { try home.sandbox.run("passel", words) }
        try passel(
            "backend", "add", "it", "aws", "address=\(subject.settings["address"] ?? "")",
            "region=\(TestAWS.region)", "access-key-id=passel://infra/aws#access-key-id",
            "secret-access-key=passel://infra/aws"
        ).demand()
        #expect(
            try passel("backend", "test", "it").demand().stdout.text
                == "it: ready; can write, read, list, delete, compare\n")
        try passel("location", "add", "ci/pypi", "it:\(subject.folder)ci/pypi").demand()
        let line = try #require(subject.line)
        try line.set("drop", matching: BackendSubject.Kind.aws.writing)
        let pushed = try passel("push", "ci/pypi").demand()
        #expect(!pushed.stdout.text.contains("failed"))
        #expect(try current(subject, "ci/pypi") == "example-value-1")
        #expect(try passel("push", "ci/pypi").demand().stdout.text.hasPrefix("equal\t"))
    }
}
