import Foundation
import PasselTesting
import Testing

/// What variables of CircleCI have of their own.
@Suite struct CircleCITests {
    private static let context = "context/11111111-2222-3333-4444-555555555555/"
    private let server: TestCI

    init() throws { server = try TestCI.get("circleci") }

    private func ask(
        _ subject: BackendSubject, _ action: String, _ place: String, value: String? = nil
    ) throws -> BackendSubject.Answer {
        var request: [String: Any] = ["do": action, "place": place]
        request["value"] = value.map { Data($0.utf8).base64EncodedString() }
        return try subject.ask(request)[1]
    }

    @Test(arguments: ["gh/o/r/", context])
    func `of a value its end can be seen`(_ folder: String) throws {
        let subject = try BackendSubject(.circleci)
        let place = folder + subject.prefix + "A"
        #expect(try ask(subject, "read", place).isNothing)
        let written = try ask(subject, "write", place, value: "example-value-1234")
        #expect(written.problem == nil, "\(written.text)")
        let seen = try ask(subject, "read", place)
        #expect(seen.value == nil && seen.lastFour == "1234", "\(seen.text)")
        #expect((seen.updated != nil) == (folder == Self.context))
        #expect(try ask(subject, "write", place, value: "1234").problem == nil)
        let short = try ask(subject, "read", place)
        #expect(short.lastFour == nil && !short.isNothing, "\(short.text)")
        let all = try server.own("variables") as? [String: String]
        #expect(all?[place.replacing("context/", with: "")] == "1234")
        #expect(try ask(subject, "delete", place).problem == nil)
        #expect(try ask(subject, "read", place).isNothing)
    }

    @Test(arguments: ["gh/o/r/", context])
    func `all pages of a list are read`(_ folder: String) throws {
        let subject = try BackendSubject(.circleci)
        for number in 10..<55 {
            let place = "\(folder)\(subject.prefix)\(number)"
            #expect(try ask(subject, "write", place, value: "v").problem == nil)
        }
        let listed = try ask(subject, "list", folder).members["places"] as? [[String: String]]
        #expect(listed?.count { $0["place"]?.contains(subject.prefix) == true } == 45)
    }

    @Test func `what was changed since the look stays, as far as it shows`() throws {
        let subject = try BackendSubject(.circleci)
        let nothing = try subject.read("c")
        #expect(try subject.write(Bytes("theirs-1111".utf8), "c", after: nothing).problem == nil)
        #expect(try subject.write(Bytes("ours".utf8), "c", after: nothing).problem == "conflict")
        let theirs = try subject.read("c")
        #expect(try subject.write(Bytes("theirs-2222".utf8), "c", after: theirs).problem == nil)
        #expect(try subject.write(Bytes("ours".utf8), "c", after: theirs).problem == "conflict")
        #expect(try subject.stored("c")?.text == "theirs-2222")
    }

    @Test func `credentials and rights are told apart`() throws {
        let subject = try BackendSubject(.circleci)
        #expect(try ask(subject, "read", "gh/o/none/A").problem == "missing")
        subject.credentials = ["token": TestCI.reader]
        #expect(try subject.read("x").problem == "permission")
        subject.credentials = ["token": "another-token"]
        let refused = try subject.open()
        #expect(refused.problem == "auth" && refused.setting == "token")
        subject.credentials = [:]
        subject.home.sandbox.set("CIRCLE_TOKEN", TestCI.admin)
        #expect(try subject.open().problem == nil)
    }

    @Test(arguments: ["NAME", "gh/o/NAME", "gh/o/r/x/NAME", "context/NAME", "gh/o/r/1A", "gh//r/A"])
    func `what can be no variable is asked of nobody`(_ place: String) throws {
        let subject = try BackendSubject(.circleci)
        #expect(try ask(subject, "read", place).problem == "validation")
        #expect(subject.line?.requests.allSatisfy { $0.contains("/me") } == true)
    }
}
