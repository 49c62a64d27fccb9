import PasselTesting
import Testing

@Suite struct ZshTests {
    static let names = [
        "web/shop", "web/site", "deep/er/only", "src", "web/my site", "it's", "line\nbreak",
        "mail/me@home.example", "dollar $HOME x", "back\\slash",
    ]

    @Test func `the first word is a command, an entry or a folder`() throws {
        let desk = try Desk(ZshTests.names)
        let results = try desk.zsh(["pass ", "passel sr", "pass gen"])
        for word in ["init", "show", "insert", "version", "web", "deep", "src"] {
            #expect(results[0].offered.contains(word))
        }
        #expect(results[1].line == "passel src ")
        #expect(results[2].line == "pass generate ")
    }

    @Test func `names are completed a folder at a time, quoted`() throws {
        let desk = try Desk(ZshTests.names)
        let lines = [
            ("pass show w", "pass show web/"), ("pass show web/my", #"pass show web/my\ site "#),
            ("pass show 'web/my", "pass show 'web/my site' "), ("pass it", #"pass it\'s "#),
            ("pass -c web/sh", "pass -c web/shop "),
            ("pass show lin", #"pass show line$'\n'break "#),
            ("pass show mail/", "pass show mail/me@home.example "),
            ("pass rm dol", #"pass rm dollar\ \$HOME\ x "#),
            ("pass cp src bac", #"pass cp src back\\slash "#),
            ("pass show de", "pass show deep/er/only "), ("pass insert de", "pass insert deep/"),
        ]
        let results = try desk.zsh(lines.map(\.0))
        #expect(results.count == lines.count)
        for (line, result) in zip(lines, results) { #expect(result.line == line.1) }
        #expect(try desk.zsh(["pass show web/s"])[0].offered.sorted() == ["shop", "site"])
    }

    @Test func `init completes folders after -p and keys elsewhere`() throws {
        let desk = try Desk(ZshTests.names)
        let maria = try desk.makeKeys("maria")[0]
        let results = try desk.zsh(["pass init -p we", "pass init --path=we", "pass init mar"])
        #expect(
            results.map(\.line) == [
                "pass init -p web/", "pass init --path=web/", "pass init \(maria) ",
            ])
    }

    @Test func `a command that pass has not is completed as it says itself`() throws {
        let desk = try Desk(ZshTests.names)
        let nora = try desk.makeTeam("maria", "nora")[1]
        let asking = try desk.makeRequest("zoe")
        let lines = [
            ("passel rec", "passel recipients "),
            ("passel recipients appr", "passel recipients approve "),
            ("passel recipients approve ", "passel recipients approve \(asking) "),
            ("passel recipients approve --par", "passel recipients approve --partial "),
            ("passel recipients rm nor", "passel recipients rm \(nora) "),
            ("passel recipients add --path w", "passel recipients add --path web/"),
            ("passel recipients add --path=w", "passel recipients add --path=web/"),
            ("passel recipients add -pw", "passel recipients add -pweb/"),
            ("passel recipients add --role=s", "passel recipients add --role=signer "),
            ("passel recipients set --skip=nor", "passel recipients set --skip=\(nora) "),
            ("passel access web/my", #"passel access web/my\ site "#),
            ("passel access --each de", "passel access --each deep/er/only "),
            ("pass offboard nora --st", "pass offboard nora --status "),
            ("passel insert --skip nor", "passel insert --skip \(nora) "),
            ("passel insert --skip=nor", "passel insert --skip=\(nora) "),
            ("passel mv --skip nora web/sh", "passel mv --skip nora web/shop "),
            ("pass insert --sk", "pass insert --sk"),
            ("passel show --at HEAD web/sh", "passel show --at HEAD web/shop "),
            ("pass show --a", "pass show --a"),
        ]
        let results = try desk.zsh(lines.map(\.0))
        #expect(results.count == lines.count)
        for (line, result) in zip(lines, results) { #expect(result.line == line.1) }
    }

    @Test func `another store is completed where the style prefix names it`() throws {
        let desk = try Desk(ZshTests.names)
        try Disk.makeFolder(desk.sandbox.root + "/work/office")
        let setup = """
            compdef _passel workpass
            zstyle ':completion::complete:workpass::' prefix \(desk.sandbox.root)/work
            """
        let results = try desk.zsh(["workpass show o"], setup: setup)
        #expect(results.map(\.line) == ["workpass show office/"])
    }

    @Test func `an extension completes by a function of its name`() throws {
        let desk = try Desk(ZshTests.names)
        let setup = "_pass-tin() { compadd open close }"
        #expect(try desk.zsh(["pass tin o"], setup: setup).map(\.line) == ["pass tin open "])
    }

    @Test func `the store is the one that the environment names`() throws {
        let desk = try Desk(ZshTests.names)
        try Disk.makeFolder(desk.sandbox.root + "/work/office")
        desk.sandbox.set("PASSWORD_STORE_DIR", desk.sandbox.root + "/work")
        #expect(try desk.zsh(["pass show o"]).map(\.line) == ["pass show office/"])
        #expect(try desk.bash("pass", "show", "o") == ["office/"])
        #expect(try desk.fishWords("pass show o") == ["office/"])
    }
}
