import PasselCore
import PasselPosix

/// Where the programs that read a format look for it.
struct ExportPlaces {
    let settings: Settings

    /// The file of a format, or its folder; nothing for one that has no usual place.
    func usual(_ format: ExportFormat) -> Path? {
        switch format {
        case .pypirc: home / ".pypirc"
        case .netrc: variable("NETRC") ?? home / ".netrc"
        case .npmrc:
            variable("NPM_CONFIG_USERCONFIG") ?? variable("npm_config_userconfig")
                ?? home / ".npmrc"
        case .pip:
            variable("PIP_CONFIG_FILE")
                ?? (variable("XDG_CONFIG_HOME") ?? home / ".config") / "pip/pip.conf"
        case .dockerConfig:
            (variable("DOCKER_CONFIG") ?? home / ".docker") / "config.json"
        case .docker: "secrets"
        case .compose: "compose.passel.yaml"
        case .envrc: ".envrc"
        case .dotenv: ".env"
        case .kubernetes, .json, .template: nil
        }
    }

    /// A file with `~` for the home folder, as the log and lists have it.
    func shown(_ path: Path) -> Text {
        let folder = Files.resolved(home) ?? home
        guard !home.isEmpty, let relative = path.relative(to: folder) else {
            return Text(path.bytes)
        }
        return "~/\(relative)"
    }

    private var home: Path { variable("HOME") ?? "" }

    private func variable(_ name: String) -> Path? {
        settings.environment[name].flatMap { $0.isEmpty ? nil : Path($0) }
    }
}
