import PasselCore
import PasselStore

/// `backend add`: a backend that this machine knows from now on.
struct BackendAdd: Command {
    static let word = "add"
    static let summary = "set up a kind of place that locations can name"
    static let discussion = """
        TYPE is \(BuiltInBackend.all.map { "\($0.type.text) (\($0.meaning))" }.joined(separator: ", ")), \
        or any other for which a program passel-backend-TYPE speaks. KEY=VALUE is a setting that it \
        knows: see passel-backend(7). A credential is never given itself: KEY=passel://NAME is an entry of the \
        store, KEY=env:NAME a variable, KEY=path:FILE the first line of a file. What is set up \
        holds on this machine only.
        """
    static let parameters: [any Parameter] = [name, type, settings, dryRun, replace, Flag.json]
    private static let name = Operand("NAME", .backend, "what locations call it")
    private static let type = Operand("TYPE", .backendType, "what kind of place it is")
    private static let settings = Operands("KEY=VALUE", .backendSetting, "its settings")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be set up")
    private static let replace = Flag("replace", "in the place of the backend of that name")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let (name, type) = (arguments[Self.name], arguments[Self.type])
        if let own = [name, type].first(where: \.isOfFiles) {
            throw Problem("\(own.text): is there without being set up")
        }
        let settings = try arguments[Self.settings].map { try BackendSetting($0.bytes) }
        for (index, setting) in settings.enumerated()
        where settings[..<index].contains(where: { $0.key == setting.key }) {
            throw arguments.problem("\(setting.key) is given twice")
        }
        if let kind = BuiltInBackend.named(type) {
            for setting in settings { try kind.check(setting) }
        }
        let entry = BackendEntry(name, type: type, settings)
        let backends = Backends(session: session)
        if try backends.list()[name] != nil, !arguments[Self.replace] {
            throw Problem(
                "there is a backend \(name.text) already",
                hints: [arguments.commandLine(adding: "--replace")])
        }
        do {
            _ = try backends.program(type)
        } catch let problem as Problem {
            session.warn(problem)
        }
        if !arguments[Self.dryRun] { try backends.change { $0.set(entry) } }
        BackendReport(session: session).show(entry, json: arguments[Flag.json])
        return .done
    }
}

extension ValueKind<BackendName> {
    /// What locations call a backend.
    static var backend: ValueKind {
        ValueKind(
            placeholder: "NAME", expected: "a name of lower-case letters, digits and -",
            candidates: .backends
        ) { BackendName($0) }
    }

    /// A kind of backend.
    static var backendType: ValueKind {
        ValueKind(
            placeholder: "TYPE", expected: "a word of lower-case letters, digits and -",
            candidates: .words(BuiltInBackend.all.map(\.type.text.description))
        ) { BackendName($0) }
    }
}

extension ValueKind<Text> {
    /// A setting, which is read when it is known that the rest is right, so that it is told what is
    /// wrong with it.
    static var backendSetting: ValueKind {
        ValueKind(
            placeholder: "KEY=VALUE", expected: "KEY=VALUE",
            candidates: .words(
                Set(BuiltInBackend.all.flatMap(\.settings).map { $0.key + "=" }).sorted())
        ) {
            $0.contains(UInt8(ascii: "=")) ? Text($0) : nil
        }
    }
}
