import PasselTesting
import Testing

@Suite struct FishTests {
    static let names = [
        "web/shop", "web/site", "deep/er/only", "src", "web/my site", "it's", "line\nbreak",
    ]

    @Test func `the first word is a command, an entry or a folder`() throws {
        let desk = try Desk(FishTests.names)
        let offered = try desk.fishWords("pass ")
        for word in ["init", "show", "insert", "version", "web/", "deep/er/only", "src"] {
            #expect(offered.contains(word))
        }
        #expect(try desk.fishWords("passel ge").contains("generate"))
    }

    @Test func `names are completed whole`() throws {
        let desk = try Desk(FishTests.names)
        #expect(try desk.fishWords("pass show web/s") == ["web/shop", "web/site"])
        #expect(try desk.fishWords("pass show web/my") == ["web/my site"])
        #expect(try desk.fishWords("pass rm -r dee") == ["deep/", "deep/er/", "deep/er/only"])
        #expect(try desk.fishWords("pass -c it") == ["it's"])
        #expect(try desk.fish("pass edit lin") == ["line", "break\tEntry"])
    }

    @Test func `init completes folders after -p and keys elsewhere`() throws {
        let desk = try Desk(FishTests.names)
        let maria = try desk.makeKeys("maria")[0]
        #expect(try desk.fishWords("pass init -p we") == ["web/"])
        #expect(try desk.fishWords("pass init --path=we") == ["--path=web/"])
        #expect(try desk.fish("pass init ").contains("\(maria)\tmaria <maria@example.org>"))
    }

    @Test func `a command that pass has not is completed as it says itself`() throws {
        let desk = try Desk(FishTests.names)
        let nora = try desk.makeTeam("maria", "nora")[1]
        let asking = try desk.makeRequest("zoe")
        #expect(try desk.fish("passel rec") == ["recipients\twho may read the entries of a folder"])
        #expect(
            try desk.fish("passel recipients app") == ["approve\tlet somebody in who asked to join"]
        )
        #expect(
            try desk.fish("passel recipients approve ") == ["\(asking)\tzoe <zoe@example.org>"])
        #expect(try desk.fishWords("passel recipients approve --par") == ["--partial"])
        #expect(
            try desk.fish("passel recipients rm ").contains("\(nora)\tnora <nora@example.org>"))
        #expect(try desk.fishWords("passel recipients add --path we") == ["web/"])
        #expect(try desk.fishWords("passel recipients add --path=we") == ["--path=web/"])
        #expect(try desk.fishWords("passel recipients add --role=s") == ["--role=signer"])
        #expect(try desk.fish("passel access web/my") == ["web/my site\tEntry"])
        #expect(try desk.fishWords("pass offboard nora --st") == ["--status"])
        #expect(try desk.fishWords("passel insert --skip 2") == [nora])
        #expect(try desk.fishWords("pass insert --sk").isEmpty)
        #expect(try desk.fishWords("passel show --a") == ["--at"])
        #expect(try desk.fishWords("pass show --a").isEmpty)
    }

    @Test func `the file is found under both names where vendors put theirs`() throws {
        let desk = try Desk(FishTests.names)
        let folder = desk.sandbox.root + "/share/fish/vendor_completions.d"
        try Disk.makeFolder(folder)
        for name in ["passel", "pass"] {
            let text = Disk.read(Desk.completion("passel.fish"))?.text ?? ""
            try Disk.write(text, to: "\(folder)/\(name).fish")
        }
        desk.sandbox.set("XDG_DATA_DIRS", desk.sandbox.root + "/share")
        for name in ["passel", "pass"] {
            let outcome = try desk.sandbox.run("fish", ["-c", "complete -C '\(name) show sr'"])
            #expect(outcome.stdout.text == "src\tEntry\n")
        }
    }
}
