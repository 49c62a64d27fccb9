/// A kind of backend for which passel's own program `passel-backend` speaks.
public struct BuiltInBackend: Sendable {
    /// Something that can be set.
    public struct Setting: Sendable {
        /// Its key.
        public let key: String
        /// What it has.
        public let meaning: String
    }

    /// Its type.
    public let type: BackendName
    /// What it is, in a few words.
    public let meaning: String
    /// What can be set.
    public let settings: [Setting]
    /// How the variables begin that its own tools go by, and it, too.
    public let variables: [String]

    private init(
        _ type: BackendName, _ meaning: String, variables: [String],
        _ settings: KeyValuePairs<String, String>
    ) {
        self.type = type
        self.meaning = meaning
        self.variables = variables
        self.settings = settings.map { Setting(key: $0.key, meaning: $0.value) }
    }

    /// All of them.
    public static let all = [vault, aws, azure, github, gitlab, circleci, secretService]

    /// HashiCorp Vault and OpenBao: its store of keys and values.
    public static let vault = BuiltInBackend(
        .vault, "Vault, OpenBao", variables: ["VAULT_", "BAO_"],
        [
            "address": "https://HOST:PORT", "namespace": "namespace", "mount": "secrets engine",
            "kv": "its version: 1 or 2", "ca": "file with the certificates to trust",
            "token": "token", "role-id": "AppRole: role", "secret-id": "AppRole: secret",
            "approle": "AppRole: where it is mounted",
        ])

    /// AWS Secrets Manager.
    public static let aws = BuiltInBackend(
        .aws, "AWS Secrets Manager", variables: ["AWS_"],
        [
            "region": "region", "profile": "profile of the AWS tools",
            "access-key-id": "access key", "secret-access-key": "its secret",
            "session-token": "its session", "address": "https://HOST of an endpoint",
            "sts-address": "https://HOST of one for roles",
            "ca": "file with the certificates to trust",
        ])

    /// Azure Key Vault.
    public static let azure = BuiltInBackend(
        .azure, "Azure Key Vault", variables: ["AZURE_", "KEY_VAULT_URL", "IDENTITY_"],
        [
            "vault": "name of the vault", "address": "https://HOST of it", "tenant": "tenant",
            "client-id": "application", "client-secret": "its secret",
            "token-file": "file with a token that vouches for it",
            "authority": "https://HOST that gives tokens",
            "managed-identity": "yes on a machine of Azure",
            "identity-endpoint": "http://HOST there that gives tokens",
            "identity-header": "what it wants to be shown",
            "ca": "file with the certificates to trust",
        ])

    /// Secrets of GitHub's Actions, environments, Dependabot and Codespaces.
    public static let github = BuiltInBackend(
        .github, "GitHub Actions", variables: ["GH_", "GITHUB_"],
        [
            "token": "token", "host": "host of a company's server",
            "address": "https://HOST/api/v3 of one",
            "visibility": "of new secrets of an organisation: private or all",
            "ca": "file with the certificates to trust",
        ])

    /// Variables of GitLab CI.
    public static let gitlab = BuiltInBackend(
        .gitlab, "GitLab CI", variables: ["GITLAB_", "GL_HOST"],
        [
            "token": "token", "host": "host of a server of your own",
            "address": "https://HOST of one", "masked": "of new variables: yes, no or hidden",
            "protected": "of new variables: yes or no",
            "ca": "file with the certificates to trust",
        ])

    /// Variables of CircleCI.
    public static let circleci = BuiltInBackend(
        .circleci, "CircleCI", variables: ["CIRCLE_", "CIRCLECI_"],
        [
            "token": "token", "address": "https://HOST of a server of your own",
            "ca": "file with the certificates to trust",
        ])

    /// The keyring of a Linux desktop.
    public static let secretService = BuiltInBackend(
        .secretService, "GNOME Keyring, KWallet, KeePassXC",
        variables: ["DBUS_", "XDG_", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"], [:])

    /// The kind that has this type; nothing where a program on PATH speaks for it.
    public static func named(_ type: BackendName) -> BuiltInBackend? {
        all.first { $0.type == type }
    }

    /// - Throws: a usage `Problem` when there is no such setting.
    public func check(_ setting: BackendSetting) throws(Problem) {
        let keys = settings.map { Text($0.key.utf8) }
        guard keys.contains(setting.key) else {
            throw Problem.usage(
                "\(type.text) has no setting \(setting.key); it has "
                    + keys.joined(separator: ", "))
        }
    }

    /// Whether the program gets a variable: what its own tools go by, the ways to the network, and
    /// what every program needs; nothing else that a user may keep there.
    public func wants(_ variable: [UInt8]) -> Bool {
        let common = [
            "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "http_proxy", "https_proxy",
            "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
        ]
        return common.contains { variable.elementsEqual($0.utf8) }
            || (variables + ["LC_"]).contains { variable.starts(with: $0.utf8) }
    }
}
