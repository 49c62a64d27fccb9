@testable import PasselCore

/// Tokens for tests, put together from parts at run time: none stands in a file.
enum TokenSamples {
    /// A PyPI token whose caveats are these, under the key of the published vectors.
    static func pypi(
        _ caveats: [String], location: String = "pypi.org", key: String = "a-test-key-of-any-length"
    ) -> String {
        "pypi-" + Base64.encode(macaroon(caveats, location: location, key: key), .url).text
    }

    /// Packets, and the chain of signatures.
    static func macaroon(
        _ caveats: [String], location: String = "pypi.org", key: String = "a-test-key-of-any-length"
    ) -> [UInt8] {
        let identifier = "11111111-2222-4333-8444-555555555555"
        var signature = hmac(Array("macaroons-key-generator".utf8), key)
        signature = hmac(signature, identifier)
        var bytes: [UInt8] = [2] + packet(1, location) + packet(2, identifier) + [0]
        for caveat in caveats {
            signature = hmac(signature, caveat)
            bytes += packet(2, caveat) + [0]
        }
        return bytes + [0, 6, 32] + signature
    }

    private static func packet(_ type: UInt8, _ text: String) -> [UInt8] {
        let count = text.utf8.count
        let length = count < 128 ? [UInt8(count)] : [UInt8(count & 127) | 128, UInt8(count >> 7)]
        return [type] + length + Array(text.utf8)
    }

    private static func hmac(_ key: [UInt8], _ message: String) -> [UInt8] {
        key.withUnsafeBytes { HMAC.code(.sha256, key: $0, message: Array(message.utf8)).bytes }
    }

    /// A beginning, thirty letters and their checksum, as GitHub and npm have it.
    static func checked(_ start: String, _ letters: String) -> String {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let sum = TokenChecksum.spelled(CRC32.of(letters.utf8), digits, width: 6)
        return start + letters + String(decoding: sum, as: UTF8.self)
    }

    /// A GitLab token with this payload; the second edition has a version.
    static func routable(_ start: String, _ payload: String, version: String = "") -> String {
        let bytes = Array(UInt8(0)...15) + Array(payload.utf8) + [UInt8(payload.utf8.count)]
        let body = Base64.encode(bytes, .url).text
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        func spelled(_ number: UInt32, _ width: Int) -> String {
            String(
                decoding: TokenChecksum.spelled(number, digits, width: width), as: UTF8.self)
        }
        let head = start + body + version + "." + spelled(UInt32(body.utf8.count), 2)
        return head + spelled(CRC32.of(head.utf8), 7)
    }

    static func jwt(_ head: String, _ body: String, signature: String = "c2ln") -> String {
        [head, body].map { Base64.encode(Array($0.utf8), .url).text }.joined(separator: ".")
            + "." + signature
    }

    /// So many letters of an alphabet, the same in each run.
    static func letters(_ count: Int, _ alphabet: String) -> String {
        let all = Array(alphabet)
        return String((0..<count).map { all[($0 * 7 + 3) % all.count] })
    }

    static let base62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    static let hex = "0123456789abcdef"
}
