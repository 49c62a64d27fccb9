import CPosix
import Glibc

/// A program that runs beside the tests until it ends by itself, loses its input, or is ended.
///
/// Not a Foundation `Process`: that learns of an end by a descriptor which other children that start
/// at the same moment inherit, and then waits for them, too.
public final class RunningProgram {
    /// Its process, which leads a group of its own.
    public let pid: Int32
    private var input: Int32
    private let output: Int32
    private var isOver = false

    /// Starts it; its input is a pipe that stays open as long as this object, and what it prints is
    /// read by `line`.
    public init(_ invocation: Invocation) throws {
        let given = try Self.pipe()
        let printed = try Self.pipe()
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { for descriptor in [given.reading, printed.writing, null] { close(descriptor) } }
        do {
            pid = try invocation.start(
                input: given.reading, output: printed.writing, error: null)
        } catch {
            close(given.writing)
            close(printed.reading)
            throw error
        }
        (input, output) = (given.writing, printed.reading)
    }

    deinit {
        end()
        close(output)
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard passel_pipe(&ends) == 0 else { throw TestingProblem("no pipe") }
        return (ends[0], ends[1])
    }

    /// The next line that it prints, or what comes before its end.
    public func line() -> Bytes {
        var line = Bytes()
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
        return line
    }

    /// Gives it something to read.
    public func say(_ bytes: Bytes) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestingProblem("it does not listen") }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until it has ended, however long that takes.
    public func wait() {
        var status: Int32 = 0
        while !isOver { isOver = waitpid(pid, &status, 0) >= 0 || errno == ECHILD }
    }

    /// Takes its input away, and kills it with its group when that is not enough.
    public func end() {
        guard !isOver else { return }
        if input >= 0 { close(input) }
        input = -1
        var status: Int32 = 0
        for _ in 0..<4000 {
            if waitpid(pid, &status, WNOHANG) != 0 {
                isOver = true
                return
            }
            usleep(5000)
        }
        kill(-pid, SIGKILL)
        wait()
    }
}
