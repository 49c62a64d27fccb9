import CPosix
import Glibc
import PasselCore
import PasselGit
import PasselPosix
import PasselStore

/// The program: what happens from the first line of main to the exit status.
public enum Passel {
    /// The version of passel itself.
    public static let version = "0.1.0"
    /// The version of pass whose behaviour is kept.
    static let passVersion = "1.7.4"

    /// Runs the command that the arguments name and ends the process.
    public static func main() -> Never {
        passel_harden_process()
        MemoryBudget.ownsProcess()
        var arguments: [[UInt8]] = []
        if let given = passel_arguments() { arguments = given.strings }
        let program = Path(arguments.first ?? []).name
        if ClipboardRestorer.isMeant(arguments.first ?? []) {
            _exit(ClipboardRestorer.run())
        }
        let session = Session(program: program, environment: .current)
        let status = session.run(Array(arguments.dropFirst()))
        // Everything is written. The libraries' own endings, which exit(3) would run, must not meet a
        // thread that still uses them.
        _exit(status)
    }
}

extension UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    /// The bytes of every string of a NULL-terminated vector.
    fileprivate var strings: [[UInt8]] {
        var result: [[UInt8]] = []
        var next = self
        while let string = next.pointee {
            result.append(UnsafeRawBufferPointer(start: string, count: strlen(string)).map { $0 })
            next = next.advanced(by: 1)
        }
        return result
    }
}
