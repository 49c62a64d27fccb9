import PasselCore
import PasselPosix
import PasselStore

/// `export`: writes values to the file from which a tool reads them.
struct Export: Command {
    static let word = "export"
    static let summary = "write secrets to a file in the form that a tool reads"
    static let discussion = """
        FORMAT is one of \(ExportFormat.ofValues.map(\.rawValue).joined(separator: ", ")). \
        Without --output the file is the one that the tool reads, such as ~/.pypirc. Of a file that \
        is there only what is ours changes. It is for its owner only, refused in a git work tree \
        that does not ignore it, and remembered: see exports.

        A reference is NAME or NAME#FIELD; "run --help" says more. How a value is called stands \
        before it, NAME=REF: a variable, the section of an index, a key of a Kubernetes Secret. \
        Where it goes, the fields url, username and kind of its entry say.

        For envrc and compose the file has references and no secret, unless --materialise is given.
        """
    static let parameters: [any Parameter] = [
        format, words, profile, output, stdout, materialise, keyring, expires, projects, addIgnore,
        replace, name, namespace, type, Flag.json,
    ]
    private static let format = Operand(
        "FORMAT", .choice(ExportFormat.self, "FORMAT", among: ExportFormat.ofValues),
        "the form, such as pypirc")
    private static let words = Operands(
        "REF", .exported, "a reference, or NAME=REF for what it is called there")
    private static let profile = Option(
        "profile", letter: "p", .profile, "the values of the store's .passel/profiles/NAME")
    private static let output = Option(
        "output", letter: "o", .file, "the file, or for docker the folder")
    private static let stdout = Flag("stdout", "print it instead")
    private static let materialise = Flag("materialise", "write values into an .envrc")
    private static let keyring = Flag(
        "keyring", "for pypirc and pip: without passwords, which the keyring has")
    private static let expires = Option(
        "expires", letter: "e", .span, "make PyPI tokens that are good for so long only")
    private static let projects = ListOption(
        "project", .text, "make PyPI tokens that are good for this project only")
    private static let addIgnore = Flag("add-ignore", "have git ignore the file")
    private static let replace = Flag("replace", "also replace what somebody else wrote there")
    private static let name = Option("name", .text, "what a Kubernetes Secret is called")
    private static let namespace = Option("namespace", .text, "the namespace that it is in")
    private static let type = Option(
        "type", .choice(KubernetesSecret.Kind.self, "TYPE"), "what it is: opaque, if not given")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let form = try wantedForm()
        // What is wrong with the form is told before anybody is asked for a passphrase.
        let maker = try form.maker()
        let reader = ExportValues(session: session, form: form)
        let values = try wanted(reader)
        guard let path = try destination(form) else {
            try print(values, form, maker)
            return .done
        }
        var consent = ExportConsent()
        consent.replacesForeign = arguments[Self.replace]
        consent.addsIgnore = arguments[Self.addIgnore]
        consent.command = { arguments.commandLine(adding: "\($0)") }
        let paths = try Exporter(session: session, consent: consent).write(values, form, to: path)
        tell(values, form, paths)
        return .done
    }

    private func wantedForm() throws -> ExportForm {
        var form = ExportForm(arguments[Self.format])
        form.usesKeyring = arguments[Self.keyring]
        form.isMaterialised = arguments[Self.materialise]
        form.profile = arguments[Self.profile]
        form.name = arguments[Self.name] ?? (form.format == .kubernetes ? form.profile : nil)
        form.namespace = arguments[Self.namespace]
        form.kind = arguments[Self.type] ?? .opaque
        form.lifetime = arguments[Self.expires]?.seconds
        form.projects = arguments[Self.projects]
        for name in form.projects where !PyPIToken.isProjectName(name) {
            throw arguments.problem("\(ShellWord.text(name.bytes)) is not the name of a project")
        }
        let isForKubernetes = form.format == .kubernetes
        let misplaced: [(Bool, String, String)] = [
            (
                form.usesKeyring && ![.pypirc, .pip].contains(form.format), "keyring",
                "pypirc and pip"
            ),
            (form.isMaterialised && form.format != .envrc, "materialise", "envrc"),
            (arguments[Self.name] != nil && !isForKubernetes, "name", "kubernetes"),
            (form.namespace != nil && !isForKubernetes, "namespace", "kubernetes"),
            (arguments[Self.type] != nil && !isForKubernetes, "type", "kubernetes"),
        ]
        for (isMisplaced, option, format) in misplaced where isMisplaced {
            throw arguments.problem("--\(option) is for \(format) only")
        }
        guard form.name != nil || !isForKubernetes else {
            throw arguments.problem("say what the Secret is called: --name")
        }
        guard !form.isNarrowed || form.isSecret else {
            let option = form.lifetime == nil ? "--project" : "--expires"
            throw arguments.problem("\(option) is of no use where no token is written")
        }
        if arguments[Self.stdout], arguments[Self.output] != nil {
            throw arguments.problem("--output and --stdout exclude each other")
        }
        if arguments[Self.stdout], arguments[Flag.json] {
            throw arguments.problem("--json and --stdout exclude each other")
        }
        return form
    }

    private func wanted(_ reader: ExportValues) throws -> [ExportValues.Value] {
        let words = arguments[Self.words]
        guard let name = arguments[Self.profile] else {
            guard !words.isEmpty else {
                throw arguments.problem("say what to export: a reference, or --profile")
            }
            return try reader.read(words)
        }
        guard words.isEmpty else {
            throw arguments.problem("--profile and references exclude each other")
        }
        let bindings = try ProfileFiles(session: session).named(name).content.bindings
        let isOfVariables = ![.pypirc, .netrc, .npmrc, .pip, .dockerConfig].contains(
            reader.form.format)
        let all = try reader.read(
            bindings.map { ExportWord(name: isOfVariables ? $0.variable.text : nil, $0.reference) })
        let fit = isOfVariables ? all : all.filter(isFit)
        guard !fit.isEmpty else {
            throw Problem("nothing in the profile \(name) is for \(reader.form.format.rawValue)")
        }
        return fit
    }

    /// Whether a value of a profile is one for the file: of the many only those that are indexes,
    /// registries or hosts.
    private func isFit(_ value: ExportValues.Value) -> Bool {
        let kind = value.item.kind
        switch arguments[Self.format] {
        case .pypirc:
            return ["pypi", "testpypi", "devpi"].contains(kind)
                || value.item.url?.bytes.ends(with: "/legacy/") == true
        case .npmrc: return kind == "npm"
        case .dockerConfig: return kind?.bytes.starts(with: "docker".utf8) == true
        default: return value.item.url != nil && value.item.username != nil
        }
    }

    /// The file that is written; nothing when it is printed.
    private func destination(_ form: ExportForm) throws -> Path? {
        if arguments[Self.stdout] { return nil }
        if let output = arguments[Self.output] { return output }
        if let usual = ExportPlaces(settings: session.settings).usual(form.format) { return usual }
        guard !session.output.isTerminal, !arguments[Flag.json] else {
            throw arguments.problem("say where it goes: --output or --stdout")
        }
        return nil
    }

    private func print(
        _ values: [ExportValues.Value], _ form: ExportForm, _ maker: ExportForm.Maker
    ) throws {
        guard form.format != .docker else {
            throw arguments.problem("docker has a file for each value: say in which folder")
        }
        let content = try maker.content(values.map(\.item), into: Secret(plain: ""))
        if form.isSecret {
            Exporter(session: session, consent: ExportConsent())
                .record(values.compactMap { $0.event(form, place: nil) })
        }
        session.output.secret(content)
    }

    private func tell(_ values: [ExportValues.Value], _ form: ExportForm, _ paths: [Path]) {
        let ends = values.compactMap(\.ends).min().map { Instant(second: $0).spelling }
        if arguments[Flag.json] {
            session.output.json([
                "format": .string(Text(form.format.rawValue.utf8)),
                "files": .array(paths.map { .path($0) }),
                "secret": .bool(form.isSecret),
                "entries": .array(
                    values.map {
                        ["name": .string($0.item.name), "reference": .string($0.item.reference)]
                    }),
                "expires": .text(ends),
            ])
            return
        }
        for path in paths { session.output.line("\(path)") }
        guard session.output.errorIsTerminal else { return }
        if let ends { session.output.error("good until \(ends)") }
        if form.format == .envrc, !form.isMaterialised {
            session.output.error(
                "direnv needs to know \"use passel\": \(session.program) setup direnv")
        }
    }
}
