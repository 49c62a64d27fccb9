import PasselCore
import PasselTesting
import Testing

@Suite struct ShellSyntaxTests {
    private func set(_ syntax: ShellSyntax, _ value: String) throws -> String {
        let name = try #require(VariableName("A".utf8))
        return try syntax.setting(
            [Variable(name, Secret(plain: value))], delimiter: Bytes("D".utf8)
        )
        .withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            (.bash, "it's $x\\\n", "export A='it'\\''s $x\\\n'\n"),
            (.zsh, "''", "export A=''\\'''\\'''\n"),
            (.fish, "it's \\n", "set -gx A 'it\\'s \\\\n'\n"), (.bash, "", "export A=''\n"),
            (.pwsh, "it's $x", "$env:A = 'it''s $x'\n"),
            // about_Quoting_Rules: PowerShell takes curved quotes for straight ones.
            (
                .pwsh, "\u{2019}a\u{201b}\u{201c}",
                "$env:A = '\u{2019}\u{2019}a\u{201b}\u{201b}\u{201c}'\n"
            ),
            (.json, "\"\\\n\u{1}\u{7f}é", "{\n  \"A\": \"\\\"\\\\\\n\\u0001\\u007Fé\"\n}\n"),
            (.dotenv, "a b", "A='a b'\n"), (.github, "a\nb", "A<<D\na\nb\nD\n"),
        ] as [(ShellSyntax, String, String)])
    func `a value is said as the reader takes it`(
        syntax: ShellSyntax, value: String, expected: String
    ) throws {
        #expect(try set(syntax, value) == expected)
    }

    @Test func `an object has a member for each`() throws {
        let (a, b) = (try #require(VariableName("A".utf8)), try #require(VariableName("B".utf8)))
        let both = [Variable(a, Secret(plain: "1")), Variable(b, Secret(plain: ""))]
        func text(_ variables: [Variable]) throws -> String {
            try ShellSyntax.json.setting(variables).withBytes {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(try text(both) == "{\n  \"A\": \"1\",\n  \"B\": \"\"\n}\n")
        #expect(try text([]) == "{}\n")
    }

    @Test(arguments: ShellSyntax.allCases) func `a NUL is refused`(syntax: ShellSyntax) throws {
        let error = #expect(throws: ShellSyntax.Unsayable.self) { _ = try set(syntax, "a\0b") }
        #expect(error?.variable.text == "A" && error?.refusal == .nul)
    }

    @Test func `what is no text is refused where the language is`() throws {
        let name = try #require(VariableName("A".utf8))
        let value = Variable(name, Bytes([0xff]).withUnsafeBytes { Secret(copying: $0) })
        for syntax in ShellSyntax.allCases {
            switch syntax {
            case .bash, .zsh, .fish:
                #expect(throws: Never.self) { _ = try syntax.setting([value]) }
            case .pwsh, .json, .dotenv, .github:
                #expect(throws: ShellSyntax.Unsayable.self) { _ = try syntax.setting([value]) }
            }
        }
    }

    @Test func `every line that is not blank is masked`() throws {
        let name = try #require(VariableName("A".utf8))
        let masks = ShellSyntax.masks([
            Variable(name, Secret(plain: "a%\r\n\n  \nb\n")), Variable(name, Secret(plain: "")),
        ])
        #expect(masks == Secret(plain: "::add-mask::a%25%0D\n::add-mask::b\n"))
    }
}
