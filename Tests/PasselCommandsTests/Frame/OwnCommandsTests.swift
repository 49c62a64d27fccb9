import PasselCore
import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct OwnCommandsTests {
    private let recorder: Recorder

    init() throws { recorder = try Recorder() }

    private func run(_ words: String..., as program: String = "passel") -> Int32 {
        recorder.session(program, Samples.commands).run(words.map { Bytes($0.utf8) })
    }

    @Test func `a word of ours runs its command`() {
        #expect(run("greet", "ann", "-t2") == 0)
        #expect(recorder.stdout.text == "hello ann\nhello ann\n")
        #expect(recorder.stderr.text == "")
    }

    @Test func `a result can be JSON`() {
        #expect(run("greet", "ann", "--json") == 0)
        #expect(
            recorder.stdout.text == "{\n  \"greeting\": \"hello ann\",\n  \"loudly\": false\n}\n")
    }

    @Test func `a group runs the command that the second word names`() {
        #expect(run("circle", "join", "ann", "--yes") == 3)
        #expect(recorder.stdout.text == "welcome\n")
        #expect(recorder.stderr.text == "+ ann\n")
    }

    @Test func `a group alone runs its standard command, with options`() {
        #expect(run("circle") == 4)
        #expect(run("circle", "--loudly") == 4)
        #expect(recorder.stdout.text == "ann\nANN\n")
    }

    @Test func `a usage error ends with 2 and a hint`() {
        #expect(run("greet") == 2)
        #expect(run("circle", "jion") == 2)
        #expect(run("circle", "--quietly") == 2)
        #expect(run("bare") == 2)
        #expect(
            recorder.stderr.text == """
                passel: error: WHO is missing
                passel: hint: passel greet --help
                passel: error: circle has no command jion
                passel: hint: passel circle join
                passel: hint: passel circle --help
                passel: error: unknown option --quietly
                passel: hint: passel circle --help
                passel: error: say what to do: bare COMMAND
                passel: hint: passel bare --help

                """)
        #expect(recorder.stdout.isEmpty)
    }

    @Test func `problems end with their own status`() {
        #expect(run("circle", "fail", "own") == 1)
        #expect(run("circle", "fail", "other") == 2)
        #expect(run("circle", "fail", "uninitialised") == 1)
        #expect(run("circle", "fail", "changed") == 1)
        #expect(
            recorder.stderr.text == """
                passel: error: no luck
                passel: hint: try again
                passel: error: no such problem
                passel: hint: passel circle fail --help
                passel: error: there is no store yet
                passel: hint: passel init YOUR-GPG-ID
                passel: error: an entry was changed by somebody else meanwhile
                passel: hint: passel circle fail changed

                """)
    }

    @Test func `help tells everything that a command takes`() {
        #expect(run("greet", "--help") == 0)
        #expect(
            recorder.stdout.text == """
                Usage: passel greet WHO [OTHERS...] [-l] [--times=N] [--role=ROLE]
                       [--also=KEY]... [--until=DATE] [--json]

                Say hello to somebody.

                Nobody is told who said it.

                    WHO               whom to greet
                    OTHERS            who may listen
                    -l, --loudly      so that all can hear
                    -t, --times=N     how often
                        --role=ROLE   as what
                    -a, --also=KEY    somebody else; may be repeated
                        --until=DATE  the last day of greeting, after which there is only
                                      silence
                        --json        print the result as JSON
                    -h, --help        show this text

                """)
    }

    @Test func `help of a group lists its commands`() {
        #expect(run("circle", "--help") == 0)
        #expect(
            recorder.stdout.text == """
                Usage: passel circle COMMAND ...

                People who know each other.

                    ls    list who belongs
                    join  let somebody in
                    fail  meet a problem

                "passel circle" alone is "passel circle ls".

                "passel circle COMMAND --help" tells more.

                """)
    }

    @Test func `help is a command, too`() throws {
        #expect(run("help", "circle", "join") == 0)
        #expect(
            recorder.stdout.text.hasPrefix("Usage: passel circle join WHO [-y]\n\nLet somebody in.")
        )
        let other = try Recorder()
        #expect(
            other.session("passel", Samples.commands).run(
                ["help", "circle"].map { Bytes($0.utf8) }) == 0)
        #expect(other.stdout.text.hasPrefix("Usage: passel circle COMMAND ..."))
    }

    @Test func `the program's help lists our commands, but not where we stand in for pass`() throws
    {
        #expect(run("help") == 0)
        #expect(
            recorder.stdout.text.contains(
                """
                ("passel COMMAND --help" tells more):
                    greet   say hello to somebody
                    circle  people who know each other
                    bare    words without a standard

                More in the passel(1) man page.
                """))
        let pass = try Recorder()
        #expect(pass.session("pass", Samples.commands).run([Bytes("help".utf8)]) == 0)
        #expect(!pass.stdout.text.contains("greet") && !pass.stdout.text.contains("--skip"))
        #expect(pass.stdout.text.contains("Show the version.\n\nMore in the passel(1) man page.\n"))
    }

    @Test func `our word comes before an entry of that name`() throws {
        try Disk.makeFolder(recorder.box.store)
        try Disk.write("", to: recorder.box.store + "/greet.gpg")
        #expect(run("greet", "ann") == 0)
        #expect(recorder.stdout.text == "hello ann\n")
    }

    @Test func `as pass our word answers where nothing has that name`() throws {
        #expect(run("greet", "ann", as: "pass") == 0)
        #expect(run("greet", as: "pass") == 2)
        #expect(recorder.stdout.text == "hello ann\n")
        #expect(
            recorder.stderr.text == "pass: error: WHO is missing\npass: hint: pass greet --help\n")
    }

    @Test func `as pass a folder or an entry comes before our word`() throws {
        try Disk.makeFolder(recorder.box.store + "/circle")
        #expect(run("circle", as: "pass") == 0)
        #expect(recorder.stdout.text == "circle\n")
        // This one cannot be decrypted: nobody said hello.
        try Disk.write("", to: recorder.box.store + "/greet.gpg")
        #expect(run("greet", "ann", as: "pass") != 0)
        #expect(recorder.stdout.text == "circle\n")
    }

    @Test func `words are not abbreviated`() {
        #expect(run("gree", "ann") == 1)
        #expect(recorder.stderr.text.hasPrefix("Error: gree is not in the password store.\n"))
    }

    @Test func `the words are completed`() {
        #expect(run("--complete", "commands", "gr") == 0)
        #expect(recorder.stdout.text == "grep\ngreet\n")
    }

    @Test func `no word of ours is one of pass, or there twice`() {
        let passes = Dispatch.words.flatMap { [$0.word] + $0.aliases }
        let ours = OwnCommands.all.items.map(\.word)
        #expect(Set(passes).isDisjoint(with: ours))
        #expect(Set(ours).count == ours.count)
    }

    @Test func `every command of ours is fit to be typed`() {
        func check(_ command: any Command.Type) {
            let shapes = command.parameters.map(\.shape)
            let labels = shapes.map(\.label)
            let letters = shapes.compactMap(\.letter)
            #expect(Set(labels).count == labels.count, "\(command.word)")
            #expect(Set(letters).count == letters.count, "\(command.word)")
            #expect(!labels.contains("--help") && !letters.contains("h"), "\(command.word)")
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "\(command.word)")
        }
        for item in OwnCommands.all.items + Samples.commands.items {
            switch item {
            case .command(let command): check(command)
            case .group(let group):
                for command in group.commands { check(command) }
                let words = group.commands.map { $0.word }
                #expect(Set(words).count == words.count, "\(group.word)")
                #expect(group.standard.map { words.contains($0.word) } ?? true, "\(group.word)")
            }
        }
    }
}
