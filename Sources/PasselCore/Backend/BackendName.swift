/// What a kind of place is called: lower-case letters, digits and `-`, a letter first, at most 32.
public struct BackendName: Sendable, Hashable {
    /// The name.
    public let text: Text

    /// The name that bytes spell; nothing for any other.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 32,
            bytes.allSatisfy({ (0x61...0x7A).contains($0) || $0.isDigit || $0 == 0x2D })
        else { return nil }
        text = Text(bytes)
    }

    /// The one that needs no program: plain files.
    public static let file = BackendName(fixed: "file")
    /// HashiCorp Vault and OpenBao.
    public static let vault = BackendName(fixed: "vault")
    /// The type of AWS Secrets Manager.
    public static let aws = BackendName(fixed: "aws")
    /// The type of secrets of GitHub.
    public static let github = BackendName(fixed: "github")
    /// The type of Azure Key Vault.
    public static let azure = BackendName(fixed: "azure")
    /// The type of variables of GitLab CI.
    public static let gitlab = BackendName(fixed: "gitlab")
    /// The type of variables of CircleCI.
    public static let circleci = BackendName(fixed: "circleci")
    /// The type of the Secret Service of a desktop.
    public static let secretService = BackendName(fixed: "secret-service")

    private init(fixed text: Text) { self.text = text }
}
