import CPosix
import Glibc
import PasselCore

/// Questions to the user and secrets from standard input.
struct Prompt {
    let output: Output
    var input: Int32 = 0

    /// Whether somebody can be asked.
    static var isInteractive: Bool { isatty(0) == 1 }

    /// Whether a question would be seen and answered: both need a terminal.
    var canAsk: Bool { isatty(input) == 1 && output.errorIsTerminal }

    /// The largest secret that is read.
    static let limit = 64 << 20

    /// Asks a question that only `y` or `Y` answers with yes.
    ///
    /// Without a terminal the answer is yes, as scripts of pass rely on.
    ///
    /// - Throws: a silent problem for no.
    func confirm(_ question: Text) throws {
        guard isatty(input) == 1 else { return }
        output.prompt(shown(question + " [y/N] "))
        let answer = try line().secret.withBytes { $0.trimmingBlanks }
        guard answer == "y".bytes || answer == "Y".bytes else { throw Problem.silent() }
    }

    /// One line, and whether a line feed ended it.
    ///
    /// The secret has neither that nor NULs nor blanks at its ends.
    ///
    /// Reads byte by byte from a pipe: what follows the line belongs to whoever reads next.
    func line() throws -> (secret: Secret, complete: Bool) {
        var reader = SecretReader(limit: Self.limit)
        var complete = false
        var ended = false
        while !complete, !ended {
            _ = try reader.fillOnce { memory in
                guard read(input, memory.baseAddress, 1) == 1 else {
                    ended = true
                    return 0
                }
                complete = memory[0] == .newline
                return complete || memory[0] == 0 ? 0 : 1
            }
        }
        return (trimmed(reader.secret), complete)
    }

    private func trimmed(_ secret: Secret) -> Secret {
        let range = secret.withBytes { bytes in
            let start = bytes.firstIndex { !$0.isBlank } ?? bytes.count
            let end = bytes.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? start
            return start..<max(start, end)
        }
        return secret.slice(range)
    }

    /// A line that does not appear on the terminal.
    ///
    /// - Throws: a silent problem when the input ends before the line does.
    func hidden(_ question: Text) throws -> Secret {
        if Self.isInteractive {
            output.prompt(shown(question))
            _ = passel_terminal_echo(0, 0)
        }
        defer { if Self.isInteractive { _ = passel_terminal_echo(0, 1) } }
        let (secret, complete) = try line()
        guard complete else { throw Problem.silent() }
        return secret
    }

    /// A line that does appear.
    func visible(_ question: Text) throws -> Secret {
        if Self.isInteractive { output.prompt(shown(question)) }
        let (secret, complete) = try line()
        // What follows must not stand behind the question.
        if Self.isInteractive, !complete { output.prompt("\n") }
        return secret
    }

    /// Everything until the end of input.
    ///
    /// - Throws: a `Problem` when it is more than an entry may hold.
    func everything() throws -> Secret {
        var reader = SecretReader(limit: Self.limit)
        do {
            _ = try reader.fill { read(0, $0.baseAddress, $0.count) }
        } catch is SecretReader.TooLarge {
            throw Problem(
                "the input is larger than 64 MiB", hints: ["keep files of that size elsewhere"])
        }
        return reader.secret
    }

    private func shown(_ text: Text) -> Text {
        output.errorIsTerminal ? Text(TerminalText.sanitised(text.bytes)) : text
    }
}
