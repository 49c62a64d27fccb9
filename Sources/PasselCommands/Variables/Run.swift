import PasselCore
import PasselPosix

/// `run`: gives secrets to one program, for as long as it runs.
struct Run: Command {
    static let word = "run"
    static let summary = "run a program with secrets in its environment"
    static let discussion = """
        The program takes the place of passel: process, terminal, signals and status are its own. \
        A reference is NAME, NAME#FIELD or the same behind passel://; alone it sets the variable \
        called like the last part of NAME, in capitals. With no source named, the nearest \
        .env.passel is used. Of two sources the one further below counts: profile, files, --from, \
        --map, --file.
        """
    static let parameters: [any Parameter] = [
        VariableSources.profile, VariableSources.file, VariableSources.from, map, file, cleanEnv,
        expires, projects, VariableSources.force, command,
    ]
    private static let map = ListOption(
        "map", letter: "m", .binding, "a variable, and the reference that it gets")
    private static let file = ListOption(
        "file", .binding, "a variable, and the reference whose value is in the file that it names")
    private static let cleanEnv = Flag("clean-env", "leave out all variables but the usual ones")
    private static let expires = Option(
        "expires", .time, "give narrower PyPI tokens, which are good until then")
    private static let projects = ListOption(
        "project", .text, "give narrower PyPI tokens, good for this project and others so given")
    private static let command = Trailing("PROGRAM", "what to run, with its arguments")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let command = arguments[Self.command]
        guard let program = command.first, !program.isEmpty else {
            throw arguments.problem("say what to run: -- PROGRAM")
        }
        let files = arguments[Self.file]
        var (wanted, _) = try VariableSources(session: session, arguments: arguments)
            .wanted(arguments[Self.map], others: !files.isEmpty)
        try wanted.set(files)
        try wanted.refuseDangerous(arguments, isForced: arguments[VariableSources.force])
        let narrowing = try TokenNarrowing(
            projects: arguments[Self.projects], expires: arguments[Self.expires], arguments,
            now: session.now)
        let names = Set(files.map(\.variable))
        let values = try narrowed(try wanted.resolved(session.store), wanted, narrowing)
        let variables = try values.map { variable in
            guard names.contains(variable.name) else {
                try check(variable)
                return variable
            }
            return Variable(
                variable.name, Secret(path: try MemoryFile.make(variable.value.asFileContent)))
        }
        try Successor(command, inherited, adding: variables).takeOver()
    }

    /// The variables with narrower tokens in the place of stored ones.
    private func narrowed(
        _ variables: [Variable], _ wanted: WantedVariables, _ narrowing: TokenNarrowing
    ) throws -> [Variable] {
        guard !narrowing.isEmpty else { return variables }
        var isNarrowed = false
        let result = try variables.map { variable in
            guard let entry = wanted.entry(of: variable.name),
                PyPIToken(PastedToken(variable.value).clean) != nil
            else { return variable }
            isNarrowed = true
            return Variable(
                variable.name, try narrowing.narrow(variable.value, entry, session))
        }
        guard isNarrowed else {
            throw Problem(
                "no value is a PyPI token: only these can be made narrower",
                hints: ["leave out --expires and --project"])
        }
        return result
    }

    private func check(_ variable: Variable) throws {
        let isLong =
            variable.name.bytes.count + variable.value.count + 2 > Successor.longestVariable
        guard isLong || variable.value.withBytes({ $0.contains(0) }) else { return }
        throw Problem(
            isLong
                ? "the value of \(variable.name.text) is too long for a variable"
                : "the value of \(variable.name.text) has a NUL byte, which no variable can hold",
            hints: ["give it as a file: --file \(variable.name.text)=NAME"])
    }

    /// The variables that were there when passel was called.
    private var inherited: ProcessEnvironment {
        let all = session.settings.inherited
        return arguments[Self.cleanEnv] ? all.filtered(Self.isUsual) : all
    }

    /// Who and where one is, the terminal and the language: what programs rely on.
    private static func isUsual(_ name: [UInt8]) -> Bool {
        name.starts(with: "LC_".utf8)
            || [
                "COLORTERM", "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "PWD", "SHELL", "TERM",
                "TMPDIR", "TZ", "USER",
            ].contains { name.elementsEqual($0.utf8) }
    }
}

extension Secret {
    /// A path, where a secret is wanted.
    fileprivate init(path: Path) {
        self = path.bytes.withUnsafeBytes { Secret(copying: $0) }
    }

    /// The value as a file has it: one of several lines ends its last, which keys must.
    fileprivate var asFileContent: Secret {
        let isText = withBytes { $0.contains(.newline) && $0.last != .newline && !$0.contains(0) }
        return isText ? Secret(joining: [self, Secret(plain: "\n")]) : self
    }
}
