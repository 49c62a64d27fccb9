/// Tokens of which one part is JSON in Base64.
enum TokenHead {
    /// `sntrys_`, the part, `_`, a secret.
    static func sentry(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        let rest = bytes[7...]
        guard let end = rest.lastIndex(of: UInt8(ascii: "_")) else { return finding.setMistyped() }
        read(rest[..<end], &finding) { json, finding in
            finding.issued = Instant(claimed: json.integer(json["iat"]))
            finding.claim("organization", json.text(json["org"]))
            finding.claim("url", json.text(json["region_url"]) ?? json.text(json["url"]))
        }
    }

    /// `ops_` and the part, which also holds the secrets.
    static func onePassword(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        read(bytes[4...], &finding) { json, finding in
            finding.claim("email", json.text(json["email"]))
            finding.claim("url", json.text(json["signInAddress"]))
        }
    }

    private static func read(
        _ part: Slice<UnsafeRawBufferPointer>, _ finding: inout TokenFinding,
        _ body: (JSONPlaces, inout TokenFinding) -> Void
    ) {
        guard let head = Base64.decode(part, .standard) ?? Base64.decode(part, .url) else {
            return finding.setMistyped()
        }
        head.withBytes { bytes in
            guard let json = JSONPlaces(bytes) else { return finding.setMistyped() }
            body(json, &finding)
        }
    }
}
