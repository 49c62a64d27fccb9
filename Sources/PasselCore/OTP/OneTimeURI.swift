/// A key to one-time passwords as it is passed around: `otpauth://totp/ISSUER:ACCOUNT?secret=…`.
public struct OneTimeURI: Sendable {
    /// What is wrong with one; says nothing of its content.
    public enum Flaw: String, Error, Sendable {
        /// It has not the form.
        case form = "Cannot parse OTP key URI"
        /// It does not say whose it is.
        case account = "Invalid key URI (missing accountname)"
        /// It has no secret.
        case noSecret = "Invalid key URI (missing secret)"
        /// Its secret is not Base32.
        case secret = "Invalid key URI (the secret is not Base32)"
        /// It does not say how many passwords were made.
        case counter = "Invalid key URI (missing counter)"
        /// Its `digits` are not 6 to 8.
        case digits = "Invalid key URI (digits must be 6, 7 or 8)"
        /// Its `period` is no number of seconds.
        case period = "Invalid key URI (the period is no number of seconds)"
        /// Its `algorithm` is another one.
        case algorithm = "Invalid key URI (the algorithm must be SHA1, SHA256 or SHA512)"
    }

    /// The bytes of the URI.
    public let source: Secret
    /// What it holds.
    public let key: OneTimeKey
    private let counter: Range<Int>?

    /// Whether a line is one, right or wrong.
    public static func isOne(_ line: Secret) -> Bool {
        line.withBytes { $0.starts(with: "otpauth://".utf8) }
    }

    /// Reads one.
    ///
    /// - Throws: `Flaw`.
    public init(_ source: Secret) throws(Flaw) {
        let read = source.withBytes { bytes -> Result<(OneTimeKey, Range<Int>?), Flaw> in
            Result { () throws(Flaw) in try OneTimeReader(bytes).read() }
        }
        self.source = source
        (key, counter) = try read.get()
    }

    /// The URI with the next number in it; the same where passwords depend on the time.
    public var stepped: Secret {
        guard let counter, let number = key.counter else { return source }
        return Secret(joining: [
            source.slice(0..<counter.lowerBound), Secret(plain: String(number &+ 1)),
            source.slice(counter.upperBound..<source.count),
        ])
    }

    /// The URI for a secret in Base32, with what is usual for everything else.
    public static func assembled(secret: Secret, issuer: Text?, account: Text?) -> Secret {
        let issuer = issuer.map(encoded)
        let label = [issuer, account.map(encoded)].compactMap(\.self).joined(separator: ":")
        return Secret(joining: [
            Secret(copying: ("otpauth://totp/\(label)?secret=" as Text).bytes), secret,
            Secret(copying: issuer.map { ("&issuer=\($0)" as Text).bytes } ?? []),
        ])
    }

    private static func encoded(_ text: Text) -> Text {
        Text(
            text.bytes.flatMap { byte -> [UInt8] in
                if byte == 0x20 { return [UInt8(ascii: "+")] }
                let isPlain = ByteClass.url64.contains(byte) || ".~".utf8.contains(byte)
                return isPlain ? [byte] : Array("%".utf8) + Array([byte].hex.utf8)
            })
    }
}

/// Finds the parts of such a URI.
private struct OneTimeReader {
    private let bytes: UnsafeRawBufferPointer
    typealias Part = Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private static let start = "otpauth://"

    func read() throws(OneTimeURI.Flaw) -> (OneTimeKey, Range<Int>?) {
        guard bytes.starts(with: Self.start.utf8), bytes.count <= 64 << 10,
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let question = bytes.firstIndex(of: UInt8(ascii: "?"))
        else { throw .form }
        let head = bytes[Self.start.utf8.count..<question]
        let type = head.prefix { $0 != .slash }
        let typeName = String(decoding: type, as: UTF8.self)
        guard var kind = OneTimeKey.Kind(rawValue: typeName), question + 1 < bytes.count else {
            throw .form
        }
        let (labelIssuer, account) = try label(head.dropFirst(type.count + 1))
        let parameters = parameters(bytes[(question + 1)...])
        if parameters["encoder"]?.elementsEqual("steam".utf8) == true { kind = .steam }

        guard let written = parameters["secret"] else { throw .noSecret }
        guard let secret = Base32.decode(written) else { throw .secret }
        let counter = parameters["counter"].flatMap(number)
        guard kind != .hotp || counter != nil else { throw .counter }
        let key = OneTimeKey(
            kind, secret: secret, hash: try hash(parameters["algorithm"]),
            digits: try digits(parameters["digits"], kind),
            period: try period(parameters["period"]), counter: kind == .hotp ? counter : nil,
            issuer: parameters["issuer"].map { Self.decoded($0) } ?? labelIssuer, account: account)
        let place = kind == .hotp ? parameters["counter"].map { $0.startIndex..<$0.endIndex } : nil
        return (key, place)
    }

    /// `ACCOUNT` or `ISSUER:ACCOUNT`.
    private func label(_ label: Part) throws(OneTimeURI.Flaw) -> (issuer: Text?, account: Text) {
        let parts = label.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { throw .form }
        let last = parts.last.map { Self.decoded($0) } ?? ""
        let first = Self.decoded(parts[0])
        // An empty account behind a colon leaves the name before it.
        let account = last.bytes.isEmpty ? first : last
        guard !account.bytes.isEmpty else { throw .account }
        return (
            parts.count == 2 && !last.bytes.isEmpty && !first.bytes.isEmpty ? first : nil, account
        )
    }

    /// `NAME=VALUE` between `&`; of a name that is there twice the last one counts.
    private func parameters(_ query: Part) -> [String: Part] {
        var result: [String: Part] = [:]
        for part in query.split(separator: UInt8(ascii: "&")) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")),
                equals + 1 < part.endIndex
            else { continue }
            result[String(decoding: part[..<equals], as: UTF8.self)] = part[(equals + 1)...]
        }
        return result
    }

    private func hash(_ value: Part?) throws(OneTimeURI.Flaw) -> HMAC.Hash {
        guard let value else { return .sha1 }
        let name = value.map(\.asciiLowercased)
        let found = HMAC.Hash.allCases.first {
            $0.rawValue.utf8.map(\.asciiLowercased) == name
        }
        guard let found else { throw .algorithm }
        return found
    }

    private func digits(
        _ value: Part?, _ kind: OneTimeKey.Kind
    ) throws(OneTimeURI.Flaw) -> Int {
        guard kind != .steam else { return 5 }
        guard let value else { return 6 }
        guard let digits = number(value), (6...8).contains(digits) else { throw .digits }
        return Int(digits)
    }

    private func period(_ value: Part?) throws(OneTimeURI.Flaw) -> Int64 {
        guard let value else { return 30 }
        guard let period = number(value), (1...86_400).contains(period) else { throw .period }
        return Int64(period)
    }

    private func number(_ value: Part) -> UInt64? {
        guard value.allSatisfy(\.isDigit) else { return nil }
        return UInt64(String(decoding: value, as: UTF8.self))
    }

    /// With `+` for a blank, and `%HH`.
    private static func decoded(_ text: Part) -> Text {
        Text(
            PercentEncoding.decodeLeniently(text.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }))
    }
}
