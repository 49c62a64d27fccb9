import PasselCore
import PasselPosix

/// Whom Key Vault gives access to.
protocol AzureIdentity {
    /// What it is, and how it is to be mended, for messages; without a secret where there is none to
    /// be hidden.
    var credential: BackendSetup.Found<Secret?> { get }

    /// A token for the service of this address.
    ///
    /// - Parameter challenge: asks the vault itself what it wants.
    /// - Throws: a `BackendFailure` when there is none.
    func token(
        for service: Text, _ deadline: Deadline, challenge: () throws -> AzureChallenge
    ) throws -> Secret
}

/// Who asks, in the order of Azure's own libraries: an application, what runs in a cluster or on a
/// machine of Azure, and whoever `az` knows.
enum AzureLogin {
    /// - Throws: a `BackendFailure` when something is missing.
    static func identity(_ setup: BackendSetup) throws -> any AzureIdentity {
        if let application = try AzureApplication(setup) { return application }
        if let managed = try AzureManagedIdentity(setup) { return managed }
        return AzureProgram(setup)
    }
}

/// What a vault says to who comes without a token.
struct AzureChallenge {
    let authority: WebAddress
    let tenant: Text

    /// Reads `Bearer authorization="https://HOST/TENANT", resource="…"`; nothing for anything else.
    init?(_ header: [UInt8]) {
        let name = Array("authorization=\"".utf8)
        guard let start = header.firstRange(of: name)?.upperBound else { return nil }
        let uri = header[start...].prefix { $0 != UInt8(ascii: "\"") }
        guard let slash = uri.lastIndex(of: .slash),
            let authority = WebAddress(Array(uri[..<slash]))
        else { return nil }
        self.authority = authority
        tenant = Text(uri[(slash + 1)...])
    }
}

/// The answer of what gives tokens.
enum AzureToken {
    /// The token in it; nothing where it has none.
    static func token(in body: Secret) -> Secret? {
        body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let token = json.secret(json["access_token"]),
                !token.isEmpty
            else { return nil }
            return token
        }
    }
}
