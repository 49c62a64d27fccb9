import PasselTesting
import Testing

/// What the manual says of the commands that pass has not.
@Suite struct OwnManualTests {
    private let desk: Desk

    init() throws { desk = try Desk(["src"]) }

    /// The commands that the program knows, such as `recipients add`.
    private func commands() throws -> [[String]] {
        func offered(_ words: [String]) throws -> [String] {
            let lines = try desk.sandbox.run("passel", ["--complete", "own"] + words + [""])
                .stdout.lines.map(\.text)
            // A command has its meaning beside it; the words of an operand stand alone.
            return lines.dropFirst().compactMap { line in
                let parts = line.split(separator: "\t")
                return parts.count == 2 ? String(parts[0]) : nil
            }
        }
        return try offered([]).flatMap { word in
            let verbs = try offered([word])
            return verbs.isEmpty ? [[word]] : verbs.map { [word, $0] }
        }
    }

    /// The options in a command's `--help`: their letters, if they have any, and their names.
    private func options(of command: [String]) throws -> [(letter: String?, name: String)] {
        let help = try desk.sandbox.run("passel", command + ["--help"]).stdout.lines.map(\.text)
        return help.compactMap { line in
            let words = line.split { [" ", ",", "="].contains($0) }.map(String.init)
            guard line.hasPrefix("    "), let first = words.first else { return nil }
            if first.hasPrefix("--") { return (nil, first) }
            return first.hasPrefix("-") && words.count > 1 ? (first, words[1]) : nil
        }
    }

    @Test func `every command is in the manual, in the order of the help`() throws {
        let known = try commands().map { $0.joined(separator: " ") }
        #expect(try Manual.ownCommands().commands.map(\.words) == known)
        #expect(known.contains("recipients approve") && known.contains("join"))
        let help = try desk.sandbox.passel("help").stdout.text
        for command in try commands() { #expect(help.contains("\n    \(command[0]) ")) }
    }

    @Test func `every option is in the manual, and no other`() throws {
        let (documented, common) = try Manual.ownCommands()
        for command in documented {
            let options = try options(of: command.words.split(separator: " ").map(String.init))
            let spellings = Set(options.flatMap { [$0.letter, $0.name].compactMap(\.self) })
            let here = "\(command.words)"
            #expect(!options.isEmpty, "\(here)")
            #expect(command.head.isSubset(of: spellings), "\(here)")
            #expect(command.described.isSubset(of: spellings), "\(here)")
            #expect(spellings.isSubset(of: command.described.union(common)), "\(here)")
            for option in options where option.name != "--help" {
                let isInHead =
                    command.head.contains(option.name)
                    || option.letter.map(command.head.contains) ?? false
                #expect(isInHead, "\(here) \(option.name)")
            }
        }
    }

    @Test func `each shell offers exactly the options of a command`() throws {
        for command in try commands() {
            let names = Set(try options(of: command).map(\.name))
            let line = command.joined(separator: " ")
            #expect(names.contains("--help"))
            let bash: [String]
            if command.count == 1 {
                bash = try desk.bash("passel", command[0], "-")
            } else {
                bash = try desk.bash("passel", command[0], command[1], "-")
            }
            #expect(Set(bash) == names, "bash \(line)")
            #expect(Set(try desk.fishWords("passel \(line) -")) == names, "fish \(line)")
            let zsh = try desk.zsh(["passel \(line) --"])[0].offered
            #expect(Set(zsh.filter { $0.hasPrefix("-") }) == names, "zsh \(line)")
        }
    }

    @Test func `each shell offers every command`() throws {
        let words = Set(try commands().map { $0[0] })
        #expect(Set(try desk.bash("passel", "")).isSuperset(of: words))
        #expect(Set(try desk.fishWords("passel ")).isSuperset(of: words))
        #expect(Set(try desk.zsh(["passel "])[0].offered).isSuperset(of: words))
    }

    @Test func `every key of the JSON is in the manual`() throws {
        let section = try Manual.section("OUTPUT FOR PROGRAMS").joined(separator: "\n")
        let documented = Set(section.split { !($0.isLetter || $0 == "_") })
        let folder = "\(Source.root)/Sources/PasselCommands/Team"
        var keys: Set<Substring> = []
        for file in Disk.names(in: Bytes(folder.utf8)) {
            let source = Disk.read("\(folder)/\(file.text)")?.text ?? ""
            keys.formUnion(source.matches(of: #/"([a-z_]+)": /#).map(\.1))
            keys.formUnion(source.matches(of: #/Member\("([a-z_]+)"/#).map(\.1))
        }
        #expect(keys.contains("fingerprint") && keys.contains("reencrypted"))
        #expect(keys.subtracting(documented) == [])
    }
}
