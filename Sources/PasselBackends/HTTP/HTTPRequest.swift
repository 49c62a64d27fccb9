import PasselCore

/// One question to a server.
struct HTTPRequest {
    /// `GET`, `POST`, `LIST`.
    let method: String
    /// Behind the server's address, from its slash on, encoded, with its query.
    let path: [UInt8]
    /// What is sent, of the kind that a header names.
    var body: Secret?
    /// Lines of the head, without the ends of lines.
    var headers: [Secret] = []
    /// Who signs it, the way AWS wants it: an access key as `ID:SECRET`, and for what.
    var signature: (key: Secret, scope: Text)?

    init(_ method: String, _ path: [UInt8]) {
        self.method = method
        self.path = path
    }

    /// Adds a line to the head.
    ///
    /// - Throws: a `BackendFailure` where the value would be more than one.
    mutating func set(_ header: String, _ value: ContentPiece, setting: Text? = nil) throws {
        let line = Secret([.plain(Array("\(header): ".utf8)), value])
        guard line.withBytes({ $0.allSatisfy { (0x20...0x7e).contains($0) } }) else {
            throw BackendFailure(
                .auth, "the credential has characters that none has", setting: setting)
        }
        headers.append(line)
    }
}

/// What a server answered.
struct HTTPResponse {
    let status: Int
    let body: Secret
    /// In how many seconds it wants to be asked again.
    let retryAfter: Int?
    /// Where it says that the answer is.
    let location: [UInt8]?
    /// How it says that one has to prove who one is.
    let challenge: [UInt8]?
    /// Whether it says that nothing more may be asked for some time.
    let isExhausted: Bool
}
