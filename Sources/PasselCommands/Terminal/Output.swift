import Glibc
import PasselCore
import PasselPosix

/// Where the program's words go: results to standard output, everything else to standard error.
///
/// A pipe gets exact bytes. On a terminal, what others wrote (names, bodies, messages that contain
/// them) is made harmless first.
final class Output {
    /// Whether standard output is a terminal.
    let isTerminal = isatty(1) == 1
    /// Whether standard error is a terminal.
    let errorIsTerminal = isatty(2) == 1

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
        // Nobody left to be told is no reason to stop.
        try? text.bytes.withUnsafeBytes { try Files.write($0, to: 2, name: "standard error") }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        do {
            try Files.write(bytes, to: 1, name: "standard output")
        } catch let failure as SystemError where failure.code == EPIPE {
            // The reader has seen enough: end as every filter does.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        } catch {
            self.error("cannot write to standard output")
            exit(1)
        }
    }
}
