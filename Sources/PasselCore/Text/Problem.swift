/// Something that went wrong, as it is told to the user.
///
/// Never holds a secret, a decrypted line or another command's raw output.
public struct Problem: Error, Sendable {
    /// How the message is printed.
    public enum Form: Sendable {
        /// A message of our own: `PROGRAM: error: MESSAGE`.
        case own
        /// A message that scripts know from pass: printed as it stands.
        case pass
        /// Already told: nothing is printed.
        case silent
    }

    /// What happened, lower case, without a final period.
    public var message: Text
    /// Next steps, each something that can be typed.
    public var hints: [Text]
    /// How the message is printed.
    public var form: Form
    /// The exit status that the program ends with.
    public var status: Int32
    /// Whether what was typed cannot mean anything, whatever is in the store.
    public var isUsage = false

    /// A problem of our own wording.
    public init(_ message: Text, hints: [Text] = [], status: Int32 = 1) {
        self.message = message
        self.hints = hints
        self.form = .own
        self.status = status
    }

    /// A command that was typed in a way that it cannot mean anything: status 2.
    public static func usage(_ message: Text, hints: [Text] = []) -> Problem {
        var problem = Problem(message, hints: hints, status: 2)
        problem.isUsage = true
        return problem
    }

    private init(_ message: Text, form: Form, hints: [Text], status: Int32) {
        self.message = message
        self.hints = hints
        self.form = form
        self.status = status
    }

    /// The same with the name of the entry that it is about, where it does not say so itself.
    public func about(_ name: Text) -> Problem {
        guard form == .own, !message.bytes.includes(name.bytes) else { return self }
        var problem = self
        problem.message = "\(name): \(message)"
        return problem
    }

    /// A message whose exact text clients of pass know.
    public static func pass(_ message: Text, hints: [Text] = [], status: Int32 = 1) -> Problem {
        Problem(message, form: .pass, hints: hints, status: status)
    }

    /// An end without a word: the user declined, or the cause was printed where it arose.
    public static func silent(status: Int32 = 1) -> Problem {
        Problem("", form: .silent, hints: [], status: status)
    }
}
