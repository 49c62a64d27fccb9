/// What a JSON Web Token says: RFC 7519.
///
/// Its signature is its issuer's to check.
enum JWT {
    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64.decode(parts[0], .url),
            let body = Base64.decode(parts[1], .url)
        else { return finding.setMistyped() }
        let isHead = head.withBytes { bytes -> Bool in
            guard let json = JSONPlaces(bytes), case .object = json.root else { return false }
            let algorithm = json.text(json["alg"])
            finding.claim("algorithm", algorithm)
            finding.claim("key-id", json.text(json["kid"]))
            if algorithm?.bytes.map(\.asciiLowercased) == Array("none".utf8) || parts[2].isEmpty {
                finding.warnings.append("is not signed: anybody can have made it")
            }
            // An encrypted one has no claims to read.
            return algorithm != nil
        }
        let isBody = body.withBytes { bytes -> Bool in
            guard let json = JSONPlaces(bytes), case .object = json.root else { return false }
            claims(json, &finding)
            return true
        }
        if !isHead || !isBody { finding.setMistyped() }
    }

    private static func claims(_ json: JSONPlaces, _ finding: inout TokenFinding) {
        finding.claim("issuer", json.text(json["iss"]))
        finding.claim("subject", json.text(json["sub"]))
        finding.claim("audience", json.texts(json["aud"]))
        finding.claim("scope", json.text(json["scope"]))
        for (name, place) in [
            ("iat", \TokenFinding.issued), ("nbf", \TokenFinding.notBefore),
            ("exp", \TokenFinding.expires),
        ] {
            guard let node = json[name] else { continue }
            finding[keyPath: place] = Instant(claimed: json.integer(node))
            if finding[keyPath: place] == nil {
                finding.warnings.append("its \(name) is no time")
            }
        }
    }
}
