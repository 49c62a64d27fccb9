import Foundation
import PasselTesting
import Testing

/// What the keyring of a desktop has of its own.
@Suite struct SecretServiceTests {
    private let subject: BackendSubject

    init() throws { subject = try BackendSubject(.secretService) }

    private func ask(
        _ action: String, _ place: String, value: String? = nil
    ) throws -> BackendSubject.Answer {
        var request: [String: Any] = ["do": action, "place": place]
        request["value"] = value.map { Data($0.utf8).base64EncodedString() }
        return try subject.ask(request)[1]
    }

    private func value(_ place: String) throws -> String? { try ask("read", place).value?.text }

    @Test func `secret-tool and passel see the same items`() throws {
        let path = subject.folder + "x"
        #expect(try ask("write", path, value: "one\n").problem == nil)
        let home = subject.home
        let found = try home.check(
            "secret-tool", "lookup", "application", "passel", "path", path)
        #expect(found == "one\n")
        let stored = try home.run(
            "secret-tool", "store", "--label", "x", "application", "passel", "path", path, "field",
            "f", input: "two")
        #expect(stored.status == 0)
        #expect(
            try subject.ask(["do": "read", "place": path, "field": "f"])[1].value?.text == "two")
        #expect(try value(path) == "one\n")
        #expect(try subject.list() == ["x", "x#f"])
    }

    @Test func `Python's keyring and passel see the same items`() throws {
        let service = "https://upload.example/\(subject.folder)"
        func keyring(_ script: String) throws -> String {
            try subject.home.python(
                "import keyring, sys\n" + script, service,
                environment: ["PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"]
            ).demand().stdout.text
        }
        let place = "keyring/\(service)/__token__"
        _ = try keyring("keyring.set_password(sys.argv[1], '__token__', 'of keyring')")
        #expect(try value(place) == "of keyring")
        #expect(try ask("write", place, value: "of passel").problem == nil)
        #expect(
            try keyring("print(keyring.get_password(sys.argv[1], '__token__'))") == "of passel\n")
        // Of which it is made by passel.
        let other = "keyring/\(service)/ann"
        #expect(try ask("write", other, value: "first").problem == nil)
        #expect(
            try keyring(
                """
                print(keyring.get_password(sys.argv[1], 'ann'))
                keyring.set_password(sys.argv[1], 'ann', 'second')
                """) == "first\n")
        #expect(try value(other) == "second")
        let listed = try ask("list", "keyring/\(service)").members["places"]
        let places = (listed as? [[String: String]])?.compactMap { $0["place"] }
        #expect(places == [place, other].sorted(), "\(String(describing: listed))")
        #expect(try ask("delete", other).problem == nil)
        #expect(try keyring("print(keyring.get_password(sys.argv[1], 'ann'))") == "None\n")
    }

    @Test func `an item of git has the attributes that its helper looks for`() throws {
        let server = String(subject.folder.dropLast()) + ".example"
        let place = "git/https://ann@\(server):8443/group/x.git"
        #expect(try ask("write", place, value: "hunter2").problem == nil)
        let found = try subject.home.check(
            "secret-tool", "lookup", "xdg:schema", "org.git.Password", "protocol", "https",
            "server",
            server, "port", "8443", "user", "ann", "object", "group/x.git")
        #expect(found == "hunter2")
        // Another port and path are another item.
        #expect(try ask("read", "git/https://ann@\(server)").isNothing)
        let listed = try ask("list", "git/").members["places"] as? [[String: String]]
        #expect(listed?.contains { $0["place"] == place } == true)
    }

    @Test(arguments: [
        "keyring/x", "keyring//ann", "keyring/x/", "git/x", "git/https://example.org",
        "git/https://ann@", "git/https://ann@h:x", "git/https://@h", "git/://ann@h",
    ]) func `what is no item of theirs is refused`(_ place: String) throws {
        #expect(try ask("read", place).problem == "validation")
        #expect(
            try subject.ask(["do": "read", "place": "git/https://a@h", "field": "f"])[1].problem
                == "validation")
    }

    @Test func `of two items that are called so, none is taken`() throws {
        let path = subject.folder + "twice"
        for more in ["a", "b"] {
            let stored = try subject.home.run(
                "secret-tool", "store", "--label", "x", "application", "passel", "path", path,
                "more", more, input: more)
            #expect(stored.status == 0)
        }
        let answer = try ask("read", path)
        #expect(answer.problem == "validation" && answer.message.contains("2 items"))
        #expect(try ask("write", path, value: "x").problem == "validation")
    }

    @Test func `who keeps no secrets is told so`() throws {
        subject.home.sandbox.set(
            "DBUS_SESSION_BUS_ADDRESS", "unix:path=\(subject.home.sandbox.root)/none")
        let answer = try subject.open()
        #expect(answer.problem == "transient", "\(answer.text)")
        #expect(answer.message.contains("nobody keeps secrets for this session"))
    }

    @Test func `a keyring that nobody unlocks gives nothing away`() throws {
        let folder = subject.home.sandbox.root + "/keyring"
        let place = subject.folder + "x"
        do {
            let open = try TestKeyring(folder, password: "right")
            defer { open.end() }
            subject.home.sandbox.set("DBUS_SESSION_BUS_ADDRESS", open.address)
            #expect(try ask("write", place, value: "v").problem == nil)
        }
        let locked = try TestKeyring(folder, password: "wrong")
        subject.home.sandbox.set("DBUS_SESSION_BUS_ADDRESS", locked.address)
        let answer = try ask("read", place)
        #expect(answer.problem == "auth", "\(answer.text)")
        #expect(answer.message.contains("locked"))
        #expect(try ask("write", place, value: "w").problem == "auth")
    }
}
