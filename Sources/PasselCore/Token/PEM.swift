/// A key between its `BEGIN` and `END` lines: RFC 7468, and RFC 1421 for the older ones.
enum PEM {
    /// The bytes in a block; nothing when it has not its end, or something else in it.
    static func content(_ bytes: UnsafeRawBufferPointer) -> Secret? {
        guard let start = bytes.firstIndex(of: .newline), let end = endLine(bytes), end > start
        else { return nil }
        var body = bytes[(start + 1)..<end]
        if let headers = headersEnd(body) { body = body[headers...] }
        return Base64.decode(body, .standard, hasLines: true)
    }

    /// Where the line `-----END …-----` begins that says the same as the first.
    private static func endLine(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let first = bytes.prefix { $0 != .newline && $0 != .carriageReturn }
        let wanted = Array("-----END ".utf8) + first.dropFirst("-----BEGIN ".utf8.count)
        var place = bytes.startIndex
        while let end = bytes[place...].firstIndex(of: .newline) {
            place = end + 1
            if bytes[place...].starts(with: wanted) { return place }
        }
        return nil
    }

    /// Headers end at an empty line.
    private static func headersEnd(_ body: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard body.prefix(while: { $0 != .newline }).contains(UInt8(ascii: ":")) else { return nil }
        var place = body.startIndex
        while let end = body[place...].firstIndex(of: .newline) {
            if body[place..<end].allSatisfy({ $0 == .carriageReturn }) { return end + 1 }
            place = end + 1
        }
        return nil
    }

    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard content(bytes) != nil else { return finding.setMistyped() }
        let label = bytes.prefix { $0 != .newline }
        let isEncrypted =
            label.starts(with: "-----BEGIN ENCRYPTED".utf8)
            || bytes.split(separator: .newline).dropFirst().first?
                .starts(with: "Proc-Type: 4,ENCRYPTED".utf8) == true
        sayEncrypted(isEncrypted, &finding)
    }

    static func sayEncrypted(_ isEncrypted: Bool, _ finding: inout TokenFinding) {
        finding.claim("encrypted", isEncrypted ? "yes" : "no")
        if !isEncrypted { finding.warnings.append("is a private key without a passphrase") }
    }

    /// One whose content other programs judge.
    static func explainOther(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        if endLine(bytes) == nil { finding.setMistyped() }
    }

    static func explainPublic(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        explainOther(bytes, &finding)
        finding.warnings.append("is no secret")
    }
}
