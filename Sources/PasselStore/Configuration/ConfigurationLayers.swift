import PasselCore
import PasselGit
import PasselPosix

/// The places that say how passel is to work, each read once, when it is first needed.
final class ConfigurationLayers {
    /// A value, and where it stands.
    struct Setting {
        /// Where a value can stand.
        enum Place {
            case file(Path)
            case variable(String)
        }

        let key: String
        let value: [UInt8]
        let place: Place

        /// Says that the value is none, and what mends it.
        func problem(wanted: String, example: String) -> Problem {
            switch place {
            case .file(let path):
                Problem(
                    "\(path): passel.\(key) is \(value), not \(wanted)",
                    hints: [
                        "git config --file \(ShellWord.text(path.bytes)) passel.\(key) \(example)"
                    ])
            case .variable(let name):
                Problem("\(name) is \(value), not \(wanted)", hints: ["unset \(name)"])
            }
        }
    }

    private let root: Path
    private let environment: ProcessEnvironment
    private let system: Path
    private var files: [(path: Path, content: ConfigurationFile)]?

    init(store root: Path, environment: ProcessEnvironment, system: Path) {
        self.root = root
        self.environment = environment
        self.system = system
    }

    /// The value that counts for `passel.KEY`; nothing where no place says anything.
    func setting(_ key: String) throws -> Setting? {
        let letters = key.utf8.map { byte -> UInt8 in
            byte == UInt8(ascii: "-")
                ? UInt8(ascii: "_") : (0x61...0x7a).contains(byte) ? byte & 0xdf : byte
        }
        let variable = "PASSEL_" + String(decoding: letters, as: UTF8.self)
        // As with all our variables, an empty one counts as unset.
        if let value = environment[variable], !value.isEmpty {
            return Setting(key: key, value: value, place: .variable(variable))
        }
        for (path, file) in try read().reversed() {
            if let value = file.value("passel.\(key)") {
                return Setting(key: key, value: value, place: .file(path))
            }
        }
        return nil
    }

    private func read() throws -> [(path: Path, content: ConfigurationFile)] {
        if let files { return files }
        var found: [(path: Path, content: ConfigurationFile)] = []
        for path in [system, userFile, try repositoryFile()].compactMap({ $0 }) {
            if let file = try read(path) { found.append((path, file)) }
        }
        files = found
        return found
    }

    private var userFile: Path? { Self.userFolder(environment).map { $0 / "config" } }

    /// `$XDG_CONFIG_HOME/passel`; nothing without a home folder.
    static func userFolder(_ environment: ProcessEnvironment) -> Path? {
        // A relative path is to be ignored: XDG Base Directory Specification.
        let given = environment["XDG_CONFIG_HOME"].map { Path($0) }.flatMap {
            $0.isAbsolute ? $0 : nil
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : Path($0) / ".config" }
        return (given ?? home).map { $0 / "passel" }
    }

    /// The configuration of the repository around the store; nothing without one.
    private func repositoryFile() throws -> Path? {
        guard let workTree = try GitRepository.workTree(enclosing: root, store: root) else {
            return nil
        }
        let folder = workTree / ".git"
        if FileStatus.isFolder(folder) { return folder / "config" }
        // A further work tree, or a repository that lies elsewhere: git knows the way.
        return try GitRepository.open(workTree, environment: environment)?.configurationFile
    }

    /// A file that says something about passel; nothing when it is not there or says nothing.
    ///
    /// A look at its few bytes is a hundred times faster than to load libgit2 for it.
    private func read(_ path: Path) throws -> ConfigurationFile? {
        do {
            guard let bytes = try Files.readIfPresent(path, limit: 1 << 20) else { return nil }
            let text = bytes.map(\.asciiLowercased)
            guard text.includes(Array("[passel".utf8)) || text.includes(Array("[include".utf8))
            else { return nil }
            return try ConfigurationFile(path)
        } catch let error as SystemError {
            throw error
        } catch let error as GitProblem {
            throw Problem(
                "\(path) cannot be read: \(error.message)",
                hints: ["git config --file \(ShellWord.text(path.bytes)) --list"])
        }
    }
}
