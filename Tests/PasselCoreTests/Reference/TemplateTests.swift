import PasselCore
import PasselTesting
import Testing

@Suite struct TemplateTests {
    /// The template with each reference in the place of its own value, between `<` and `>`.
    private func filled(_ text: String) throws -> String {
        let template = try Template(Secret(plain: text))
        let values = template.references.map { Secret(plain: "<\($0.spelling)>") }
        return template.filled(with: values).withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", ""), ("no reference\n", "no reference\n"), ("passel://a/b", "<a/b>"),
        ("pw: passel://a/b#c\n", "pw: <a/b#c>\n"), ("{{ passel://a/b#c }}x", "<a/b#c>x"),
        ("{{passel://a/b}}", "<a/b>"),
        ("{{\tpassel://my site#user name  }}", "<my site#user name>"),
        ("passel://a#u:passel://a#p@host", "<a#u>:<a#p>@host"), ("see passel://a.", "see <a>."),
        ("\"passel://a\"", "\"<a>\""), ("passel://a passel://b", "<a> <b>"),
        ("{{ passel://a }}{{ passel://b }}", "<a><b>"), ("passel://süß!", "<süß>!"),
        // What is something else stays.
        ("{{ other }} {% if %}", "{{ other }} {% if %}"), ("xpassel://a", "xpassel://a"),
        ("{ passel://a }", "{ <a> }"), ("{{ op://a/b }} passel:/a", "{{ op://a/b }} passel:/a"),
        ("passel://a.b-c_d/e", "<a.b-c_d/e>"), ("{{ x passel://a }}", "{{ x <a> }}"),
    ])
    func `references are filled in and all else stays`(text: String, expected: String) throws {
        #expect(try filled(text) == expected)
    }

    @Test(arguments: [
        ("a\n{{ passel://a", 2, "the {{ is not closed by }}"),
        ("{{ passel://a\n}}", 1, "the {{ is not closed by }}"),
        ("passel://", 1, "this refers to no entry"),
        ("\n\n{{ passel://../x }}", 3, "this refers to no entry"),
        ("{{ passel:// }}", 1, "this refers to no entry"),
    ])
    func `what looks like a reference and is none is told`(
        text: String, line: Int, reason: String
    ) {
        let flaw = #expect(throws: Template.Flaw.self) { _ = try Template(Secret(plain: text)) }
        #expect(flaw?.line == line && flaw?.reason.description == reason)
    }

    @Test func `any bytes are read to an end`() {
        var random = SmallRandom(seed: 3)
        for _ in 0..<2000 {
            let text = random.text(
                of: ["passel://", "{{", "}}", "a", "#", "/", " ", "\n", ".", "é"], count: 8)
            _ = try? Template(Secret(plain: text))
        }
    }

    // MARK: Profiles

    @Test func `a profile is a list of references`() throws {
        let text = "# dev\nexport A=passel://a/b#c\nB='passel://my site'\nA=passel://d\n"
        let bindings = try Profile(Secret(plain: text)).bindings
        #expect(
            bindings.map(\.spelling.description) == ["B=passel://my site", "A=passel://d"])
    }

    @Test(arguments: ["A=b", "A=", "A=ci/pypi", "\nA='passel://'", "A={{ passel://a }}"])
    func `a value that is none is refused`(text: String) {
        #expect(throws: Dotenv.Flaw.self) { _ = try Profile(Secret(plain: text)) }
    }

    @Test func `a profile's name is that of a file`() {
        #expect(Profile.file("dev") == ".passel/profiles/dev")
        for name in ["", "..", ".x", "a/b", "/", "a/"] as [Text] {
            #expect(Profile.file(name) == nil)
        }
    }
}
