import PasselCore

@testable import PasselCommands
@testable import PasselStore

/// Commands that exist for tests of the frame only.
enum Samples {
    static let commands = OwnCommands([
        .command(Greet.self),
        .group(
            CommandGroup(
                "circle", "people who know each other", standard: ListCircle.self,
                [ListCircle.self, Join.self, Fail.self])),
        .group(CommandGroup("bare", "words without a standard", [Join.self])),
    ])
}

struct Greet: Command {
    static let word = "greet"
    static let summary = "say hello to somebody"
    static let discussion = "Nobody is told who said it."
    static let parameters: [any Parameter] = [
        who, others, loudly, times, role, also, until, Flag.json,
    ]
    static let who = Operand("WHO", .text, "whom to greet")
    static let others = Operands("OTHERS", .entry, "who may listen")
    static let loudly = Flag("loudly", letter: "l", "so that all can hear")
    static let times = Option("times", letter: "t", .number(1...9), "how often")
    static let role = Option("role", .choice(Role.self, "ROLE"), "as what")
    static let also = ListOption("also", letter: "a", .key, "somebody else; may be repeated")
    static let until = Option(
        "until", .day, "the last day of greeting, after which there is only silence")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let greeting: Text = "hello \(arguments[Self.who])"
        if arguments[Flag.json] {
            session.output.json([
                "greeting": "\(greeting)", "loudly": .bool(arguments[Self.loudly]),
            ])
        } else {
            for _ in 0..<(arguments[Self.times] ?? 1) { session.output.line(greeting) }
        }
        return .done
    }
}

struct ListCircle: Command {
    static let word = "ls"
    static let summary = "list who belongs"
    static let parameters: [any Parameter] = [loudly]
    static let loudly = Flag("loudly", "in capitals")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        session.output.line(arguments[Self.loudly] ? "ANN" : "ann")
        return .needsAttention
    }
}

struct Join: Command {
    static let word = "join"
    static let summary = "let somebody in"
    static let parameters: [any Parameter] = [who, Flag.yes]
    static let who = Operand("WHO", .key, "who comes in")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        try session.approve(["+ \(arguments[Self.who].bytes)"], question: "Let in?", arguments)
        session.output.line("welcome")
        return .inPart
    }
}

struct Fail: Command {
    static let word = "fail"
    static let summary = "meet a problem"
    static let parameters: [any Parameter] = [how]
    static let how = Operand("HOW", .text, "which problem")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        switch arguments[Self.how] {
        case "uninitialised": throw NotInitialised()
        case "changed": throw Store.ChangedMeanwhile()
        case "own": throw Problem("no luck", hints: ["try again"])
        default: throw arguments.problem("no such problem")
        }
    }
}
