/// Whatever is taken for a token: no trap, nothing of a short one told, and JSON read as it is.
func fuzzTokens(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    let bytes = Array(input)
    check(Secret(copying: bytes))

    // As the head and the body of one, a line feed between them.
    let parts = bytes.split(separator: .newline, maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
        let point = Secret(plain: ".")
        check(
            Secret(joining: [
                Base64.encode(parts[0], .url), point, Base64.encode(parts[1], .url), point,
                Secret(plain: "c2ln"),
            ]))
    }
    // A key in armour.
    check(
        Secret(joining: [
            Secret(plain: "-----BEGIN OPENSSH PRIVATE KEY-----\n"),
            Base64.encode(Array("openssh-key-v1\0".utf8) + bytes, .standard),
            Secret(plain: "\n-----END OPENSSH PRIVATE KEY-----\n"),
        ]))
    if let json = JSONPlaces(input) {
        _ = json.text(json.root)
        _ = json.texts(json["aud"])
        _ = json.integer(json["exp"])
    }
    return 0
}

private func check(_ token: Secret) {
    let pasted = PastedToken(token)
    precondition(pasted.clean.count <= token.count)
    // A mark may come together out of its pieces.
    if !token.withBytes({ $0.contains(0xEF) }) {
        let again = PastedToken(pasted.clean)
        precondition(again.clean == pasted.clean && again.flaws.isEmpty)
    }
    guard let finding = token.tokenFinding else { return }
    if let last = finding.lastFour {
        precondition(token.count >= 12 && last.bytes.count == 4)
    }
    for time in [finding.issued, finding.notBefore, finding.expires] {
        if let time { precondition(Instant(time.spelling.bytes) == time) }
    }
}
