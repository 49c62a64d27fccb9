import PasselCore
import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct ArgumentReaderTests {
    private func read(_ words: [Bytes], _ parameters: [any Parameter] = Greet.parameters) throws
        -> Arguments
    {
        try ArgumentReader.read(
            words, for: parameters, invocation: [Bytes("passel".utf8), Bytes("greet".utf8)])
    }

    private func read(_ words: String..., taking parameters: [any Parameter] = Greet.parameters)
        throws -> Arguments
    {
        try read(words.map { Bytes($0.utf8) }, parameters)
    }

    @Test func `options stand before, between and behind operands`() throws {
        for words in [
            ["-l", "-t", "3", "ann", "web/a", "b"], ["ann", "-lt3", "web/a", "b"],
            ["ann", "web/a", "b", "--times=3", "--loudly"],
            ["--times", "3", "--loudly", "--", "ann", "web/a", "b"],
        ] {
            let arguments = try read(words.map { Bytes($0.utf8) })
            #expect(arguments[Greet.who] == "ann")
            #expect(arguments[Greet.others] == ["web/a", "b"])
            #expect(arguments[Greet.loudly])
            #expect(arguments[Greet.times] == 3)
        }
    }

    @Test func `what is not given is nothing`() throws {
        let arguments = try read("ann")
        #expect(!arguments[Greet.loudly] && arguments[Greet.times] == nil)
        #expect(arguments[Greet.others] == [] && arguments[Greet.also] == [])
    }

    @Test func `the last of an option counts, and all of a list`() throws {
        let arguments = try read("ann", "-t1", "-a", "bob", "-t2", "--also=cy", "-adi")
        #expect(arguments[Greet.times] == 2)
        #expect(arguments[Greet.also].map(\.bytes.text) == ["bob", "cy", "di"])
    }

    @Test func `values are what they should be`() throws {
        let arguments = try read("ann", "--role=signer", "--until=2028-02-29")
        #expect(arguments[Greet.role] == .signer)
        #expect(arguments[Greet.until]?.spelling == "2028-02-29")
    }

    @Test func `bytes stay as they are`() throws {
        let arguments = try read([[0xFF, 0xFE], [0x2F, 0xE9, 0x2F], Bytes("-a".utf8) + [0x80]])
        #expect(arguments[Greet.who] == Text([0xFF, 0xFE]))
        #expect(arguments[Greet.others] == [Path([0xE9] as Bytes)])
        #expect(arguments[Greet.also] == [Recipient([0x80])])
        #expect(
            arguments.commandLine(adding: "--yes")
                == "passel greet --yes ''$'\\377\\376' '/'$'\\351''/' '-a'$'\\200'")
    }

    @Test func `operands may begin with a dash behind two of them`() throws {
        #expect(try read("--", "-l")[Greet.who] == "-l")
        #expect(try read("--", "--", "--")[Greet.others] == ["--"])
        #expect(try read("-")[Greet.who] == "-")
    }

    @Test(arguments: [
        ([], "WHO is missing"),
        (["ann", "--loud"], "unknown option --loud"),
        (["ann", "-x"], "unknown option -x"),
        (["ann", "-lx"], "unknown option -x"),
        (["ann", "--loudly=1"], "--loudly takes no value"),
        (["ann", "--times"], "--times needs a value: a number from 1 to 9"),
        (["ann", "-t"], "--times needs a value: a number from 1 to 9"),
        (["ann", "-t", "0"], "--times: 0 is not a number from 1 to 9"),
        (["ann", "--times="], "--times: '' is not a number from 1 to 9"),
        (
            ["ann", "-t", "99999999999999999999"],
            "--times: 99999999999999999999 is not a number from 1 to 9"
        ),
        (["ann", "--role=boss"], "--role: boss is not one of signer, member, machine"),
        (["ann", "--until=2027-02-30"], "--until: 2027-02-30 is not a day such as 2027-01-31"),
        (["ann", "--also="], "--also: '' is not a key"),
        (["ann", "../x"], "OTHERS: ../x is not the name of an entry"),
        (["ann", "/"], "OTHERS: / is not the name of an entry"),
    ]) func `what is wrong is told, with the help as a hint`(words: [String], message: String)
        throws
    {
        let problem = try #require(throws: Problem.self) {
            try read(words.map { Bytes($0.utf8) })
        }
        #expect(problem.message.description == message)
        #expect(problem.status == 2)
        #expect(problem.hints.last == "passel greet --help")
    }

    @Test func `a name that is nearly right is named`() throws {
        let problem = try #require(throws: Problem.self) { try read("ann", "--loudy") }
        #expect(problem.hints == ["did you mean --loudly?", "passel greet --help"])
        let strange = try #require(throws: Problem.self) { try read("ann", "--xyz") }
        #expect(strange.hints == ["passel greet --help"])
    }

    @Test func `names are not abbreviated`() throws {
        #expect(throws: Problem.self) { try read("ann", "--time=2") }
    }

    @Test(arguments: [["--help"], ["-h"], ["-lh"], ["ann", "--help", "--nonsense"]])
    func `help is asked for in place of everything else`(words: [String]) {
        #expect(throws: ArgumentReader.HelpWanted.self) {
            try read(words.map { Bytes($0.utf8) })
        }
    }

    @Test func `help behind two dashes is an operand`() throws {
        #expect(try read("--", "--help")[Greet.who] == "--help")
    }

    @Test func `operands are dealt out from the left, and each gets what it needs`() throws {
        let sources = Operands("SOURCE", .text, atLeast: 1, "")
        let target = Operand("TARGET", .text, "")
        let arguments = try read("a", "b", "c", taking: [sources, target])
        #expect(arguments[sources] == ["a", "b"] && arguments[target] == "c")
        #expect(throws: Problem.self) { try read("a", taking: [sources, target]) }

        let first = Operand("FIRST", .text, "")
        let second = OptionalOperand("SECOND", .text, "")
        #expect(try read("a", taking: [first, second])[second] == nil)
        #expect(try read("a", "b", taking: [first, second])[second] == "b")
        let problem = try #require(throws: Problem.self) {
            try read("a", "b", "c", taking: [first, second])
        }
        #expect(problem.message == "one argument too many: c")
    }

    @Test func `what stands behind two dashes is another program's where a command takes it`()
        throws
    {
        let name = Operand("NAME", .entry, "")
        let program = Trailing("PROGRAM", "")
        let arguments = try read("web", "--", "sh", "-c", "--", taking: [name, program])
        #expect(arguments[name] == "web")
        #expect(arguments[program].map(\.text) == ["sh", "-c", "--"])
        #expect(try read("web", taking: [name, program])[program] == [])
    }

    @Test(arguments: [
        (".", ""), ("/", ""), ("", ""), ("web/", "web"), ("/web//a/", "web/a"), ("./web/.", "web"),
    ]) func `folders are named without slashes around them`(typed: String, name: String) throws {
        let folder = Operand("FOLDER", .folder, "")
        #expect(try read(typed, taking: [folder])[folder] == Path(name))
    }
}
