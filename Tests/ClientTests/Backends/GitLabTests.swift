import Foundation
import PasselTesting
import Testing

/// What variables of GitLab CI have of their own.
@Suite struct GitLabTests {
    private let server: TestCI

    init() throws { server = try TestCI.get("gitlab") }

    private func ask(
        _ subject: BackendSubject, _ action: String, _ place: String, field: String? = nil,
        value: String? = nil
    ) throws -> BackendSubject.Answer {
        var request: [String: Any] = ["do": action, "place": place]
        request["field"] = field
        request["value"] = value.map { Data($0.utf8).base64EncodedString() }
        return try subject.ask(request)[1]
    }

    /// What the server keeps of a variable, by its scope.
    private func kept(_ key: String) throws -> [String: [String: Any]] {
        let all = try server.own("variables") as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: all.filter { $0["key"] as? String == key }.map {
                ($0["environment_scope"] as? String ?? "", $0)
            })
    }

    @Test(arguments: [
        ("g/p/KEY", "projects/g/p"), ("5/KEY", "projects/g/p"),
        ("g/sub/p/KEY", "projects/g/sub/p"), ("groups/g/KEY", "groups/g"),
        ("groups/g/sub/KEY", "groups/g/sub"), ("admin/KEY", "admin/"),
    ])
    func `every kind of place has its own variables`(_ place: String, _ holder: String) throws {
        let subject = try BackendSubject(.gitlab)
        let own = place.replacing("KEY", with: subject.prefix + "A")
        #expect(try ask(subject, "read", own).isNothing)
        let written = try ask(subject, "write", own, value: "süß $HOME")
        #expect(written.problem == nil, "\(written.text)")
        let variable = try kept(subject.prefix + "A")["*"]
        #expect(variable?["holder"] as? String == holder)
        #expect(variable?["value"] as? String == "süß $HOME")
        // Else jobs would see what the variable HOME has.
        #expect(variable?["raw"] as? Bool == true)
        #expect(try ask(subject, "read", own).value?.text == "süß $HOME")
        let folder = String(own.dropLast(subject.prefix.count + 1))
        #expect(try ask(subject, "list", folder).text.contains("\"\(own)\""))
        #expect(try ask(subject, "delete", own).problem == nil)
        #expect(try ask(subject, "read", own).isNothing)
    }

    @Test func `a field says for which environments it is`() throws {
        let subject = try BackendSubject(.gitlab)
        let place = "g/p/\(subject.prefix)S"
        for (scope, value) in [(nil, "all"), ("production", "prod"), ("review/*+1", "review")] {
            let written = try ask(subject, "write", place, field: scope, value: value)
            #expect(written.problem == nil, "\(written.text)")
        }
        #expect(
            try ask(subject, "write", place, field: "production", value: "prod2").problem == nil)
        #expect(
            try kept(subject.prefix + "S").mapValues { $0["value"] as? String } == [
                "*": "all", "production": "prod2", "review/*+1": "review",
            ])
        let listed = try ask(subject, "list", "g/p/").members["places"] as? [[String: String]] ?? []
        let mine = listed.filter { $0["place"] == place }
        #expect(mine.map { $0["field"] ?? "" } == ["", "production", "review/*+1"])
        #expect(try ask(subject, "delete", place, field: "production").problem == nil)
        #expect(try kept(subject.prefix + "S").count == 2)
        #expect(try ask(subject, "read", "admin/A", field: "x").problem == "validation")
    }

    @Test func `only the value of a variable that is there is changed`() throws {
        let subject = try BackendSubject(.gitlab)
        let key = subject.prefix + "KEPT"
        let client = """
            import sys, gitlab
            lab = gitlab.Gitlab(sys.argv[1], private_token=sys.argv[2])
            project = lab.projects.get("g/p")
            project.variables.create({"key": sys.argv[3], "value": "old-value-1", "protected": True,
                                      "masked": True, "variable_type": "file", "description": "mine"})
            """
        _ = try server.client(client, key)
        #expect(try ask(subject, "write", "g/p/\(key)", value: "new-value-1").problem == nil)
        let variable = try kept(key)["*"] ?? [:]
        #expect(variable["value"] as? String == "new-value-1")
        #expect(variable["protected"] as? Bool == true && variable["masked"] as? Bool == true)
        #expect(variable["variable_type"] as? String == "file")
        #expect(variable["description"] as? String == "mine")
        let reading = """
            import sys, gitlab
            lab = gitlab.Gitlab(sys.argv[1], private_token=sys.argv[2])
            print(lab.projects.get("g/p").variables.get(sys.argv[3]).value)
            """
        #expect(try server.client(reading, key) == "new-value-1\n")
        // What the server does not mask is told with its reason, and not the value.
        let refused = try ask(subject, "write", "g/p/\(key)", value: "with blanks in it")
        #expect(refused.problem == "validation" && refused.message.contains("value is invalid"))
        #expect(!refused.text.contains("with blanks"))
    }

    @Test func `a new variable is masked, or refused`() throws {
        let subject = try BackendSubject(.gitlab)
        subject.settings["masked"] = nil
        subject.settings["protected"] = "yes"
        let place = "g/p/\(subject.prefix)M"
        for value in ["short", "with blanks in it", "two\nlines-of-it"] {
            let refused = try ask(subject, "write", place, value: value)
            #expect(refused.problem == "validation" && refused.setting == "masked")
        }
        #expect(try kept(subject.prefix + "M").isEmpty)
        #expect(try ask(subject, "write", place, value: "long-enough").problem == nil)
        let variable = try kept(subject.prefix + "M")["*"] ?? [:]
        #expect(variable["masked"] as? Bool == true && variable["protected"] as? Bool == true)
        for (setting, value) in [("masked", "maybe"), ("protected", "maybe")] {
            let wrong = try BackendSubject(.gitlab)
            wrong.settings[setting] = value
            let answer = try wrong.open()
            #expect(answer.problem == "validation" && answer.setting == setting)
        }
    }

    @Test func `a hidden variable is honestly unreadable`() throws {
        let subject = try BackendSubject(.gitlab)
        subject.settings["masked"] = "hidden"
        let place = "g/p/\(subject.prefix)H"
        #expect(try ask(subject, "write", place, value: "hidden-value").problem == nil)
        let answer = try ask(subject, "read", place)
        #expect(answer.problem == nil && answer.value == nil && !answer.isNothing)
        #expect(try kept(subject.prefix + "H")["*"]?["value"] as? String == "hidden-value")
        #expect(try ask(subject, "write", place, value: "hidden-value-2").problem == nil)
        #expect(try kept(subject.prefix + "H")["*"]?["value"] as? String == "hidden-value-2")
    }

    @Test func `what was changed since the look stays`() throws {
        let subject = try BackendSubject(.gitlab)
        let nothing = try subject.read("c")
        #expect(try subject.write(Bytes("theirs".utf8), "c", after: nothing).problem == nil)
        #expect(try subject.write(Bytes("ours".utf8), "c", after: nothing).problem == "conflict")
        let theirs = try subject.read("c")
        #expect(try subject.write(Bytes("theirs2".utf8), "c", after: theirs).problem == nil)
        #expect(try subject.write(Bytes("ours".utf8), "c", after: theirs).problem == "conflict")
        #expect(try subject.delete("c", after: theirs).problem == "conflict")
        #expect(try subject.stored("c")?.text == "theirs2")
        // One that appears between the look and the change.
        let line = try #require(subject.line)
        try line.set("status 404", matching: "^PUT")
        #expect(
            try ask(subject, "write", "g/p/\(subject.variable("c"))", value: "x").problem
                == "missing")
    }

    @Test func `credentials and rights are told apart`() throws {
        let subject = try BackendSubject(.gitlab)
        #expect(try ask(subject, "read", "g/none/A").message.contains("there is no g/none"))
        subject.credentials = ["token": TestCI.reader]
        #expect(try subject.read("x").problem == "permission")
        subject.credentials = ["token": "another-token"]
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.setting == "token")
        subject.credentials = [:]
        subject.home.sandbox.set("GITLAB_TOKEN", TestCI.admin)
        #expect(try subject.open().problem == nil)
        subject.home.sandbox.set("GITLAB_HOST", subject.settings["address"] ?? "")
        subject.settings["address"] = nil
        #expect(try subject.open().problem == nil)
    }

    @Test(arguments: [
        "KEY", "groups/KEY", "admin/x/KEY", "g//KEY", "g/../KEY", "g/p/a-b", "g/p/", "g/p/é",
    ])
    func `what can be no variable is asked of nobody`(_ place: String) throws {
        let subject = try BackendSubject(.gitlab)
        #expect(try ask(subject, "read", place).problem == "validation")
        #expect(subject.line?.requests.allSatisfy { $0.contains("/version") } == true)
    }
}
