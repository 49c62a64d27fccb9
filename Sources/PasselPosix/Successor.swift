import CPosix
import Glibc
public import PasselCore

/// A program that takes the place of this one: same process, other code.
public struct Successor {
    private let command: [[UInt8]]
    /// `NAME=VALUE` and a NUL for each variable, all in one piece of secret memory.
    private let block: Secret
    private let starts: [Int]

    /// A command with its arguments, and the variables that it gets: those of `inherited` without
    /// the ones that are given.
    public init(_ command: [[UInt8]], _ inherited: ProcessEnvironment, adding given: [Variable]) {
        self.command = command
        let names = Set(given.map(\.name.bytes))
        let kept = inherited.entries.filter { entry in
            !names.contains(Array(entry.prefix { $0 != UInt8(ascii: "=") }))
        }
        let end = Secret(plain: "\0")
        var entries = kept.map { entry in entry.withUnsafeBytes { Secret(copying: $0) } }
        for variable in given {
            let start = variable.name.bytes + [UInt8(ascii: "=")]
            entries.append(
                Secret(joining: [start.withUnsafeBytes { Secret(copying: $0) }, variable.value]))
        }
        var (starts, next) = ([Int](), 0)
        for entry in entries {
            starts.append(next)
            next += entry.count + 1
        }
        self.starts = starts
        block = Secret(joining: entries.flatMap { [$0, end] })
    }

    /// The most bytes that one variable may have: `MAX_ARG_STRLEN`, execve(2).
    public static let longestVariable = 131_072

    /// Lets it run in the place of this process; what this one was about ends here.
    ///
    /// - Throws: a `Problem` with status 127 when there is no such program, 126 when it cannot be
    ///   run, as env(1) ends.
    public func takeOver() throws -> Never {
        guard let program = command.first else { preconditionFailure("a program is named") }
        withArguments(command) { arguments in
            block.withBytes { bytes in
                guard let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else {
                    return
                }
                var variables: [UnsafeMutablePointer<CChar>?] = starts.map {
                    (start + $0).assumingMemoryBound(to: CChar.self)
                }
                variables.append(nil)
                Path(program).withCString {
                    _ = passel_become($0, arguments, &variables)
                }
            }
        }
        let code = passel_errno()
        throw Problem(
            "cannot run \(program): \(SystemError.text(code))",
            hints: code == ENOENT ? ["command -v \(ShellWord.text(program))"] : [],
            status: code == ENOENT ? 127 : 126)
    }
}
