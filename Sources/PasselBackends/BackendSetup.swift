import PasselCore
import PasselPosix

/// What a backend goes by: its settings, its credentials, and the variables of its own tools.
struct BackendSetup {
    /// A text, and what it comes from.
    struct Found<Value> {
        let value: Value
        /// What there is to mend: the key of a setting.
        let setting: Text?
        /// Where it is from, as messages put it.
        let origin: Text
    }

    let opening: BackendOpening
    private let kind: BuiltInBackend
    /// What the program has in its environment.
    let environment: ProcessEnvironment

    init(_ kind: BuiltInBackend, _ opening: BackendOpening, _ environment: ProcessEnvironment) {
        self.kind = kind
        self.opening = opening
        self.environment = environment
    }

    /// - Throws: a `BackendFailure` for a setting that there is not.
    func check() throws {
        let known = kind.settings.map { Text($0.key.utf8) }
        for key in opening.settings.map(\.key) + opening.credentials.map(\.key)
        where !known.contains(key) {
            throw BackendFailure(
                .validation, "there is no setting \(key), but " + known.joined(separator: ", "),
                setting: key)
        }
    }

    /// A setting, or else the first of these variables that is set.
    func text(_ key: String, _ variables: String...) throws -> Found<Text>? {
        try text(key, variables)
    }

    /// As above.
    func text(_ key: String, _ variables: [String]) throws -> Found<Text>? {
        let name = Text(key.utf8)
        if let set = opening.settings.first(where: { $0.key == name }) {
            return Found(value: set.value, setting: name, origin: "the setting \(name)")
        }
        guard let secret = secret(key, variables) else { return nil }
        let bytes = secret.value.withBytes { Array($0) }
        guard String(validating: bytes, as: UTF8.self) != nil,
            TerminalText.sanitised(bytes) == bytes
        else {
            throw BackendFailure(
                .validation, "\(secret.origin) is not one line of text", setting: secret.setting)
        }
        return Found(value: Text(bytes), setting: secret.setting, origin: secret.origin)
    }

    /// A credential, or else the first of these variables that is set.
    func secret(_ key: String, _ variables: String...) -> Found<Secret>? { secret(key, variables) }

    /// As above.
    func secret(_ key: String, _ variables: [String]) -> Found<Secret>? {
        let name = Text(key.utf8)
        if let own = opening.credentials.first(where: { $0.key == name }) {
            return Found(value: own.value, setting: name, origin: "the setting \(name)")
        }
        if let set = opening.settings.first(where: { $0.key == name }) {
            let value = set.value.bytes.withUnsafeBytes { Secret(copying: $0) }
            return Found(value: value, setting: name, origin: "the setting \(name)")
        }
        for variable in variables {
            guard let value = self.variable(variable) else { continue }
            return Found(value: value, setting: nil, origin: Text(variable.utf8))
        }
        return nil
    }

    /// What a variable has; nothing where it is empty.
    func variable(_ name: String) -> Secret? {
        guard let bytes = environment[name], !bytes.isEmpty else { return nil }
        return bytes.withUnsafeBytes { Secret(copying: $0) }
    }

    /// The file with the certificates to trust: the setting `ca`, or else the first of these variables.
    func authorities(_ variables: String...) throws -> Found<Path>? {
        try text("ca", variables).map {
            Found(value: path($0.value), setting: $0.setting, origin: $0.origin)
        }
    }

    /// A file as a setting or variable names it; `~/` is the home folder.
    func path(_ text: Text) -> Path {
        guard text.bytes.starts(with: "~/".utf8), let home else { return Path(text.bytes) }
        return home / Path(text.bytes.dropFirst(2))
    }

    /// The home folder.
    var home: Path? { environment["HOME"].flatMap { $0.isEmpty ? nil : Path($0) } }
}
