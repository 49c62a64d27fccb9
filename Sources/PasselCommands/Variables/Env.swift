import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// `env`: the lines that set variables, for `eval` or another reader.
struct Env: Command {
    static let word = "env"
    static let summary = "print what sets variables to secrets, for eval"
    static let discussion = """
        eval "$(passel env ci/pypi)" sets PYPI in a shell like bash; "run --help" says what a \
        reference is. For github the values go to the file that $GITHUB_ENV names, and what hides \
        them in the logs is printed. Nothing is printed unless every value can be said.
        """
    static let parameters: [any Parameter] = [
        references, shell, VariableSources.profile, VariableSources.file, VariableSources.from,
        VariableSources.force, direnv,
    ]
    private static let references = Operands(
        "REF", .binding, "a reference, or VAR=REF for a variable with a name of its own")
    private static let shell = Option(
        "shell", letter: "s", .choice(ShellSyntax.self, "SHELL"),
        "for whom: \(ShellSyntax.allCases.map(\.rawValue).joined(separator: ", "))")
    private static let direnv = Flag(
        "direnv", "for .envrc: also say which files to watch")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let syntax = arguments[Self.shell] ?? .bash
        let isForDirenv = arguments[Self.direnv]
        if isForDirenv, syntax != .bash {
            throw arguments.problem("--direnv is for --shell=bash only")
        }
        let (wanted, files) = try VariableSources(session: session, arguments: arguments)
            .wanted(arguments[Self.references])
        if isForDirenv {
            // Even if the values cannot be had now: what is mended then is to be seen.
            session.output.write(watchLine(files + wanted.entries.map(session.store.file)))
        }
        let variables = try wanted.resolved(session.store)
        if syntax == .github { return try addToStep(variables) }
        session.output.secret(try text(variables, syntax))
        return .done
    }

    private func text(
        _ variables: [Variable], _ syntax: ShellSyntax, delimiter: [UInt8] = []
    ) throws -> Secret {
        do {
            return try syntax.setting(variables, delimiter: delimiter)
        } catch {
            throw Problem(
                "the value of \(error.variable.text) cannot be written: \(error.refusal.reason)",
                hints: ["give it to the program itself: \(session.program) run --help"])
        }
    }

    /// One line for all: direnv starts a program for each.
    private func watchLine(_ files: [Path]) -> [UInt8] {
        var seen: Set<Path> = []
        let words = files.map(Files.absolute).filter { seen.insert($0).inserted }
        return Array(
            (["watch_file".bytes] + words.map { quoted($0.bytes) }).joined(separator: [0x20]))
            + [.newline]
    }

    private func quoted(_ word: [UInt8]) -> [UInt8] {
        [0x27] + word.flatMap { $0 == 0x27 ? "'\\''".bytes : [$0] } + [0x27]
    }

    /// The masks go first: from then on the step's log hides the values.
    private func addToStep(_ variables: [Variable]) throws -> ExitStatus {
        guard let file = session.settings.inherited["GITHUB_ENV"], !file.isEmpty else {
            throw Problem(
                "GITHUB_ENV is not set: this is no step of GitHub Actions",
                hints: ["\(session.program) env --help"])
        }
        let lines = try text(
            variables, .github, delimiter: Random.name(length: 32).bytes)
        session.output.secret(ShellSyntax.masks(variables))
        try Files.append(lines, to: Path(file))
        return .done
    }
}
