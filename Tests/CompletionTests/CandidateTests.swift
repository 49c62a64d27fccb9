import PasselTesting
import Testing

@Suite struct CandidateTests {
    @Test func `candidates come without gpg and without reading an entry`() throws {
        let desk = try Desk(["web/shop", "src"])
        _ = try desk.makeKeys("maria")
        let marker = desk.sandbox.root + "/gpg-was-run"
        for name in ["gpg", "gpg2", "gpgconf", "gpg-agent"] {
            let script = "#!/bin/sh\necho \"$0\" >\(marker)\n"
            try Disk.write(script, to: "\(desk.sandbox.bin)/\(name)", mode: 0o700)
        }
        for words in ["entries", "entries --all", "folders", "folders --all", "commands"] {
            let arguments = words.split(separator: " ").map(String.init)
            let outcome = try desk.sandbox.run("passel", ["--complete"] + arguments + [""])
            #expect(outcome.status == 0)
            #expect(!outcome.stdout.isEmpty)
        }
        let keys = try desk.sandbox.passel("--complete", "keys", "").stdout.text
        #expect(keys.contains("\tmaria <maria@example.org>\n"))
        #expect(Disk.facts(marker) == nil)
    }

    @Test func `the words of extensions that may run are commands`() throws {
        let desk = try Desk()
        let folder = desk.sandbox.store + "/.extensions"
        try Disk.makeFolder(folder)
        try Disk.write("echo tin\n", to: folder + "/tinned.bash", mode: 0o700)
        try Disk.write("echo tin\n", to: folder + "/tin-foil.bash", mode: 0o600)
        #expect(try desk.bash("pass", "tin").isEmpty)
        desk.sandbox.set("PASSWORD_STORE_ENABLE_EXTENSIONS", "true")
        #expect(try desk.bash("pass", "tin") == ["tinned"])
        #expect(try desk.fish("pass tin") == ["tinned\tExtension"])
        #expect(try desk.zsh(["pass tin"]).map(\.line) == ["pass tinned "])
    }

    @Test func `a store that is missing has no candidates and is no error`() throws {
        let sandbox = try Sandbox()
        let outcome = try sandbox.passel("--complete", "entries", "")
        #expect(outcome.status == 0)
        #expect(outcome.stdout.isEmpty && outcome.stderr.isEmpty)
    }

    @Test func `a name outside the store is not completed`() throws {
        let desk = try Desk(["src"])
        try Disk.write("", to: desk.sandbox.home + "/outside.gpg")
        #expect(try desk.sandbox.passel("--complete", "entries", "../o").stdout.isEmpty)
    }

    @Test func `ten thousand entries are completed without a pause`() throws {
        let desk = try Desk()
        for folder in 0..<100 {
            let path = "\(desk.sandbox.store)/folder-\(folder)"
            try Disk.makeFolder(path)
            for entry in 0..<100 { try Disk.write("", to: "\(path)/entry-\(entry).gpg") }
        }
        let clock = ContinuousClock()
        func median(_ arguments: [String]) throws -> Duration {
            try (0..<15).map { _ in
                try clock.measure {
                    try desk.sandbox.run("passel", ["--complete"] + arguments)
                }
            }.sorted()[7]
        }
        let start = try median(["commands", "x"])
        let component = try median(["entries", "folder-5"])
        let all = try median(["entries", "--all", ""])
        print("10,000 entries: nothing \(start), one folder \(component), all names \(all)")
        let names = try desk.sandbox.passel("--complete", "entries", "--all", "").stdout.lines
        #expect(names.count == 10_000)
        // Generous, because the tests run a debug build among other tests; the benchmark is strict.
        #expect(all < .seconds(10))
    }
}
