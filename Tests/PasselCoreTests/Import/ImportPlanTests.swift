import Testing

@testable import PasselCore

@Suite struct ImportPlanTests {
    private func item(_ place: String, _ content: String, account: Text? = nil) -> ImportedItem {
        ImportedItem(
            place: place.split(separator: "/").map { Text($0.utf8) }, account: account,
            content: Secret(plain: content))
    }

    private func steps(
        _ items: [ImportedItem], _ policy: ImportPlan.Policy = .skip, stored: [String: String] = [:]
    ) throws -> [String] {
        let plan = try ImportPlan(
            items, into: "in", policy, names: stored.keys.map { Path($0) }
        ) { stored[$0.repaired].map { Secret(plain: $0) } }
        return plan.steps.map { step in
            "\(step.outcome.rawValue) \(step.name)" + (step.wanted.map { " for \($0)" } ?? "")
        }
    }

    @Test func `of several with one name the first has it`() throws {
        #expect(
            try steps([
                item("a", "1", account: "x"), item("a", "2", account: "bo b"),
                item("A", "3", account: "bo b"), item("a", "1"), item("a", "4"), item("a", "5"),
            ]) == [
                "new in/a", "new in/a/bo b", "new in/A/bo b-2", "same in/a", "new in/a-2",
                "new in/a-3",
            ])
    }

    @Test func `an entry that holds the same stays, one that holds something else is kept`() throws
    {
        let stored = ["in/a": "1", "in/B": "2", "in/c": "3"]
        let items = [item("a", "1"), item("b", "2"), item("c", "4")]
        #expect(
            try steps(items, stored: stored)
                == ["same in/a", "skipped in/b for in/B", "skipped in/c for in/c"])
        #expect(
            try steps(items, .rename, stored: stored)
                == ["same in/a", "renamed in/b-2 for in/B", "renamed in/c-2 for in/c"])
        #expect(
            try steps(items, .replace, stored: stored)
                == ["same in/a", "renamed in/b-2 for in/B", "replaced in/c"])
    }

    @Test func `importing twice changes nothing`() throws {
        let items = [item("a", "1"), item("a", "2"), item("c", "4")]
        let stored = ["in/a": "1", "in/a-2": "2", "in/c": "3", "in/c-2": "4"]
        #expect(
            try steps(items, .rename, stored: stored)
                == ["same in/a", "same in/a-2", "same in/c-2"])
    }

    @Test func `what cannot be read is another content`() throws {
        let plan = try ImportPlan([item("a", "1")], into: "", .skip, names: ["a"]) { _ in nil }
        #expect(plan.steps.map(\.outcome) == [.skipped])
    }

    @Test(arguments: [
        ("a", "a"), ("https://hub.example:8443/login?x", "https:--hub.example:8443-login?x"),
        ("https://hub.example/login", "hub.example"), ("a/b\\c", "a-b-c"), ("../x", "x"),
        (".git", "git"), ("-rf", "rf"), (" x ", "x"), ("", "unnamed"), ("..", "unnamed"),
        ("a\u{202e}b\n\u{1b}", "a-b--"), ("ü", "ü"),
    ])
    func `names become such as may be typed`(name: String, part: String) {
        #expect(String(decoding: ImportedName.part(Text(name.utf8)), as: UTF8.self) == part)
    }

    @Test func `a long name is cut between characters`() {
        let part = ImportedName.part(Text(String(repeating: "ü", count: 200).utf8))
        #expect(part.count == 242)
        #expect(String(validating: part, as: UTF8.self) != nil)
    }
}
