import PasselCore
import PasselPosix
import PasselStore

/// The backends that this machine knows: the file `backends` in the user's configuration folder.
///
/// They are set up for each machine, and nothing in a store has a say: who may change the store must
/// not lead credentials to another server.
struct Backends {
    let session: Session

    private static let file: Path = "backends"

    /// What is set up.
    ///
    /// - Throws: a `Problem` that names the line that means nothing.
    func list() throws -> BackendList {
        guard let path = place, let content = try Files.readIfPresent(path, limit: 1 << 20) else {
            return BackendList()
        }
        do {
            return try BackendList(content)
        } catch {
            throw Problem("\(path): \(error.message)", hints: ["mend it, or move it away"])
        }
    }

    /// Changes what is set up.
    func change(_ body: (inout BackendList) throws -> Void) throws {
        guard let path = place else {
            throw Problem(
                "there is no folder for what you set up",
                hints: ["export HOME=... or XDG_CONFIG_HOME=..."])
        }
        try PrivateFile.makeFolder(path.parent)
        let lock = try FileLock.acquire(path.parent, patience: 10) {}
        defer { withExtendedLifetime(lock) {} }
        var list = try list()
        try body(&list)
        try PrivateFile.replace(path, by: list.text.bytes)
    }

    /// The file.
    var place: Path? {
        PasselConfiguration.userFolder(session.settings.inherited).map { $0 / Self.file }
    }

    /// The backend of this name.
    ///
    /// - Throws: a `Problem` when there is none.
    func entry(_ name: BackendName) throws -> BackendEntry {
        if let entry = try list()[name] { return entry }
        throw Problem(
            "there is no backend \(name.text) on this machine",
            hints: ["\(session.program) backend add \(name.text) TYPE KEY=VALUE..."])
    }

    /// How the program of a backend is started.
    ///
    /// - Throws: a `Problem` when there is no such backend or program, or a credential is missing.
    func setup(_ name: BackendName) throws -> BackendSetup {
        let entry = try entry(name)
        let program = try program(entry.type)
        var opening = BackendOpening(
            name, timeout: try session.store.settings.configuration.timeout)
        for setting in entry.settings {
            switch setting.value {
            case .text(let text): opening.settings.append((setting.key, text))
            default:
                opening.credentials.append((setting.key, try credential(setting, of: entry)))
            }
        }
        let inherited = session.settings.environment
        let kind = BuiltInBackend.named(entry.type)
        return BackendSetup(
            name: name, program: program, arguments: [entry.type.text.bytes],
            environment: kind.map { inherited.filtered($0.wants) } ?? inherited, opening: opening)
    }

    /// The program that speaks for a kind of backend: for a kind of passel's own, the one that was
    /// installed with it, which nothing on PATH comes before.
    ///
    /// - Throws: a `Problem` when there is none.
    func program(_ type: BackendName) throws -> Path {
        guard BuiltInBackend.named(type) == nil else { return try ownProgram(type) }
        let name = "passel-backend-\(type.text)"
        if let found = Programs.find(name, path: session.settings.environment["PATH"]) {
            return found
        }
        throw Problem(
            "there is no program \(name) on PATH, which speaks for such places",
            hints: ["man 7 passel-backend"])
    }

    /// Beside passel where it was built, or where `make install` puts it.
    private func ownProgram(_ type: BackendName) throws -> Path {
        guard let own = Files.resolved("/proc/self/exe") else {
            throw Problem("/proc does not say where passel is", hints: ["mount | grep proc"])
        }
        let candidates = [
            own.parent / "passel-backend",
            own.parent.parent / "libexec/passel/passel-backend",
        ]
        if let found = candidates.first(where: { FileStatus.isFile($0) }) { return found }
        throw Problem(
            "\(candidates[1]) is missing, which speaks for the type \(type.text)",
            hints: ["make install"])
    }

    private func credential(_ setting: BackendSetting, of entry: BackendEntry) throws -> Secret {
        let name = entry.name.text
        func missing(_ reason: Text) -> Problem {
            Problem(
                "\(name): \(setting.key) is missing: \(reason)",
                hints: ["\(session.program) backend show \(name)"])
        }
        switch setting.value {
        case .text: preconditionFailure("a text is no credential")
        case .entry(let reference):
            guard let value = try session.store.values(of: [reference]).first, !value.isEmpty else {
                throw missing("\(reference.uri) is empty")
            }
            return value
        case .variable(let variable):
            let bytes = session.settings.inherited[variable.description] ?? []
            guard !bytes.isEmpty else { throw missing("the variable \(variable) is not set") }
            return bytes.withUnsafeBytes { Secret(copying: $0) }
        case .file(let path):
            let place = expanded(path)
            guard FileStatus.isFile(place) else { throw missing("there is no file \(path)") }
            guard let line = try Files.readSecret(place, limit: 1 << 20).line(1), !line.isEmpty
            else { throw missing("\(path) is empty") }
            return line
        }
    }

    private func expanded(_ path: Path) -> Path {
        guard path.bytes.starts(with: "~/".utf8) else { return path }
        return Path(session.settings.environment["HOME"] ?? []) / Path(path.bytes.dropFirst(2))
    }
}
