/// The backends that every machine has: files in the forms in which tools keep tokens.
public enum FilePlaces: String, Sendable, CaseIterable {
    /// A file with the value and nothing else.
    case file
    case pypirc
    case dotenv
    case envrc
    case netrc
    case npmrc
    /// docker's `config.json`.
    case docker

    /// The files that a backend of this name is; nothing for any other.
    public init?(_ name: BackendName) { self.init(rawValue: name.text.description) }

    /// What is written there.
    public var form: ExportForm {
        switch self {
        case .file: return ExportForm(.docker)
        case .pypirc: return ExportForm(.pypirc)
        case .dotenv: return ExportForm(.dotenv)
        case .envrc:
            var form = ExportForm(.envrc)
            form.isMaterialised = true
            return form
        case .netrc: return ExportForm(.netrc)
        case .npmrc: return ExportForm(.npmrc)
        case .docker: return ExportForm(.dockerConfig)
        }
    }

    /// The part of such a file that a location means; nothing for a file with one value.
    ///
    /// - Throws: a `BackendFailure` for a location that can be none.
    public func part(_ location: Location) throws -> Text? {
        guard self != .file else {
            guard location.field == nil else {
                throw BackendFailure(
                    .validation, "a file has one value, so the location has no #FIELD")
            }
            return nil
        }
        guard let part = location.field else {
            throw BackendFailure(
                .validation,
                "such a file has many values: say which, \(location.spelling)#\(example)")
        }
        if [.dotenv, .envrc].contains(self) {
            guard let variable = VariableName(part.bytes) else {
                throw BackendFailure(.validation, "\(part) cannot be a variable's name")
            }
            guard !variable.changesHowProgramsRun else {
                throw BackendFailure(
                    .validation, "\(part) changes how programs run, so it is not set from an entry")
            }
        }
        return part
    }

    private var example: Text {
        switch self {
        case .file: ""
        case .pypirc: "pypi"
        case .dotenv, .envrc: "API_TOKEN"
        case .netrc: "api.example.org"
        case .npmrc: "//registry.npmjs.org/"
        case .docker: "ghcr.io"
        }
    }

    /// The address of the service that a part is for, where its name says so.
    public func url(of part: Text) -> Text? {
        switch self {
        case .netrc: "https://\(part)/"
        case .npmrc: "https:\(part)"
        case .docker: WebAddress(part.bytes) == nil ? "https://\(part)" : part
        case .file, .pypirc, .dotenv, .envrc: nil
        }
    }

    /// The value in a part of such a file; nothing when there is none.
    ///
    /// - Throws: a `Problem` when the file is not what it should be.
    public func value(of part: Text, in content: Secret) throws -> Secret? {
        switch self {
        case .file: content
        case .pypirc: try PyPIRC().value(of: part, in: content)
        case .dotenv: try DotenvLines().value(of: part, in: content)
        case .envrc: try EnvrcBlock(isMaterialised: true).value(of: part, in: content)
        case .netrc: NetRC().value(of: part, in: content)
        case .npmrc: NPMRC().value(of: part, in: content)
        case .docker: try DockerAuths().value(of: part, in: content)
        }
    }
}

extension BackendName {
    /// Whether it is there on every machine, and nothing is set up for it.
    public var isOfFiles: Bool { FilePlaces(self) != nil }
}
