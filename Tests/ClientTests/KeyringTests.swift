import PasselTesting
import Testing

/// keyring, with keyring-pass as its back end.
@Suite struct KeyringTests {
    @Test func `passwords are set, replaced, read and deleted`() throws {
        let home = try ClientHome()
        let answer = try keyring(
            """
            keyring.set_password("mail.example", "ann", "pass word")
            keyring.set_password("mail.example", "bob", "other")
            print(keyring.get_password("mail.example", "ann"))
            keyring.set_password("mail.example", "ann", "new")
            print(keyring.get_password("mail.example", "ann"))
            keyring.delete_password("mail.example", "ann")
            print(keyring.get_password("mail.example", "ann"))
            print(keyring.get_password("mail.example", "bob"))
            """, in: home)
        #expect(answer.stdout.text == "pass word\nnew\nNone\nother\n")
        #expect(try home.show("python-keyring/mail.example/bob") == "other\n")
        #expect(try home.status() == "")
    }

    @Test func `the only user of a service is found by reading the tree`() throws {
        let home = try ClientHome()
        let answer = try keyring(
            """
            keyring.set_password("http://127.0.0.1:1/simple", "ann", "one")
            keyring.set_password("mail.example", "bob", "two")
            found = keyring.get_credential("mail.example", None)
            print(found.username, found.password)
            found = keyring.get_credential("http://127.0.0.1:1/simple", None)
            print(found.username, found.password)
            """, in: home)
        #expect(answer.stdout.text == "bob two\nann one\n")
    }

    @Test func `a store that nobody initialised is no keyring`() throws {
        let home = try ClientHome(initialised: false)
        let answer = try keyring("keyring.get_keyring()", in: home)
        #expect(answer.stderr.text.contains("'ls']' returned non-zero exit status 1"))
        #expect(answer.stderr.text.contains(#"Error: password store is empty. Try "pass init"."#))
    }

    private func keyring(_ script: String, in home: ClientHome) throws -> Outcome {
        try home.python(
            "import keyring\n" + script,
            environment: ["PYTHON_KEYRING_BACKEND": "keyring_pass.PasswordStoreBackend"])
    }
}
