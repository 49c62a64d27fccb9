import PasselCore
import PasselPosix

/// An access key, which signs requests.
struct AWSCredentials {
    let id: Secret
    let secret: Secret
    let session: Secret?
    /// Where it is from, as messages put it, and the setting to mend.
    let origin: Text
    let setting: Text?

    /// Lets libcurl sign a request, whose body and other headers must be there already: Signature
    /// Version 4.
    ///
    /// - Throws: a `BackendFailure` when the key is none.
    func sign(_ request: inout HTTPRequest, _ region: Text, _ service: String) throws {
        if let session {
            try request.set("X-Amz-Security-Token", .secret(session), setting: setting)
        }
        for part in [id, secret] {
            let isWord = part.withBytes { bytes in
                !bytes.isEmpty && bytes.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x3a }
            }
            guard isWord else {
                throw BackendFailure(
                    .auth, "the access key of \(origin) has characters that none has",
                    setting: setting)
            }
        }
        // libcurl does not see what is sent in pieces, and takes its digest from here.
        let body = request.body ?? Secret(plain: "")
        let digest = body.withBytes { Digest(of: $0) }
        try request.set("X-Amz-Content-Sha256", .plain(Array(digest.hex.utf8)))
        request.signature = (
            Secret([.secret(id), ":", .secret(secret)]), "aws:amz:\(region):\(service)"
        )
    }
}

/// Where the access key comes from.
struct AWSCredentialSource {
    private let found: AWSCredentials
    private let role: AWSRole?

    /// The settings, else the variables unless a profile is named in the settings, else the profile.
    ///
    /// - Throws: a `BackendFailure` when there is none.
    init(_ setup: BackendSetup, _ profiles: AWSProfiles, _ region: Text) throws {
        if let own = try Self.pair(setup, "the settings") {
            (found, role) = (own, nil)
            return
        }
        let variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
        if !profiles.isSet, let id = setup.variable(variables[0]) {
            guard let secret = setup.variable(variables[1]) else {
                throw BackendFailure(.auth, "AWS_ACCESS_KEY_ID is set without \(variables[1])")
            }
            found = AWSCredentials(
                id: id, secret: secret, session: setup.variable(variables[2]),
                origin: "AWS_ACCESS_KEY_ID", setting: nil)
            role = nil
            return
        }
        (found, role) = try profiles.credentials(setup, region)
    }

    private static func pair(_ setup: BackendSetup, _ origin: Text) throws -> AWSCredentials? {
        guard let id = setup.secret("access-key-id") else { return nil }
        guard let secret = setup.secret("secret-access-key") else {
            throw BackendFailure(
                .auth, "access-key-id is set without secret-access-key",
                setting: "secret-access-key")
        }
        return AWSCredentials(
            id: id.value, secret: secret.value, session: setup.secret("session-token")?.value,
            origin: origin, setting: "secret-access-key")
    }

    /// The key; where a profile says so, one that is lent to a role.
    func credentials(_ deadline: Deadline) throws -> AWSCredentials {
        try role?.assumed(by: found, deadline) ?? found
    }
}
