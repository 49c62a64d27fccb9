import PasselTesting
import Testing

/// python-passenv turns a folder of the store into environment variables.
@Suite struct PassenvTests {
    @Test func `a folder becomes variables`() throws {
        let home = try ClientHome()
        try home.insert("web/site", "hunter2\nuser: alice\n")
        try home.insert("web/api-key", "k3y\n")
        let answer = try home.python(
            """
            import passenv
            values = passenv.passenv_values("web")
            print(sorted(values.values()), values["SITE"])
            print(passenv.get_key("web/site"))
            """)
        #expect(answer.stdout.text == "['hunter2', 'k3y'] hunter2\nhunter2\n")
        #expect(answer.status == 0)
    }

    @Test func `an entry that is not there is none`() throws {
        let home = try ClientHome()
        let answer = try home.python(#"import passenv; print(passenv.get_key("web/none"))"#)
        #expect(answer.stdout.text == "None\n")
    }
}
