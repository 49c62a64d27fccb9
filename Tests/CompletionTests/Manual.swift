import PasselTesting

/// The commands that passel(1) documents, as its source has them.
struct Manual {
    /// One command: the words that call it and its options, such as `-c` and `--clip`.
    struct Command {
        var words: [String]
        var options: Set<String>
    }

    /// The pages, by file name.
    static let pages = [
        "passel.1", "passel-entry.5", "passel-token.5", "passel-export.5", "passel-import.5",
        "passel-backend.7", "passel-sync.7",
        "passel-team.7",
    ]

    /// Where the page called `name` lies.
    static func path(_ name: String) -> String { "\(Source.root)/man/\(name)" }

    /// The commands in the order of the page; `help` and `version` are here by their words only.
    static func commands() throws -> [Command] {
        var commands: [Command] = []
        for line in try section("COMMANDS") {
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

    /// The options in the head of an item: the words that follow `Fl`, and those after a bar.
    private static func options(_ words: [String]) -> Set<String> {
        Set(zip(words, words.dropFirst()).filter { ["Fl", "|"].contains($0.0) }.map { "-" + $0.1 })
    }

    /// The lines of one section of passel(1).
    static func section(_ title: String) throws -> [Substring] {
        guard let page = Disk.read(path("passel.1"))?.text else {
            throw TestingProblem("no manual page")
        }
        let lines = page.split(separator: "\n").drop { $0 != ".Sh \(title)" }.dropFirst()
        guard !lines.isEmpty else { throw TestingProblem("no section \(title)") }
        return Array(lines.prefix { !$0.hasPrefix(".Sh ") })
    }

    /// A command that pass has not.
    struct OwnCommand {
        /// The words that call it, such as `recipients add`.
        var words = ""
        /// The options in its head, each by one of its spellings.
        var head: Set<String> = []
        /// The options that are described below it.
        var described: Set<String> = []
    }

    /// The commands that pass has not in the order of the page, and the options that are described
    /// once for several of them.
    static func ownCommands() throws -> (commands: [OwnCommand], common: Set<String>) {
        var commands: [OwnCommand] = []
        var common: Set<String> = []
        var isHead = false
        // What stands before a section's first command is for all of them.
        var isBeforeFirst = true
        let sections = ["TEAM", "INDEX", "TOKEN", "PROGRAM", "EXPORT", "PLACE", "BACKUP"]
        for line in try sections.flatMap({ try ["begin"] + section("\($0) COMMANDS") }) {
            let words = line.split(separator: " ").map(String.init)
            switch (words[0], isHead) {
            case ("begin", _): isBeforeFirst = true
            case (".It", _) where words[1] == "Xo":
                isHead = true
                isBeforeFirst = false
                commands.append(OwnCommand())
            case (".Xc", _): isHead = false
            case (".Cm", true):
                let named = words.dropFirst().filter { !["Op", "Cm"].contains($0) }
                commands[commands.count - 1].words = named.joined(separator: " ")
            case (".Op", true): commands[commands.count - 1].head.formUnion(options(words))
            // One of several is needed.
            case (".Fl", true):
                commands[commands.count - 1].head.formUnion(options(["Fl"] + words.dropFirst()))
            case (".It", false) where isBeforeFirst: common.formUnion(options(words))
            case (".It", false): commands[commands.count - 1].described.formUnion(options(words))
            default: break
            }
        }
        return (commands, common)
    }
}
