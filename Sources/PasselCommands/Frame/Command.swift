/// A command of passel's own: what it takes, what it is for, what it does.
///
/// One type and one file for each. What it takes is declared once, and from that come the reading
/// of arguments, usage errors, `--help` and completion:
///
///     struct Greet: Command {
///         static let word = "greet"
///         static let summary = "say hello to somebody"
///         static let parameters: [any Parameter] = [who, loudly]
///         private static let who = Operand("WHO", .text, "whom to greet")
///         private static let loudly = Flag("loudly", letter: "l", "so that all can hear")
///
///         let session: Session
///         let arguments: Arguments
///
///         func run() throws -> ExitStatus {
///             let end = arguments[Self.loudly] ? "!" : ""
///             session.output.line("hello \(arguments[Self.who])\(end)")
///             return .done
///         }
///     }
protocol Command: SendableMetatype {
    /// What the user types, behind the word of its group if it is in one.
    static var word: String { get }
    /// What it does, in a few words, lower case, without a period.
    static var summary: String { get }
    /// What more there is to say; paragraphs are separated by an empty line.
    static var discussion: String { get }
    /// Everything it takes, in the order in which `--help` lists it.
    static var parameters: [any Parameter] { get }

    /// The command as it was typed; the memberwise initialiser will do.
    init(session: Session, arguments: Arguments)

    /// Does it.
    func run() throws -> ExitStatus
}

extension Command {
    static var discussion: String { "" }
}

/// What the program ends with when nothing was thrown.
struct ExitStatus: Equatable {
    let code: Int32

    /// All of it is done.
    static let done = ExitStatus(code: 0)
    /// A part is done, the rest is listed.
    static let inPart = ExitStatus(code: 3)
    /// Something needs attention.
    static let needsAttention = ExitStatus(code: 4)
}
