import PasselTesting

/// The commands that passel(1) documents, as its source has them.
struct Manual {
    /// One command: the words that call it and its options, such as `-c` and `--clip`.
    struct Command {
        var words: [String]
        var options: Set<String>
    }

    /// The pages, by file name.
    static let pages = ["passel.1", "passel-entry.5"]

    /// Where the page called `name` lies.
    static func path(_ name: String) -> String { "\(Source.root)/man/\(name)" }

    /// The commands in the order of the page; `help` and `version` are here by their words only.
    static func commands() throws -> [Command] {
        guard let page = Disk.read(path("passel.1"))?.text else {
            throw TestingProblem("no manual page")
        }
        var commands: [Command] = []
        var isInside = false
        for line in page.split(separator: "\n") {
            if line.hasPrefix(".Sh ") { isInside = line == ".Sh COMMANDS" }
            guard isInside else { continue }
            let words = line.split(separator: " ").map(String.init)
            if words[0] == ".Cm" {
                // A line of macros in an item's head; prose has one command word and text after it.
                let named = words.dropFirst().filter { $0.allSatisfy(\.isLetter) && $0 != "Fl" }
                if !commands.contains(where: { $0.words.contains(named.first ?? "") }) {
                    commands.append(Command(words: named, options: []))
                }
            } else if words[0] == ".It", words.count > 2, words[1] == "Fl", !commands.isEmpty {
                commands[commands.count - 1].options.formUnion(options(words))
            }
        }
        return commands
    }

    /// The options in the head of an item: the words that follow `Fl`.
    private static func options(_ words: [String]) -> Set<String> {
        Set(zip(words, words.dropFirst()).filter { $0.0 == "Fl" }.map { "-" + $0.1 })
    }
}
