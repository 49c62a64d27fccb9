import PasselCore
import PasselStore
import PasselTesting
import Testing

@testable import PasselCommands

/// Options as getopt(1), which pass uses, reads them.
///
/// One at a time: glibc keeps its place in variables of its own.
@Suite(.serialized) struct OptionsTests {
    private let definitions = [
        Options.Definition(letter: "p", name: "path", argument: .required),
        Options.Definition(letter: "c", name: "clip", argument: .optional),
        Options.Definition(letter: "f", name: "force"), Options.Definition(letter: "n", name: "no"),
        Options.Definition(letter: "i", name: "in-place"),
    ]

    /// Options and operands in getopt(1)'s own output form.
    private func ours(_ words: [Bytes]) -> [Bytes]? {
        guard
            let options = try? Options(
                definitions, words, program: Bytes("prog".utf8), usage: "Usage")
        else { return nil }
        var result: [Bytes] = []
        for definition in definitions {
            guard let letter = definition.letter, options.has(letter) else { continue }
            result.append(Bytes("-\(letter)".utf8))
            if definition.argument != .none { result.append(options.argument(letter) ?? []) }
        }
        return result + [Bytes("--".utf8)] + options.operands
    }

    /// What getopt(1) makes of the same words, each option once and in the order of the table.
    private func theirs(_ words: [Bytes]) throws -> [Bytes]? {
        let setting = [
            "-o", "p:c::fni", "-l", "path:,clip::,force,no,in-place", "-n", "prog", "--",
        ]
        let script = "eval \"set -- $(getopt \"$@\")\" || exit 1; printf '%s\\0' \"$@\""
        let status = "getopt \"$@\" >/dev/null 2>&1 || exit 1; "
        let outcome = try Invocation(
            "sh",
            ([["-c", status + script, "sh"], setting].joined()).map { Bytes($0.utf8) } + words,
            environment: [Bytes("PATH=/usr/bin:/bin".utf8)], directory: "/"
        ).run()
        guard outcome.status == 0 else { return nil }
        var parts = outcome.stdout.split(separator: 0, omittingEmptySubsequences: false)
            .map { Bytes($0) }[...]
        parts.removeLast()
        var given: [String: Bytes] = [:]
        while let word = parts.popFirst(), word.text != "--" {
            let name = word.text.drop { $0 == "-" }
            let definition = try #require(
                definitions.first {
                    word.text.hasPrefix("--")
                        ? $0.name == name : $0.letter.map(String.init) == String(name)
                })
            given[definition.name] =
                definition.argument == .none ? [] : parts.popFirst() ?? []
        }
        var result: [Bytes] = []
        for definition in definitions {
            guard let letter = definition.letter, let argument = given[definition.name] else {
                continue
            }
            result.append(Bytes("-\(letter)".utf8))
            if definition.argument != .none { result.append(argument) }
        }
        return result + [Bytes("--".utf8)] + parts
    }

    @Test(arguments: [
        [], ["a"], ["a", "b", "c"], ["-f"], ["-f", "a"], ["a", "-f"], ["a", "-f", "b", "-n"],
        ["-fn", "a"],
        ["-nfi"], ["--force", "a"], ["a", "--force"], ["--forc"], ["--f"], ["--n", "a"], ["--in"],
        ["--i"],
        ["-p", "x", "a"], ["-px", "a"], ["--path", "x"], ["--path=x"], ["--pa=x"], ["--path="],
        ["-p", ""],
        ["-p", "-f"], ["-p"], ["--path"], ["-c", "a"], ["-c2", "a"], ["-c", "2", "a"],
        ["--clip", "a"],
        ["--clip=2", "a"], ["--clip=", "a"], ["--c=7"], ["-fc3", "a"], ["-c3f", "a"],
        ["-fp", "x", "a"],
        ["--", "-f"], ["a", "--", "-f", "b"], ["-f", "--", "--"], ["-"], ["-f", "-"], ["--", ""],
        [""],
        ["-x"], ["--unknown"], ["-fx"], ["--force=1"], ["-f=1"], ["--no", "--force", "--no"],
        ["-p", "1", "-p", "2"], ["-c1", "--clip=9"], ["--in-place", "-n", "a b", "c\nd"], ["---"],
        ["--=x"],
    ]) func `words mean what they mean to getopt`(words: [String]) throws {
        let bytes = words.map { Bytes($0.utf8) }
        #expect(ours(bytes) == (try theirs(bytes)))
    }

    @Test func `operands keep their bytes`() throws {
        let words: [Bytes] = [[0xFF, 0xFE], Bytes("-f".utf8), [0x0A]]
        #expect(ours(words) == [Bytes("-f".utf8), Bytes("--".utf8), [0xFF, 0xFE], [0x0A]])
    }

    @Test func `an option of ours has a long name only, and all of several count`() throws {
        let definitions = [Skip.definition, Options.Definition(letter: "f", name: "force")]
        let words = ["a", "--skip=ann", "-f", "--skip", "b c", "d"].map { Bytes($0.utf8) }
        let options = try Options(definitions, words, program: [0x70], usage: "Usage")
        #expect(options.arguments("skip").map(\.text) == ["ann", "b c"])
        #expect(options.has("f") && options.operands.map(\.text) == ["a", "d"])
        for word in ["-s", "-\u{1}", "--skip"] {
            #expect(throws: OptionProblem.self) {
                try Options(definitions, [Bytes(word.utf8)], program: [0x70], usage: "Usage")
            }
        }
    }

    @Test func `who is to be left out is told to the store`() throws {
        let words = ["--skip=ann", "--skip=bob"].map { Bytes($0.utf8) }
        let options = try Options([Skip.definition], words, program: [0x70], usage: "Usage")
        let session = try Recorder().session()
        try Skip.apply(options, usage: "Usage", session: session)
        #expect(session.store.settings.skipped.map(\.bytes.text) == ["ann", "bob"])
        let none = try Options(
            [Skip.definition], [Bytes("--skip=".utf8)], program: [0x70], usage: "Usage")
        #expect(throws: OptionProblem.self) {
            try Skip.apply(none, usage: "Usage", session: session)
        }
    }

    @Test func `what is wrong is told with the command's usage`() throws {
        let problem = try #require(throws: OptionProblem.self) {
            try Options(definitions, [Bytes("-x".utf8)], program: [0x70], usage: "Usage: p show")
        }
        #expect(problem.usage == "Usage: p show")
    }
}
