import PasselPosix
import PasselTesting

extension ProcessEnvironment {
    /// Exactly these variables.
    init(_ variables: [String: Bytes]) {
        self = .current
        for entry in entries {
            self[String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)] = nil
        }
        for (name, value) in variables { self[name] = value }
    }
}
