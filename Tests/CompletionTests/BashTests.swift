import PasselTesting
import Testing

@Suite struct BashTests {
    static let names = ["web/shop", "web/site", "deep/er/only", "src", "web/my site"]

    @Test func `the first word is a command, an entry or a folder`() throws {
        let desk = try Desk(BashTests.names)
        let offered = try desk.bash("pass", "")
        for word in ["init", "show", "insert", "generate", "version", "web/", "deep/", "src"] {
            #expect(offered.contains(word))
        }
        #expect(try desk.bash("pass", "ge") == ["generate"])
        #expect(try desk.bash("passel", "sr") == ["src"])
    }

    @Test func `names are completed a folder at a time`() throws {
        let desk = try Desk(BashTests.names)
        #expect(try desk.bash("pass", "show", "w") == ["web/"])
        #expect(try desk.bash("pass", "show", "web/s").sorted() == ["web/shop", "web/site"])
        #expect(try desk.bash("pass", "-c", "web/sh") == ["web/shop"])
        #expect(try desk.bash("pass", "show", "-c", "web/sh") == ["web/shop"])
    }

    @Test func `a folder with a single child is followed for show and not for insert`() throws {
        let desk = try Desk(BashTests.names)
        #expect(try desk.bash("pass", "show", "de") == ["deep/er/only"])
        #expect(try desk.bash("pass", "insert", "de") == ["deep/"])
        #expect(try desk.bash("pass", "mv", "src", "deep/") == ["deep/er/"])
    }

    @Test func `git and search terms are not completed as entries`() throws {
        let desk = try Desk(BashTests.names)
        let git = try desk.bash("pass", "git", "")
        #expect(git.contains("push") && git.contains("log") && !git.contains("src"))
        for word in ["find", "search", "grep", "help", "version"] {
            #expect(try desk.bash("pass", word, "").isEmpty)
        }
    }

    @Test func `hidden names and files that are no entries are not offered`() throws {
        let desk = try Desk(["shown", ".hidden", ".folder/x"])
        try Disk.write("", to: desk.sandbox.store + "/shown.txt")
        #expect(try desk.bash("pass", "show", "s") == ["shown"])
        #expect(try desk.bash("pass", "show", ".").isEmpty)
    }

