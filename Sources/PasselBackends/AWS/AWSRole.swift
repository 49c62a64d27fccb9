import PasselCore

/// A role that a profile takes on for some time.
struct AWSRole {
    let arn: Text
    let external: Text?
    let session: Text
    let region: Text
    /// The way to the Security Token Service.
    let connection: HTTPConnection

    /// The key that the Security Token Service lends.
    ///
    /// - Throws: a `BackendFailure` when it lends none.
    func assumed(by credentials: AWSCredentials, _ deadline: Deadline) throws -> AWSCredentials {
        var request = HTTPRequest("POST", [.slash])
        var form = "Action=AssumeRole&Version=2011-06-15&RoleArn=\(encoded(arn))" as Text
        form += "&RoleSessionName=\(encoded(session))"
        if let external { form += "&ExternalId=\(encoded(external))" }
        request.body = form.bytes.withUnsafeBytes { Secret(copying: $0) }
        try request.set("Content-Type", "application/x-www-form-urlencoded")
        try credentials.sign(&request, region, "sts")
        let response = try connection.response(to: request, by: deadline)
        guard response.status == 200 else {
            throw AWSRefusal(
                response, by: connection.server.host, key: credentials, isSafe: true
            ).failure
        }
        return try response.body.withBytes { bytes in
            guard let id = Self.secret("AccessKeyId", bytes),
                let secret = Self.secret("SecretAccessKey", bytes),
                let session = Self.secret("SessionToken", bytes)
            else { throw AWSServer.nonsense }
            return AWSCredentials(
                id: id, secret: secret, session: session, origin: "the role \(arn)",
                setting: "profile")
        }
    }

    private static func secret(_ name: String, _ bytes: UnsafeRawBufferPointer) -> Secret? {
        guard let place = AWSXML.element(name, in: bytes), !place.isEmpty else { return nil }
        return Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[place]))
    }

    /// As forms have it: what has a meaning there is `%HH`.
    private func encoded(_ text: Text) -> [UInt8] {
        text.bytes.flatMap { byte in
            byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "-._~".utf8.contains(byte)
                ? [byte] : Array("%\([byte].hex)".utf8)
        }
    }
}
