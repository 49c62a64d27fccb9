import PasselCore

/// The lines before an answer of HTTP, as far as they matter.
struct HTTPHead {
    private(set) var retryAfter: Int?
    private(set) var location: [UInt8]?
    private(set) var challenge: [UInt8]?
    private(set) var isExhausted = false

    /// Takes a line as it came; a status line begins anew, for there may be several heads.
    mutating func take(_ line: [UInt8]) {
        let line = line.filter { $0 != .carriageReturn && $0 != .newline }
        if line.starts(with: "HTTP/".utf8) { self = HTTPHead() }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = line[(colon + 1)...].trimmingBlanks
        switch String(decoding: line[..<colon].map(\.asciiLowercased), as: UTF8.self) {
        case "retry-after":
            // The other form, a date, is not used by those who limit rates.
            retryAfter = Int(String(decoding: value, as: UTF8.self)).map { min(max(0, $0), 86_400) }
        case "location": location = value
        case "www-authenticate": challenge = challenge ?? value
        case "x-ratelimit-remaining", "ratelimit-remaining":
            isExhausted = value.elementsEqual("0".utf8)
        default: break
        }
    }
}
