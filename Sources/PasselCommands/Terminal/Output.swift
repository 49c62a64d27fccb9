import Glibc
import PasselCore
import PasselPosix

/// Where the program's words go: results to standard output, everything else to standard error.
///
/// A pipe gets exact bytes. On a terminal, what others wrote (names, bodies, messages that contain
/// them) is made harmless first.
final class Output {
    /// Whether standard output is a terminal.
    let isTerminal: Bool
    /// Whether standard error is a terminal.
    let errorIsTerminal: Bool
    private let results: Int32
    private let messages: Int32
    /// The progress that stands on the terminal now, if any; other words do not run into it.
    private var progress: Progress?

    /// Standard output and standard error, unless tests want it elsewhere.
    init(results: Int32 = 1, messages: Int32 = 2) {
        self.results = results
        self.messages = messages
        isTerminal = isatty(results) == 1
        errorIsTerminal = isatty(messages) == 1
    }

    /// A line of text with names in it.
    func line(_ text: Text) {
        write(
            (isTerminal ? TerminalText.sanitised(text.bytes, keepingLines: true) : text.bytes) + [
                .newline
            ])
    }

    /// Bytes with control sequences of our own.
    func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { write($0) }
    }

    /// A name as it may be shown between control sequences of our own.
    func name(_ bytes: [UInt8]) -> [UInt8] {
        isTerminal ? TerminalText.sanitised(bytes) : bytes
    }

    /// As above, of a part of a name.
    func name(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        isTerminal ? TerminalText.sanitised(Array(bytes))[...] : bytes
    }

    /// A result for programs: the same bytes on a terminal and in a pipe.
    func json(_ value: JSON) { write(value.text.bytes) }

    /// A secret, byte for byte into a pipe; on a terminal without what could control it.
    func secret(_ secret: Secret) {
        // plaintext: the one place where a decrypted body leaves the program.
        secret.withBytes { bytes in
            guard isTerminal else { return write(bytes) }
            TerminalText.sanitise(bytes, keepingLines: true) { write($0) }
        }
    }

    /// A secret that consists of another program's output, control sequences included.
    func exact(_ secret: Secret) {
        secret.withBytes { write($0) }
    }

    /// A line on standard error.
    func error(_ text: Text) {
        let bytes =
            errorIsTerminal ? TerminalText.sanitised(text.bytes, keepingLines: true) : text.bytes
        prompt(Text(bytes + [.newline]))
    }

    /// A prompt on standard error, without a line feed.
    func prompt(_ text: Text) {
        progress?.erase()
        // Nobody left to be told is no reason to stop.
        try? text.bytes.withUnsafeBytes {
            try Files.write($0, to: messages, name: "standard error")
        }
    }

    /// Progress that stands on the terminal until it is ended; none where standard error is
    /// something else.
    func progress(
        _ doing: String, of count: Int, isShown: Bool,
        clock: @escaping @Sendable () -> Duration = Progress.stopwatch()
    ) -> Progress {
        let terminal = isShown && errorIsTerminal ? messages : nil
        let new = Progress(doing, of: count, on: terminal, clock: clock)
        progress = new
        return new
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        progress?.erase()
        do {
            try Files.write(bytes, to: results, name: "standard output")
        } catch let failure as SystemError where failure.code == EPIPE {
            // The reader has seen enough: end as every filter does.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        } catch {
            self.error("cannot write to standard output")
            _exit(1)
        }
    }
}
