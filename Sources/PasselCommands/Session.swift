import Glibc
import PasselCore
import PasselGPG
import PasselGit
import PasselPosix
import PasselStore

/// One run of the program: who called, with what environment, and where its words go.
final class Session {
    /// The name the program was called by; it stands in messages.
    let program: [UInt8]
    let settings: Settings
    let output = Output()
    private let messenger: Messenger

    init(program: [UInt8], environment: ProcessEnvironment) {
        self.program = program.isEmpty ? Array("passel".utf8) : program
        settings = Settings(environment)
        messenger = Messenger(program: self.program, output: output)
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
                warned: { [messenger] in messenger.tell($0, as: "warning") }))
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
        messenger.tell(problem, as: "error")
        return problem.status
    }

    /// Tells about something that does not end the command.
    func warn(_ problem: Problem) { messenger.tell(problem, as: "warning") }
}
