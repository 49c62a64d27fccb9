import Glibc
import PasselCore

extension Session {
    /// Shows what is going to happen and asks whether it may.
    ///
    /// The command must declare `Flag.yes`; given, the plan is shown and nothing is asked. The
    /// question is put to a terminal only, and nothing waits where there is none.
    ///
    /// - Parameter again: what to type instead where nobody can be asked, if that is not the same
    ///   command with `--yes`.
    /// - Throws: a `Problem` that says to add `--yes` where nobody can be asked; a silent one for any
    ///   answer but `y`.
    func approve(
        _ plan: [Text], question: Text = "Do it?", again: Text? = nil, _ arguments: Arguments
    ) throws {
        for line in plan { output.error(line) }
        guard !arguments[Flag.yes] else { return }
        let prompt = Prompt(output: output, input: input)
        guard prompt.canAsk else {
            throw Problem(
                "this needs your consent, and there is no terminal to ask on",
                hints: [again ?? arguments.commandLine(adding: Flag.yes.shape.label)])
        }
        do {
            try prompt.confirm(question)
        } catch let problem as Problem {
            output.error("nothing was changed")
            throw problem
        }
    }
}
