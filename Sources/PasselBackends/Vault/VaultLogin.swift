import PasselCore
import PasselPosix

/// What we are known by: a token, or the role and secret of an AppRole that get us one.
enum VaultLogin {
    case token(Secret, setting: Text?, origin: Text)
    case role(Secret, secret: Secret, path: [UInt8], setting: Text?)

    /// What the settings say, else the variables, else the file that the tools of Vault leave.
    ///
    /// - Throws: a `BackendFailure` when there is nothing.
    init(_ setup: BackendSetup) throws {
        if let token = setup.secret("token") {
            self = .token(token.value, setting: token.setting, origin: token.origin)
            return
        }
        if let role = setup.secret("role-id") {
            guard let secret = setup.secret("secret-id") else {
                throw BackendFailure(
                    .auth, "role-id is set, but secret-id is not", setting: "secret-id")
            }
            let name = try setup.text("approle")?.value ?? "approle"
            let path = Array("/v1/auth/".utf8) + PercentEncoding.encode(name.bytes)
            self = .role(
                role.value, secret: secret.value, path: path + Array("/login".utf8),
                setting: "secret-id")
            return
        }
        if let token = setup.secret("token", "BAO_TOKEN", "VAULT_TOKEN") {
            self = .token(token.value, setting: nil, origin: token.origin)
            return
        }
        guard let home = setup.home, FileStatus.isFile(home / ".vault-token") else {
            throw BackendFailure(
                .auth, "there is no token: set token, VAULT_TOKEN, or role-id and secret-id",
                setting: "token")
        }
        let content = try Files.readSecret(home / ".vault-token", limit: 1 << 16)
        guard let line = content.line(1)?.trimmed, !line.isEmpty else {
            throw BackendFailure(.auth, "the file ~/.vault-token is empty", setting: "token")
        }
        self = .token(line, setting: nil, origin: "the file ~/.vault-token")
    }

    /// The token; for an AppRole, the one that the server gives.
    ///
    /// - Parameter ask: sends a body to a path, and gives the answer.
    func token(_ ask: ([UInt8], Secret) throws -> Secret) throws -> Secret {
        switch self {
        case .token(let token, _, _): return token
        case .role(let role, let secret, let path, _):
            guard let role = role.asJSONString, let secret = secret.asJSONString else {
                throw BackendFailure(.auth, "role-id and secret-id are text", setting: "secret-id")
            }
            let answer = try ask(
                path,
                Secret([
                    "{\"role_id\":", .secret(role), ",\"secret_id\":", .secret(secret), "}",
                ]))
            return try answer.withBytes { bytes in
                guard let json = JSONPlaces(bytes), let auth = json["auth"],
                    let token = json.secret(json[auth, "client_token"]), !token.isEmpty
                else { throw VaultServer.nonsense }
                return token
            }
        }
    }

    /// Whether another token can be had.
    var isRenewable: Bool {
        if case .role = self { true } else { false }
    }

    /// The setting that mends it.
    var setting: Text? {
        switch self {
        case .token(_, let setting, _), .role(_, _, _, let setting): setting
        }
    }

    /// What to say when a server does not take it.
    func refusal(by host: Text) -> BackendFailure {
        switch self {
        case .token(_, let setting, let origin):
            BackendFailure(
                .auth, "\(host) does not take the token of \(origin)", setting: setting ?? "token")
        case .role:
            BackendFailure(
                .auth, "\(host) does not take role-id and secret-id", setting: "secret-id")
        }
    }
}

extension Secret {
    /// Without blanks and line ends at either side.
    fileprivate var trimmed: Secret {
        let place = withBytes { bytes in
            let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.count
            return start..<((bytes.lastIndex { $0 > 0x20 } ?? start - 1) + 1)
        }
        return slice(place)
    }
}
