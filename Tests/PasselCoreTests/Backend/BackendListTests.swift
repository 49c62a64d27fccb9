import PasselCore
import PasselTesting
import Testing

@Suite struct BackendListTests {
    private func setting(_ text: String) throws -> BackendSetting {
        try BackendSetting(Bytes(text.utf8))
    }

    @Test(
        arguments: [
            ("address=https://127.0.0.1:8200", false), ("token=passel://infra/vault", true),
            ("token=passel://infra/vault#token", true), ("token=env:VAULT_TOKEN", true),
            ("token=path:~/.vault-token", true), ("token=path:/run/token", true),
            ("token-file=/x", false), ("namespace=a=b", false), ("role_id=passel://a", true),
        ])
    func `a setting is a text, or says where a secret is`(text: String, isCredential: Bool) throws {
        #expect(try setting(text).isCredential == isCredential)
        #expect(try setting(text).spelling == Text(text.utf8))
    }

    @Test(arguments: [
        "token=hunter22", "password=x", "secret_id=x", "client-secret=x", "api_key=x",
        "api-token=x",
        "url=https://ann:hunter22@example.org/",
    ])
    func `a secret in clear is refused, and not repeated`(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try setting(text) }
        #expect(problem?.status == 1)
        #expect(problem?.message.description.contains("hunter22") == false)
        #expect(problem?.hints.count == 3)
    }

    @Test func `what looks like a token is refused wherever it stands`() {
        let token = "ghp" + "_" + String(repeating: "a", count: 30) + "0mDAYB"
        let isKnown = Secret(plain: token).tokenFinding?.certainty == .certain
        if isKnown { #expect(throws: Problem.self) { _ = try setting("note=\(token)") } }
    }

    @Test(arguments: [
        "", "=", "a", "a=", "A=b", "1=b", "a b=c", "a= b", "a=b\n", "a=b\u{1b}", "token=env:",
        "token=env:1A", "token=path:relative", "token=passel://", "token=passel://..",
    ])
    func `what is no setting is a usage error`(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try setting(text) }
        #expect(problem?.status == 2)
    }

    @Test func `a list is read, changed and written, and all else in it stays`() throws {
        let text = """
            # ours
            [vault]
            type = vault
              address = https://127.0.0.1:8200
            # by Bob
            token = passel://infra/vault

            [other]

            """
        var list = try BackendList(Bytes(text.utf8))
        #expect(list.text.description == text)
        let vault = try #require(BackendName(Bytes("vault".utf8)))
        #expect(list[vault]?.settings.map(\.key) == ["address", "token"])
        #expect(list.entries.map(\.type.text) == ["vault", "other"])
        let mine = try #require(BackendName(Bytes("mine".utf8)))
        list.set(BackendEntry(mine, type: vault, [try setting("address=x")]))
        #expect(list.text.description == text + "[mine]\ntype = vault\naddress = x\n")
        #expect(try BackendList(list.text.bytes).entries == list.entries)
        list.remove(vault)
        list.remove(mine)
        #expect(list.text.description == "# ours\n[other]\n")
    }

    @Test(arguments: [
        ("a = b\n", 1), ("[A]\n", 1), ("[a]\n[a]\n", 2), ("[a]\ntype = X\n", 2),
        ("[a]\nb = c\nb = d\n", 3), ("[a]\ntoken = hunter22\n", 2), ("[a]\nb\n", 2),
    ])
    func `a line that means nothing is named, and not repeated`(text: String, line: Int) {
        let problem = #expect(throws: Problem.self) { _ = try BackendList(Bytes(text.utf8)) }
        #expect(problem?.message.description.hasPrefix("line \(line): ") == true)
        #expect(problem?.message.description.contains("hunter22") == false)
    }
}
