import PasselTesting
import Testing

@Suite struct GitHelperTests {
    private let mapping = """
        [x.example*]
        target=web/site
        username_extractor=regex_search
        regex_username=^user: (.*)$

        [missing.example*]
        target=web/none
        """

    @Test func `git gets the user name and the password of a mapped host`() throws {
        let home = try home()
        let answer = try home.run(
            "git", "credential", "fill", input: "protocol=https\nhost=x.example\n\n")
        #expect(
            answer.stdout.text
                == "protocol=https\nhost=x.example\nusername=alice\npassword=hunter2\n")
        #expect(answer.status == 0)
    }

    @Test func `git gets nothing for an entry that is not there`() throws {
        let home = try home()
        let answer = try home.run(
            "git", "credential", "fill", input: "protocol=https\nhost=missing.example\n\n")
        #expect(answer.stdout.text == "")
        #expect(answer.status == 128)
    }

    @Test func `the entry is found from inside a repository whose hooks set GIT_DIR`() throws {
        let home = try home()
        let answer = try home.run(
            "git", "credential", "fill", input: "protocol=https\nhost=x.example\n\n",
            environment: ["GIT_DIR": home.path("nowhere")])
        #expect(answer.stdout.text.contains("password=hunter2\n"))
    }

    private func home() throws -> ClientHome {
        try ClientHome.require("pass-git-helper")
        let home = try ClientHome()
        try home.insert("web/site", "hunter2\nuser: alice\n")
        try home.write(mapping, to: ".config/pass-git-helper/git-pass-mapping.ini")
        try home.check("git", "config", "--global", "credential.helper", "!pass-git-helper $@")
        return home
    }
}
