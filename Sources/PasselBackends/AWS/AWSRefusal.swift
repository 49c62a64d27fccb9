import PasselCore

/// Why AWS did not do what it was asked.
struct AWSRefusal {
    /// The name of the error.
    let type: String
    let failure: BackendFailure
    private let message: [UInt8]

    /// - Parameter isSafe: whether nothing that was sent is secret, so that the message is.
    init(
        _ response: HTTPResponse, by host: Text, key: AWSCredentials, isSafe: Bool
    ) {
        let found = Self.parsed(response.body)
        message = found.message
        // It may have a name in front, and more behind.
        let name = found.type.split(separator: UInt8(ascii: "#")).last ?? []
        let word = name.prefix { $0 != UInt8(ascii: ":") }.prefix(80)
        let letters = word.filter { $0.isDigit || (0x61...0x7a).contains($0 | 0x20) }
        type = String(decoding: letters, as: UTF8.self)
        let kind = Self.kind(type, response.status)
        var told: Text = "\(host) answers \(response.status)"
        if !type.isEmpty { told += " \(type)" }
        if isSafe {
            let said = ServerMessage.text(
                [Text(found.message)],
                hiding: [key.id, key.secret] + [key.session].compactMap(\.self))
            if !said.bytes.isEmpty { told += ": \(said)" }
        }
        var setting: Text?
        if kind == .auth {
            told = "\(host) does not take the credentials of \(key.origin): \(type)"
            setting = key.setting
        }
        failure = BackendFailure(
            kind, kind == .conflict ? "" : told, setting: setting, retryAfter: response.retryAfter)
    }

    /// Whether the message has a word in it.
    func says(_ words: String) -> Bool { message.includes(Array(words.utf8)) }

    private static func kind(_ type: String, _ status: Int) -> BackendFailure.Kind {
        switch type {
        case "ResourceNotFoundException": return .missing
        case "ResourceExistsException": return .conflict
        case "AccessDenied", "AccessDeniedException", "DecryptionFailure",
            "KMSAccessDeniedException":
            return .permission
        case "InvalidSignatureException", "UnrecognizedClientException", "ExpiredTokenException",
            "MissingAuthenticationTokenException", "InvalidClientTokenId", "ExpiredToken",
            "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
            "InvalidAccessKeyId":
            return .auth
        case "ThrottlingException", "Throttling", "TooManyRequestsException",
            "RequestLimitExceeded":
            return .rateLimit
        case "InternalServiceError", "InternalServiceErrorException", "InternalFailure",
            "ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout":
            return .transient
        default: break
        }
        switch status {
        case 401: return .auth
        case 403: return .permission
        case 408, 500...: return .transient
        case 429: return .rateLimit
        default: return .validation
        }
    }

    /// The type and the message in JSON, or in the XML of older services.
    private static func parsed(_ body: Secret) -> (type: [UInt8], message: [UInt8]) {
        body.withBytes { bytes in
            if let json = JSONPlaces(bytes) {
                let message = json.text(json["message"]) ?? json.text(json["Message"])
                return (json.text(json["__type"])?.bytes ?? [], message?.bytes ?? [])
            }
            func text(_ name: String) -> [UInt8] {
                AWSXML.element(name, in: bytes).map { Array(bytes[$0]) } ?? []
            }
            return (text("Code"), text("Message"))
        }
    }
}
