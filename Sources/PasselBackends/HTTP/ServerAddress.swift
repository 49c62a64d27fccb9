import PasselCore

/// Where a server listens: `https`, or on this machine `http`, too.
struct ServerAddress {
    let address: WebAddress

    /// The address that a setting or a variable has.
    ///
    /// - Parameter isOnLink: whether it may be one that no router passes on (RFC 3927), by which
    ///   machines in a cloud find what is on their host.
    /// - Throws: a `BackendFailure` for none, and for one that would send credentials in clear.
    init(_ found: BackendSetup.Found<Text>, isOnLink: Bool = false) throws {
        var bytes = found.value.bytes
        while bytes.last == .slash { bytes.removeLast() }
        guard let address = WebAddress(bytes) else {
            throw BackendFailure(
                .validation, "\(found.origin) is no address such as https://vault.example.org:8200",
                setting: found.setting)
        }
        self.address = address
        guard isEncrypted || isLocal || isOnLink && isNumber("169.254") else {
            throw BackendFailure(
                .validation,
                "\(found.origin) has to begin with https://: credentials do not travel in clear",
                setting: found.setting)
        }
    }

    /// Whether nobody on the way can read along.
    var isEncrypted: Bool { address.scheme.elementsEqual("https".utf8) }

    /// Whether it is this machine.
    var isLocal: Bool {
        if address.host.first == UInt8(ascii: "[") {
            return address.host.starts(with: "[::1]".utf8)
        }
        return address.hostName.map(\.asciiLowercased).elementsEqual("localhost".utf8)
            || isNumber("127")
    }

    /// Whether the host is four numbers that begin so.
    private func isNumber(_ start: String) -> Bool {
        let parts = address.hostName.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(\.isDigit) }
            && address.hostName.starts(with: "\(start).".utf8)
    }

    /// The host, as messages name it.
    var host: Text { Text(address.host) }

    /// Whether another address is the same server.
    func isSame(_ other: WebAddress) -> Bool {
        other.scheme == address.scheme && Self.full(other) == Self.full(address)
    }

    /// The host in lower case, always with its port.
    private static func full(_ address: WebAddress) -> [UInt8] {
        let host = address.host.map(\.asciiLowercased)
        let name = host.prefix { $0 != UInt8(ascii: "]") }
        let hasPort = host[(host.first == UInt8(ascii: "[") ? name.count : 0)...]
            .contains(UInt8(ascii: ":"))
        let usual = address.scheme.elementsEqual("https".utf8) ? ":443" : ":80"
        return hasPort ? host : host + Array(usual.utf8)
    }
}
