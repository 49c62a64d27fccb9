import CGit2
public import PasselCore

/// What libgit2 or a git hook refused, in their words.
public struct GitProblem: Error, Sendable {
    /// What was tried, such as `move the branch`.
    public let operation: String
    /// The library's text.
    public let message: String
    /// libgit2's error code, or 0 when the refusal came from elsewhere.
    public let code: Int32
    /// What the user can type.
    public let hints: [Text]

    /// A refusal that did not come from libgit2.
    init(_ operation: String, _ message: String, hints: [Text] = []) {
        self.operation = operation
        self.message = message
        self.hints = hints
        code = 0
    }

    /// A failure told apart by one of libgit2's codes, in words of our own.
    init(_ operation: String, code: Int32, _ message: String) {
        self.operation = operation
        self.message = message
        self.code = code
        hints = []
    }

    /// The failure of a libgit2 call with this code; reads the library's message, so nothing may
    /// run in between.
    init(_ operation: String, code: Int32) {
        self.operation = operation
        self.code = code
        hints = []
        message =
            git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) }
            ?? "error \(code)"
    }

    /// Whether somebody said no (a hook, the configuration, the owner) rather than something
    /// failed.
    public var isRefusal: Bool { code == 0 || code == GIT_EOWNER.rawValue }

    /// Whether somebody else moved the reference meanwhile, or is about to.
    public var isRace: Bool {
        [GIT_EMODIFIED.rawValue, GIT_EEXISTS.rawValue, GIT_ELOCKED.rawValue].contains(code)
    }

    /// The failure as it is told to the user.
    public var problem: Problem {
        Problem("git: cannot \(operation): \(message)", hints: hints)
    }
}

/// - Throws: `GitProblem` when a libgit2 call did not return 0 or more.
@discardableResult
func check(
    _ operation: @autoclosure () -> String, _ code: Int32
) throws(GitProblem) -> Int32 {
    // Thousands of objects are read: what is wrong is worded only where something is.
    guard code >= 0 else { throw GitProblem(operation(), code: code) }
    return code
}
