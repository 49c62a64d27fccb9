/// An address `https://HOST[:PORT]/PATH` without user, query and fragment.
public struct WebAddress: Sendable, Equatable {
    /// `https` or `http`.
    public let scheme: [UInt8]
    /// With its port, if it names one.
    public let host: [UInt8]
    /// From its first slash on; empty where there is none.
    public let path: [UInt8]

    /// Reads an address; nothing for another form of it, or characters that none has.
    public init?(_ text: [UInt8]) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = text[..<colon].map(\.asciiLowercased)
        guard scheme == Array("https".utf8) || scheme == Array("http".utf8),
            text[(colon + 1)...].starts(with: "//".utf8)
        else { return nil }
        let rest = text[(colon + 3)...]
        let slash = rest.firstIndex(of: .slash) ?? rest.endIndex
        let (host, path) = (Array(rest[..<slash]), Array(rest[slash...]))
        guard !host.isEmpty,
            host.allSatisfy({ Self.isWord($0) || "-.:[]_".utf8.contains($0) }),
            path.allSatisfy({ Self.isWord($0) || "/-._~%+@:=,".utf8.contains($0) })
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.path = path
    }

    /// The host without a port.
    public var hostName: [UInt8] {
        guard host.first != UInt8(ascii: "[") else { return host }
        return Array(host.prefix { $0 != UInt8(ascii: ":") })
    }

    /// The address again.
    public var text: Text { "\(scheme)://\(host)\(path)" }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7a).contains(byte | 0x20)
    }
}
