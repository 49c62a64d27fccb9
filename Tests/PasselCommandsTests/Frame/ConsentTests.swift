import PasselTesting
import Testing

@testable import PasselCommands

/// Consent before something is changed.
@Suite struct ConsentTests {
    private func join(_ recorder: Recorder, _ words: String...) -> Int32 {
        recorder.session("passel", Samples.commands).run(
            (["circle", "join"] + words).map { Bytes($0.utf8) })
    }

    @Test func `the plan is shown and the question asked`() throws {
        let recorder = try Recorder(onTerminal: true, typed: "y\n")
        #expect(join(recorder, "ann") == 3)
        #expect(recorder.shown == "+ ann\nLet in? [y/N] welcome\n")
    }

    @Test(arguments: ["n\n", "\n", "yes\n", "\u{4}"])
    func `any other answer is no`(answer: String) throws {
        let recorder = try Recorder(onTerminal: true, typed: answer)
        #expect(join(recorder, "ann") == 1)
        let shown = recorder.shown
        #expect(shown.contains("Let in? [y/N] "))
        #expect(shown.hasSuffix("nothing was changed\n"))
        #expect(!shown.contains("welcome"))
    }

    @Test func `a plan cannot drive the terminal`() throws {
        let recorder = try Recorder(onTerminal: true, typed: "y\n")
        #expect(join(recorder, "a\u{1b}[2Jn") == 3)
        #expect(recorder.shown.contains("+ a\\x1b[2Jn\n"))
    }

    @Test func `nothing is asked where consent was given`() throws {
        let recorder = try Recorder(onTerminal: true)
        #expect(join(recorder, "ann", "-y") == 3)
        #expect(recorder.shown == "+ ann\nwelcome\n")
    }

    @Test func `without a terminal nothing waits, and the hint can be typed`() throws {
        let recorder = try Recorder()
        #expect(join(recorder, "--", "-ann b") == 1)
        #expect(
            recorder.stderr.text == """
                + -ann b
                passel: error: this needs your consent, and there is no terminal to ask on
                passel: hint: passel circle join --yes -- '-ann b'

                """)
        #expect(recorder.stdout.isEmpty)
    }
}
