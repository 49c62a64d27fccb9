import PasselCore

/// Where a server listens: `https`, or on this machine `http`, too.
struct ServerAddress {
    let address: WebAddress

    /// The address that a setting or a variable has.
    ///
    /// - Throws: a `BackendFailure` for none, and for one that would send credentials in clear.
    init(_ found: BackendSetup.Found<Text>) throws {
        var bytes = found.value.bytes
        while bytes.last == .slash { bytes.removeLast() }
        guard let address = WebAddress(bytes) else {
            throw BackendFailure(
                .validation, "\(found.origin) is no address such as https://vault.example.org:8200",
                setting: found.setting)
        }
        self.address = address
        guard isEncrypted || isLocal else {
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
        let name = address.hostName.map(\.asciiLowercased)
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isNumber =
            parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
            }
        return name.elementsEqual("localhost".utf8)
            || isNumber && parts[0].elementsEqual("127".utf8)
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
