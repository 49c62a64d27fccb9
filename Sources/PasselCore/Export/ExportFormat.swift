/// A form in which values leave the store.
public enum ExportFormat: String, Sendable, CaseIterable {
    case pypirc
    case envrc
    case dotenv
    case docker
    case dockerConfig = "docker-config"
    case compose
    case kubernetes
    case netrc
    case npmrc
    case pip
    case json
    /// Any file with references, which are filled in.
    case template

    /// Those that values alone make, without a file that the user wrote.
    public static let ofValues = allCases.filter { $0 != .template }
}

/// A format with everything that decides what is written in it.
public struct ExportForm: Sendable, Equatable {
    /// The format.
    public var format: ExportFormat
    /// Whether passwords stay with the keyring.
    public var usesKeyring = false
    /// Whether the values themselves stand in an `.envrc`.
    public var isMaterialised = false
    /// The profile that the values are of.
    public var profile: Text?
    /// What a Kubernetes Secret is called.
    public var name: Text?
    /// The namespace that it is in.
    public var namespace: Text?
    /// Its type.
    public var kind = KubernetesSecret.Kind.opaque
    /// Whether Compose takes the values from files, and not from the environment.
    public var readsFiles = false
    /// For how many seconds the tokens are good that are made for the file.
    public var lifetime: Int64?
    /// The projects that they are good for; all of the stored one, when there are none.
    public var projects: [Text] = []

    /// What is filled in; nothing where it was not read.
    public var template: Template?
    /// Where that was read from; nothing for standard input.
    public var templatePath: Path?

    /// A format as it is without any options.
    public init(_ format: ExportFormat) { self.format = format }

    /// Who makes the file.
    public enum Maker: Sendable {
        case merged(any MergedFile)
        case whole(any WholeFile)
    }

    /// Who makes the file.
    ///
    /// - Throws: a `Problem` for a name that Kubernetes does not take.
    public func maker() throws -> Maker {
        switch format {
        case .pypirc: return .merged(PyPIRC(hasPasswords: !usesKeyring))
        case .envrc:
            return .merged(EnvrcBlock(isMaterialised: isMaterialised, profile: profile))
        case .dotenv: return .merged(DotenvLines())
        case .docker: return .whole(ValueFile())
        case .dockerConfig: return .merged(DockerAuths())
        case .compose: return .whole(ComposeFragment(readsFiles ? .files : .environment))
        case .kubernetes:
            return .whole(
                try KubernetesSecret(name: name ?? "passel", namespace: namespace, kind: kind))
        case .netrc: return .merged(NetRC())
        case .npmrc: return .merged(NPMRC())
        case .pip: return .merged(PipConfiguration(hasPassword: !usesKeyring))
        case .json: return .whole(JSONFile())
        case .template: return .whole(FilledTemplate(template))
        }
    }

    /// Whether tokens are made for the file, in the place of those that the store has.
    public var isNarrowed: Bool { lifetime != nil || !projects.isEmpty }

    /// Whether there is anything secret in the file.
    public var isSecret: Bool {
        switch format {
        case .pypirc, .pip: !usesKeyring
        case .envrc: isMaterialised
        case .compose: false
        case .template: template?.references.isEmpty != true
        default: true
        }
    }
}

extension ExportForm.Maker {
    /// The mark of an item's part; files that are ours as a whole have one part.
    public func mark(of item: ExportItem) throws -> Text {
        switch self {
        case .merged(let file): try file.mark(of: item)
        case .whole: "file"
        }
    }

    /// The file with these items, and with all that is not ours as it was.
    public func content(_ items: [ExportItem], into content: Secret) throws -> Secret {
        switch self {
        case .merged(let file): try file.content(with: items, in: content)
        case .whole(let file): try file.content(items)
        }
    }

    /// The bytes of a part; nothing when the file does not have it.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        switch self {
        case .merged(let file): try file.part(mark, of: content)
        case .whole: content
        }
    }

    /// The file without a part; empty when nothing else is in it.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        switch self {
        case .merged(let file): try file.removing(mark, from: content)
        case .whole: Secret(plain: "")
        }
    }
}
