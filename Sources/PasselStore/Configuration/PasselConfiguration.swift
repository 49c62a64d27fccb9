public import PasselCore
import PasselGit
public import PasselPosix

/// What to do with entries that came from elsewhere and are not encrypted to whom they should be.
public enum HealPolicy: String, CaseIterable, Sendable {
    /// Encrypt them anew, as long as we can read them.
    case auto
    /// Ask first; without a terminal, only say so.
    case ask
    /// Only say so.
    case never
}

/// What happens in the background after a change.
public enum Autosync: String, CaseIterable, Sendable {
    /// Nothing.
    case off
    /// What others changed is fetched and merged.
    case pull
    /// It is fetched and merged, and what we changed is pushed.
    case full
}

/// What the index keeps of an entry.
public enum IndexPolicy: String, CaseIterable, Sendable {
    /// Its fields and its session key.
    case full
    /// Its fields only.
    case metadata
    /// Nothing: there is no index.
    case off
}

/// What the user configured for passel itself; read when it is first asked for.
///
/// Later ones stand over earlier ones: `/etc/passel/config`, `$XDG_CONFIG_HOME/passel/config`, the
/// section `passel` of the configuration of the store's repository, the environment. Nothing that
/// is stored in git has a say: each of these decides whom to trust or when to use the network.
public struct PasselConfiguration {
    private let layers: ConfigurationLayers

    /// The configuration of the store at `root`.
    public init(store root: Path, environment: ProcessEnvironment, system: Path = Self.system) {
        layers = ConfigurationLayers(store: root, environment: environment, system: system)
    }

    /// The file for all users of the machine.
    public static let system: Path = "/etc/passel/config"

    /// The folder with the user's own file; nothing without a home folder.
    public static func userFolder(_ environment: ProcessEnvironment) -> Path? {
        ConfigurationLayers.userFolder(environment)
    }

    /// `passel.heal`; `auto` unless said otherwise.
    ///
    /// - Throws: a `Problem` for a value that is none, or a file that cannot be read.
    public var heal: HealPolicy {
        get throws {
            try choice("heal", "auto")
        }
    }

    /// `passel.autosync`; `off` unless said otherwise.
    ///
    /// - Throws: as `heal`.
    public var autosync: Autosync {
        get throws {
            try choice("autosync", "off")
        }
    }

    /// `passel.require-signed`: whether a commit from elsewhere is refused unless somebody of the
    /// team signed it.
    ///
    /// - Throws: as `heal`.
    public var requiresSigned: Bool {
        get throws {
            guard let setting = try layers.setting("require-signed") else { return false }
            switch String(decoding: setting.value.map(\.asciiLowercased), as: UTF8.self) {
            // git takes a key without a value for true; here it is on the safe side anyway.
            case "true", "yes", "on", "1", "": return true
            case "false", "no", "off", "0": return false
            default: throw setting.problem(wanted: "true or false", example: "true")
            }
        }
    }

    /// `passel.timeout`: after how many seconds without a sign of life a server is given up; 30
    /// unless said otherwise.
    ///
    /// - Throws: as `heal`.
    public var timeout: Int {
        get throws {
            guard let setting = try layers.setting("timeout") else { return 30 }
            guard setting.value.allSatisfy(\.isDigit),
                let seconds = Int(String(decoding: setting.value, as: UTF8.self)),
                (1...86_400).contains(seconds)
            else { throw setting.problem(wanted: "a number of seconds", example: "30") }
            return seconds
        }
    }

    /// `passel.index`; nothing where nobody said anything: then it follows from where the user's
    /// key is.
    ///
    /// - Throws: as `heal`.
    public var index: IndexPolicy? {
        get throws {
            try layers.setting("index") == nil ? nil : choice("index", "full")
        }
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ standard: String
    ) throws -> Choice {
        let setting = try layers.setting(key)
        let value = setting.map { String(decoding: $0.value, as: UTF8.self) } ?? standard
        if let choice = Choice(rawValue: value) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        let wanted = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        guard let setting else { preconditionFailure("no standard for passel.\(key)") }
        throw setting.problem(wanted: wanted, example: standard)
    }
}