    @Test func `init completes folders after -p and keys elsewhere`() throws {
        let desk = try Desk(BashTests.names)
        let maria = try desk.makeKeys("maria", "marco")[0]
        #expect(try desk.bash("pass", "init", "-p", "w") == ["web/"])
        #expect(try desk.bash("pass", "init", "--path", "w") == ["web/"])
        #expect(try desk.bash("pass", "init", "--path=w") == ["--path=web/"])
        #expect(try desk.bash("pass", "init", "mari") == [maria])
        #expect(
            try desk.bash("pass", "init", "mar").sorted()
                == ["marco <marco@example.org>", "maria <maria@example.org>"])
        let start = String(maria.prefix(12).lowercased())
        #expect(try desk.bash("pass", "init", start) == [maria])
    }

    @Test func `a command that pass has not is completed as it says itself`() throws {
        let desk = try Desk(BashTests.names)
        let team = try desk.makeTeam("maria", "marco", "nora")
        let asking = try desk.makeRequest("zoe")
        #expect(try desk.bash("passel", "rec") == ["recipients"])
        #expect(try desk.bash("passel", "recipients", "app") == ["approve"])
        #expect(try desk.bash("passel", "recipients", "approve", "") == [asking])
        #expect(try desk.bash("passel", "recipients", "approve", "--par") == ["--partial"])
        #expect(try desk.bash("passel", "recipients", "rm", "nor") == [team[2]])
        #expect(try desk.bash("passel", "recipients", "rm", "nora", "maria@") == [team[0]])
        #expect(
            try desk.bash("passel", "recipients", "rm", "mar")
                == ["maria <maria@example.org>", "marco <marco@example.org>"])
        #expect(try desk.bash("passel", "recipients", "add", "--path", "w") == ["web/"])
        #expect(try desk.bash("passel", "recipients", "add", "--path=w") == ["--path=web/"])
        #expect(try desk.bash("passel", "recipients", "add", "-pw") == ["-pweb/"])
        #expect(
            try desk.bash("passel", "recipients", "add", "--role", "m") == ["member", "machine"])
        #expect(try desk.bash("passel", "recipients", "add", "--role=s") == ["--role=signer"])
        #expect(try desk.bash("passel", "access", #"web/my\ s"#) == ["web/my site"])
        #expect(try desk.bash("passel", "access", "--each", "de") == ["deep/er/only"])
        #expect(try desk.bash("pass", "offboard", "nora", "--st") == ["--status"])
        #expect(try desk.bash("pass", "src", "web/sh") == ["web/shop"])
    }

    @Test func `only passel offers to leave somebody out`() throws {
        let desk = try Desk(BashTests.names)
        let nora = try desk.makeTeam("maria", "nora")[1]
        for word in ["insert", "edit", "generate", "mv", "cp"] {
            #expect(try desk.bash("passel", word, "--sk") == ["--skip"])
            #expect(try desk.bash("pass", word, "--sk").isEmpty)
        }
        #expect(try desk.bash("passel", "edit", "--skip", "nor") == [nora])
        #expect(try desk.bash("passel", "edit", "--skip=nor") == ["--skip=\(nora)"])
        #expect(try desk.bash("passel", "edit", "--skip", "nora", "web/sh") == ["web/shop"])
    }

    @Test func `only passel offers to show what was`() throws {
        let desk = try Desk(BashTests.names)
        #expect(try desk.bash("passel", "show", "--a") == ["--at"])
        #expect(try desk.bash("passel", "show", "--j") == ["--json"])
        #expect(try desk.bash("passel", "show", "--at", "we").isEmpty)
        #expect(try desk.bash("passel", "show", "--at=we").isEmpty)
        #expect(try desk.bash("passel", "show", "--at", "HEAD", "web/sh") == ["web/shop"])
        #expect(try desk.bash("passel", "ls", "--a").isEmpty)
        #expect(try desk.bash("pass", "show", "--a").isEmpty)
    }

    @Test func `an extension completes by the function that pass would call`() throws {
        let desk = try Desk(BashTests.names)
        let hook = """
            PASSWORD_STORE_EXTENSION_COMMANDS+=(tin)
            __password_store_extension_complete_tin() {
                COMPREPLY+=($(compgen -W "open close --loud" -- "$cur"))
                _pass_complete_entries 1
            }
            """
        #expect(try desk.bash("pass", "ti", after: hook) == ["tin"])
        #expect(try desk.bash("pass", "tin", "cl", after: hook) == ["close"])
        #expect(try desk.bash("pass", "tin", "de", after: hook) == ["deep/er/only"])
        #expect(try desk.bash("pass", "tin", "--", after: hook) == ["--loud"])
        for name in ["_pass_complete_folders", "_pass_complete_keys"] {
            let folders = hook.replacing("_pass_complete_entries 1", with: name)
            #expect(try desk.bash("pass", "tin", "clo", after: folders) == ["close"])
        }
    }

    @Test func `another store is completed by a function that names it`() throws {
        let desk = try Desk(BashTests.names)
        try Disk.makeFolder(desk.sandbox.root + "/work/office")
        let other = "PASSWORD_STORE_DIR=\(desk.sandbox.root)/work; export PASSWORD_STORE_DIR"
        #expect(try desk.bash("workpass", "show", "o", after: other) == ["office/"])
    }

    @Test func `quotes and word breaks in what was typed are understood`() throws {
        let more = ["mail/me@home.example", "mail/a:b", "it's", #"a"b"#]
        let desk = try Desk(BashTests.names + more)
        #expect(try desk.bash("pass", "show", #"web/my\ s"#) == ["web/my site"])
        #expect(try desk.bash("pass", "show", "'web/my s") == ["web/my site"])
        #expect(try desk.bash("pass", "show", #""web/my s"#) == ["web/my site"])
        #expect(try desk.bash("pass", "show", #"$'web/my\x20s"#) == ["web/my site"])
        #expect(try desk.bash("pass", "show", #"it\'"#) == ["it's"])
        #expect(try desk.bash("pass", "show", #"'a"'"#) == [#"a"b"#])
        #expect(try desk.bash("pass", "show", "mail/me@h") == ["mail/me@home.example"])
    }

    @Test func `a command in what was typed is not run`() throws {
        let desk = try Desk(BashTests.names)
        let marker = desk.sandbox.root + "/marker"
        for word in ["$(touch \(marker))w", "`touch \(marker)`w", "${x[$(touch \(marker))]}"] {
            #expect(try desk.bash("pass", "show", word).isEmpty)
        }
        #expect(Disk.facts(marker) == nil)
    }

    @Test func `names arrive as they are when Tab is typed at a terminal`() throws {
        let awkward = [
            "web/my site", "it's", #"quote"d"#, "line\nbreak", "dollar $HOME x", "`id`",
            "back\\slash", "mail/me@home.example", "mail/a:b", "mail/k=v", "tab\tbed", "umlaut é",
            "$(id)/one", "$(id)/two", "src",
        ]
        let desk = try Desk(awkward)
        try Disk.makeFolder(desk.sandbox.root + "/src")
        let typed = [
            ("pass show web/\t", "web/my site"), ("pass show it\t", "it's"),
            ("pass show q\t", #"quote"d"#), ("pass show lin\t", "line\nbreak"),
            ("pass show dol\t", "dollar $HOME x"), ("pass show \\`\t", "`id`"),
            ("pass show bac\t", "back\\slash"), ("pass show mail/me\t", "mail/me@home.example"),
            ("pass show mail/me@h\t", "mail/me@home.example"), ("pass show mail/a:\t", "mail/a:b"),
            ("pass show mail/k=\t", "mail/k=v"), ("pass show tab\t", "tab\tbed"),
            ("pass show um\t", "umlaut é"), ("pass show 'web/m\t", "web/my site"),
            ("pass show \"dollar\t", "dollar $HOME x"), ("pass show 'do\t", "dollar $HOME x"),
            (#"pass show \$\#u{9}t\#u{9}"#, "$(id)/two"), ("pass show sr\t", "src"),
        ]
        let calls = try desk.bash(typing: typed.map(\.0))
        #expect(calls == typed.map { ["show", $0.1] })
    }
}
