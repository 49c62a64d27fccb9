import PasselCore
import Testing

@Suite struct ProfileEditingTests {
    private let text = "# ours\nA=passel://ci/a\nB='passel://ci/b b#user'\nC=passel://other\n"

    private func binding(_ spelling: String) throws -> Binding {
        try Binding(Array(spelling.utf8))
    }

    private func shown(_ secret: Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a line takes the place of the one for its variable`() throws {
        let new = try Profile.setting(
            [binding("B=ci/x"), binding("D=ci/d d")], in: Secret(plain: text))
        #expect(
            shown(new)
                == "# ours\nA=passel://ci/a\nB=passel://ci/x\nC=passel://other\nD='passel://ci/d d'\n"
        )
        #expect(try Profile(new).bindings.map(\.variable.text) == ["A", "B", "C", "D"])
        #expect(throws: Problem.self) {
            try Profile.setting([binding("A=x"), binding("A=y")], in: Secret(plain: ""))
        }
    }

    @Test func `only the lines of a variable go`() throws {
        let names = ["A", "C"].compactMap { VariableName(Array($0.utf8)) }
        let new = try Profile.removing(names, from: Secret(plain: text))
        #expect(shown(new) == "# ours\nB='passel://ci/b b#user'\n")
    }

    @Test func `references follow entries to their new names, fields and all`() throws {
        let new = try Profile.renaming(in: Secret(plain: text)) { name in
            name.relative(to: "ci").map { "build" / $0 }
        }
        #expect(
            try shown(#require(new))
                == "# ours\nA=passel://build/a\nB='passel://build/b b#user'\nC=passel://other\n")
        #expect(try Profile.renaming(in: Secret(plain: text)) { _ in nil } == nil)
        #expect(throws: Dotenv.Flaw.self) {
            try Profile.renaming(in: Secret(plain: "A=value\n")) { _ in nil }
        }
    }
}
