import PasselCore

/// Tells problems on standard error: one line for what happened, one for each hint.
struct Messenger {
    let program: [UInt8]
    let output: Output

    /// pass's own messages stand as scripts know them; their hints are for people only.
    func tell(_ problem: Problem, as kind: String) {
        switch problem.form {
        case .silent: return
        case .own: output.error("\(program): \(kind): \(problem.message)")
        case .pass:
            output.error(problem.message)
            guard output.errorIsTerminal else { return }
        }
        for hint in problem.hints { self.hint(hint) }
    }

    /// Says what can be typed.
    func hint(_ text: Text) { output.error("\(program): hint: \(text)") }
}
