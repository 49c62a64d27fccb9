import CPosix
import Glibc
public import PasselCore

/// A system call that failed: what was tried, on what, and the error number.
public struct SystemError: Error, Sendable {
    /// What was tried, such as `open`.
    public let operation: String
    /// What it was tried on.
    public let path: Path
    /// The `errno` value.
    public let code: Int32

    /// The failure of `operation` on `path`, with the error number of this moment.
    public init(_ operation: String, _ path: Path) {
        self.init(operation, path, code: passel_errno())
    }

    /// The failure of `operation` on `path` with the error number `code`.
    public init(_ operation: String, _ path: Path, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The failure as it is told to the user, with what helps against the usual causes.
    public var problem: Problem {
        Problem("cannot \(operation) \(path): \(Self.text(code))", hints: hints)
    }

    /// What the error number means, in the system's words.
    public static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }

    private var hints: [Text] {
        switch code {
        case ENOSPC, EDQUOT: ["free some space, then try again; nothing was changed"]
        case EROFS: ["the file system is mounted read-only; nothing was changed"]
        case EACCES, EPERM: ["ls -ld \(path)"]
        default: []
        }
    }
}

/// `result` of a system call if it is not negative.
///
/// - Throws: `SystemError` otherwise.
@discardableResult
func check<R: SignedInteger>(_ operation: String, _ path: Path, _ result: R) throws -> R {
    guard result >= 0 else { throw SystemError(operation, path) }
    return result
}

/// `call` again for as long as a signal interrupts it.
func uninterrupted<R: SignedInteger>(_ call: () -> R) -> R {
    while true {
        let result = call()
        if result >= 0 || passel_errno() != EINTR { return result }
    }
}
