import PasselCore
import PasselStore

/// `profile rm`: takes variables out of a profile, or a profile away.
struct ProfileRemove: Command {
    static let word = "rm"
    static let summary = "take variables out of a profile, or the whole profile away"
    static let parameters: [any Parameter] = [EditedProfile.name, variables, Flag.yes]
    private static let variables = Operands(
        "VAR", .variable, "the variables; without one the whole profile")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let name = arguments[EditedProfile.name]
        let profile = try EditedProfile(name, session)
        let known = try profile.content().bindings
        let wanted = arguments[Self.variables]
        for variable in wanted where !known.contains(where: { $0.variable == variable }) {
            throw Problem(
                "the profile \(name) has no \(variable.text)",
                hints: ["\(session.program) profile show \(ShellWord.text(name.bytes))"])
        }
        guard !wanted.isEmpty else {
            try session.approve(
                known.map { "- \($0.spelling)" }, question: "Remove the profile \(name)?", arguments
            )
            try profile.change(subject: "Remove the profile \(name).") { _ in nil }
            return .done
        }
        let names = wanted.map(\.text).joined(separator: ", ")
        try profile.change(subject: "Remove \(names) from the profile \(name).") { text in
            try text.map { try Profile.removing(wanted, from: $0) }
        }
        return .done
    }
}

extension ValueKind<VariableName> {
    /// A variable.
    static var variable: ValueKind {
        ValueKind(placeholder: "VAR", expected: "the name of a variable") { VariableName($0) }
    }
}
