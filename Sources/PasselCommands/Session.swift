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
    let output: Output
    /// Where answers come from: standard input, unless tests want it elsewhere.
    let input: Int32
    /// The commands of passel's own.
    let ownCommands: OwnCommands
    /// Recipients to leave out this once; told to the store when it is first used.
    var skipped: [Recipient] = []
    /// Whether what the store tells of a change is no result: so it is under commands of our own.
    var tellsAside = false
    /// The store, once something asked for it.
    private(set) var openedStore: Store?
    private let messenger: Messenger

    init(
        program: [UInt8], environment: ProcessEnvironment, output: Output = Output(),
        input: Int32 = 0, ownCommands: OwnCommands = .all
    ) {
        self.program = program.isEmpty ? Array("passel".utf8) : program
        self.output = output
        self.input = input
        self.ownCommands = ownCommands
        settings = Settings(environment)
        messenger = Messenger(program: self.program, output: output)
    }

    /// The cipher that the settings ask for.
    lazy var gpg = GPG(
        program: settings.gpg, userOptions: settings.gpgOptions, batch: settings.gpgBatch,
        environment: settings.environment)

    /// Whether we stand in for pass: then its commands, its extensions and the entries come before
    /// the commands of our own.
    var isPass: Bool { program == "pass".bytes }

    /// The second since the epoch that it is now.
    ///
    /// Calls `time`, so that faketime has its say.
    var now: Int64 { Int64(time(nil)) }

    /// The colours and other looks that the terminal gets.
    lazy var looks = Looks(isOn: output.isTerminal, environment: settings.environment)

    /// The user's store.
    lazy var store: Store = {
        var place = Store.Settings(root: settings.store, environment: settings.environment)
        place.recipientsOverride = settings.recipientsOverride
        place.signingKeys = settings.signingKeys
        place.hidesRecipients = settings.hidesRecipients
        place.showsUTF8 = settings.showsUTF8
        place.skipped = skipped
        place.stateFolder = settings.state
        let store = Store(
            place, cipher: gpg,
            observer: Store.Observer(
                told: { [unowned self] in tellsAside ? output.error($0) : output.line($0) },
                warned: { [messenger] in messenger.tell($0, as: "warning") },
                progress: { [unowned self] in progress("encrypting", of: $0) },
                reading: { [unowned self] in progress("reading", of: $0) }))
        openedStore = store
        return store
    }()

    /// Runs the command; the result is the exit status.
    func run(_ arguments: [[UInt8]]) -> Int32 {
        let word = arguments.first ?? []
        if !word.starts(with: "--".utf8) { Autosyncing(session: self).tellFailure() }
        defer { Autosyncing(session: self).start(after: word) }
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

    /// Progress of `count` steps of long work, on a terminal only: call `advance()` after each and
    /// `end()` after the last.
    func progress(_ doing: String, of count: Int) -> Progress {
        let terminal = settings.environment["TERM"] ?? []
        let isShown = !terminal.isEmpty && terminal != "dumb".bytes
        return output.progress(doing, of: count, isShown: isShown)
    }

    /// Tells about something that does not end the command.
    func warn(_ problem: Problem) { messenger.tell(problem, as: "warning") }

    /// Says what can be typed.
    func hint(_ text: Text) { messenger.hint(text) }
}
