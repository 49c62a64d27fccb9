import PasselTesting
import Testing

/// passpy works on the store by itself, so this is about the files more than the commands.
@Suite struct PasspyTests {
    @Test func `passpy shows and lists what passel stored`() throws {
        let home = try home()
        try home.insert("web/site", "hunter2\nuser: alice\n")
        let shown = try home.client("passpy", "show", "web/site")
        #expect(shown.stdout.text == "hunter2\nuser: alice\n")
        let listed = try home.client("passpy", "ls")
        #expect(listed.stdout.text == "Password Store\n└── web\n    └── site\n")
    }

    @Test func `passel shows what passpy stored, and commits on top of it`() throws {
        let home = try home()
        let stored = try home.python(
            #"import passpy; passpy.Store().set_key("web/py", "from python\nline 2\n")"#)
        #expect(stored.status == 0)
        #expect(try home.show("web/py") == "from python\nline 2\n")
        try home.check("pass", "mv", "web/py", "web/moved")
        #expect(
            try home.subjects(2) == [
                "Rename web/py to web/moved.", "Add given password for web/py to store.",
            ])
        #expect(try home.status() == "")
    }

    @Test func `entries of two recipients are readable from both sides`() throws {
        let home = try home()
        try home.check("pass", "init", "-p", "team", "ann@example.org", "bob@example.org")
        try home.insert("team/ours", "ours\n")
        let answer = try home.python(
            """
            import passpy
            store = passpy.Store()
            print(store.get_key("team/ours"), end="")
            store.set_key("team/theirs", "theirs\\n")
            """)
        #expect(answer.stdout.text == "ours\n")
        let readers = (ours: try home.readers("team/ours"), theirs: try home.readers("team/theirs"))
        #expect(readers.ours.count == 2)
        #expect(readers.ours == readers.theirs)
    }

    @Test func `the armored entries that passpy writes follow a change of recipients`() throws {
        let home = try home()
        try home.python(#"import passpy; passpy.Store().set_key("web/py", "armored\n")"#).demand()
        let people = ["ann@example.org", "bob@example.org"]
        let changed = try home.check("pass", "init", people[0], people[1])
        #expect(changed.contains("web/py: reencrypting to "))
        #expect(try home.readers("web/py").count == 2)
        #expect(try home.show("web/py") == "armored\n")

        try home.python(#"import passpy; passpy.Store().set_key("web/py2", "more\n")"#).demand()
        let unchanged = try home.check("pass", "init", people[0], people[1])
        #expect(!unchanged.contains("reencrypting"))
    }

    private func home() throws -> ClientHome {
        let home = try ClientHome()
        // passpy looks for gpg2 and nothing else.
        try home.link("gpg2", to: "/usr/bin/gpg")
        return home
    }
}
