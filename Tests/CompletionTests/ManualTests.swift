import PasselTesting
import Testing

@Suite struct ManualTests {
    @Test(arguments: Manual.pages)
    func `a manual page has no warnings`(page: String) throws {
        let outcome = try Sandbox().run(
            "mandoc", ["-T", "lint", "-W", "warning", Manual.path(page)])
        #expect(outcome.stdout.text == "")
        #expect(outcome.status == 0)
    }

    @Test func `the manual has the commands that it should have`() throws {
        let words = try Manual.commands().map(\.words)
        #expect(
            words == [
                ["init"], ["show", "ls", "list"], ["find", "search"], ["grep"], ["insert", "add"],
                ["edit"], ["generate"], ["rm", "remove", "delete"], ["mv", "rename"],
                ["cp", "copy"], ["git"], ["help"], ["version"],
            ])
        #expect(try Manual.commands()[0].options == ["-p", "--path"])
    }

    @Test func `the program's help has every command and option of the manual`() throws {
        let help = try Sandbox().passel("help").stdout.text
        let words = Set(help.split { !($0.isLetter || $0 == "-") }.map(String.init))
        for command in try Manual.commands() {
            let documented = command.options.union(command.words)
            #expect(documented.subtracting(words).isEmpty, "\(command.words[0])")
        }
    }

    @Test func `the program knows every command and no option that the manual has not`() throws {
        let desk = try Desk()
        let known = try desk.sandbox.passel("--complete", "commands", "").stdout.lines.map(\.text)
        // The words of extensions that are installed are known as well.
        #expect(Set(known).isSuperset(of: try Manual.commands().flatMap(\.words)))
        for command in try Manual.commands() where !command.options.isEmpty {
            for word in command.words {
                let usage = try desk.sandbox.passel(word, "--no-such-option").stderr.text
                let options = Set(
                    usage.split { !($0.isLetter || $0 == "-") }.map(String.init).filter {
                        $0.hasPrefix("-") && $0 != "--no-such-option" && $0 != "-"
                    })
                #expect(options == command.options, "\(word)")
            }
        }
    }

    @Test func `each shell offers exactly the options of the manual`() throws {
        let desk = try Desk()
        // After git, zsh completes git's own options.
        let others = ["git", "help", "version"]
        for command in try Manual.commands() where !others.contains(command.words[0]) {
            for word in command.words {
                #expect(Set(try desk.bash("pass", word, "-")) == command.options, "bash \(word)")
                let fish = try desk.fishWords("pass \(word) -")
                #expect(Set(fish) == command.options, "fish \(word)")
                let zsh = try desk.zsh(["pass \(word) -", "pass \(word) --"]).flatMap(\.offered)
                #expect(Set(zsh.filter { $0.hasPrefix("-") }) == command.options, "zsh \(word)")
            }
        }
    }

    @Test func `each shell offers every command of the manual`() throws {
        let desk = try Desk()
        let words = Set(try Manual.commands().flatMap(\.words))
        #expect(Set(try desk.bash("pass", "")).isSuperset(of: words))
        #expect(Set(try desk.fishWords("pass ")).isSuperset(of: words))
        #expect(Set(try desk.zsh(["pass "])[0].offered).isSuperset(of: words))
    }
}
