import Glibc
import PasselCore
import PasselGit
import PasselGPG
import PasselPosix
import PasselStore

/// One run of the program: who called, with what environment, and where its words go.
final class Session {
    /// The name the program was called by; it stands in messages.
    let program: [UInt8]
    let settings: Settings
    let output = Output()

    init(program: [UInt8], environment: ProcessEnvironment) {
        self.program = program.isEmpty ? Array("passel".utf8) : program
        settings = Settings(environment, program: Text(self.program))
    }

    /// The cipher that the settings ask for.
    lazy var gpg = GPG(
        program: settings.gpg, userOptions: settings.gpgOptions, batch: settings.gpgBatch,
        environment: settings.environment)

    /// The user's store.
    lazy var store: Store = {
        var place = Store.Settings(root: settings.store, environment: settings.environment)
        place.recipientsOverride = settings.recipientsOverride
        place.signingKeys = settings.signingKeys
        place.showsUTF8 = settings.showsUTF8
        return Store(
            place, cipher: gpg,
            observer: Store.Observer(
                told: { [output] in output.line($0) },
                warned: { [weak self] in self?.warn($0) }))
    }()

    /// Runs the command; the result is the exit status.
    func run(_ arguments: [[UInt8]]) -> Int32 {
        do {
            settings.complain(self)
            return try Dispatch(session: self).run(arguments)
        } catch is NotInitialised {
            output.error(
                """
                Error: You must run:
                    \(program) init your-gpg-id
                before you may use the password store.

                """)
            Help(session: self).print()
            return 1
        } catch {
            return fail(error)
        }
    }

    private func fail(_ error: any Error) -> Int32 {
        let problem: Problem =
            switch error {
            case let problem as Problem: problem
            case let error as SystemError: error.problem
            case let problem as GitProblem: problem.problem
            case let problem as OptionProblem: Problem.pass(problem.usage)
            default:
                Problem(
                    "this is a bug in passel: \(String(describing: type(of: error)))",
                    hints: ["please report it with the command that led here"], status: 70)
            }
        tell(problem, as: "error")
        return problem.status
    }

    /// Tells about something that does not end the command.
    func warn(_ problem: Problem) { tell(problem, as: "warning") }

    /// pass's own messages stand as scripts know them; their hints are for people only.
    private func tell(_ problem: Problem, as kind: String) {
        switch problem.form {
        case .silent: return
        case .own: output.error("\(program): \(kind): \(problem.message)")
        case .pass:
            output.error(problem.message)
            guard output.errorIsTerminal else { return }
        }
        for hint in problem.hints { output.error("\(program): hint: \(hint)") }
    }
}
