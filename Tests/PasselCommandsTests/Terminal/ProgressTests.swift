import PasselCore
import PasselTesting
import Synchronization
import Testing

@testable import PasselCommands

@Suite struct ProgressTests {
    @Test(arguments: [
        (0, 600, 1_000, "encrypting: 0 of 600"),
        (120, 600, 3_400, "encrypting: 120 of 600, 35/s, 14 s left"),
        (3, 600, 10_000, "encrypting: 3 of 600, 0.3/s, 34 min left"),
        (1, 2_000, 10_000, "encrypting: 1 of 2000, 0.1/s, 5 h 33 min left"),
        (600, 600, 1_000, "encrypting: 600 of 600, 600/s, 0 s left"),
        (5, 0, 1_000, "encrypting: 5 of 0, 5.0/s, 0 s left"),
    ]) func `it tells a rate and an end`(done: Int, count: Int, after: Int, line: String) {
        #expect(
            Progress.line("encrypting", done, of: count, after: .milliseconds(after)) == line)
    }

    /// Steps 100 ms apart, on a terminal.
    private func progress(_ recorder: Recorder, steps: Int) -> (Output, Progress) {
        let time = Mutex(Duration.zero)
        let output = recorder.session().output
        let progress = output.progress("working", of: 10, isShown: true) {
            time.withLock { time in
                time += .milliseconds(100)
                return time
            }
        }
        for _ in 0..<steps { progress.advance() }
        return (output, progress)
    }

    @Test func `it appears after a moment and is erased at the end`() throws {
        let recorder = try Recorder(onTerminal: true)
        let (_, progress) = progress(recorder, steps: 4)
        progress.end()
        progress.advance()
        #expect(
            recorder.shown == """
                \u{1b}[Kworking: 3 of 10, 10/s, 1 s left\
                \u{1b}[Kworking: 4 of 10, 10/s, 1 s left\u{1b}[K
                """)
    }

    @Test func `short work shows nothing`() throws {
        let recorder = try Recorder(onTerminal: true)
        progress(recorder, steps: 2).1.end()
        #expect(recorder.shown == "")
    }

    @Test func `other words do not run into it`() throws {
        let recorder = try Recorder(onTerminal: true)
        let (output, progress) = progress(recorder, steps: 3)
        output.error("watch out")
        output.line("a result")
        progress.end()
        #expect(
            recorder.shown == """
                \u{1b}[Kworking: 3 of 10, 10/s, 1 s left\u{1b}[Kwatch out
                \u{1b}[Ka result
                \u{1b}[K
                """)
    }

    @Test func `it is for terminals only`() throws {
        let recorder = try Recorder()
        progress(recorder, steps: 5).1.end()
        #expect(recorder.stdout.isEmpty && recorder.stderr.isEmpty)
        let dumb = try Recorder(onTerminal: true)
        let shown = dumb.session(environment: ["TERM": "dumb"]).progress("working", of: 1)
        shown.advance()
        shown.end()
        #expect(dumb.shown == "")
    }
}
