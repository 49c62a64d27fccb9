/// What an OpenPGP file says about its readers, without decrypting it.
public struct PacketReader: Sendable, Equatable {
    /// The long key ids in its public-key session-key packets, sorted; hidden ones are sixteen zeros.
    public private(set) var readers: [String] = []
    /// The tags of all packets, in order.
    public private(set) var tags: [Int] = []

    /// Reads the packet headers of RFC 4880 in `bytes`; stops where they stop making sense.
    public init(_ bytes: Bytes) {
        var rest = bytes[...]
        while let header = rest.popFirst(), header & 0x80 != 0 {
            let isNew = header & 0x40 != 0
            let tag = isNew ? header & 0x3F : (header >> 2) & 0x0F
            tags.append(Int(tag))
            // Everything after the session keys is the message.
            guard tag == 1 || tag == 3 else { break }
            let length =
                isNew
                ? PacketReader.newLength(&rest)
                : PacketReader.bigEndian(&rest, count: [1, 2, 4, 0][Int(header & 0x03)])
            guard let length, length <= rest.count else { break }
            let body = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard tag == 1, body.count >= 9 else { continue }
            readers.append(PacketReader.hex(body.dropFirst().prefix(8)))
        }
        readers.sort()
    }

    /// The long key ids that gpg itself lists for a message.
    static func gpgReaders(_ message: Bytes) throws -> [String] {
        // Without keys: the forge's keyring may be changing at this moment.
        let home = KeyForge.shared.home + "/keyless"
        try Disk.makeFolder(home)
        let options = ["--homedir", home, "--batch", "--no-tty", "--no-autostart"]
        let listing = try Invocation.tool(
            "gpg", options + ["--list-only", "--list-packets"], input: message)
        guard listing.status == 0 else {
            throw TestingProblem("gpg cannot list it: \(listing.stderr.text)")
        }
        return listing.stdout.lines.map(\.text).filter { $0.hasPrefix(":pubkey enc packet:") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Bytes("0123456789ABCDEF".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }.text
    }

    private static func newLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        switch first {
        case ..<192: return Int(first)
        case 192..<224:
            guard let second = rest.popFirst() else { return nil }
            return (Int(first) - 192) << 8 + Int(second) + 192
        case 255: return bigEndian(&rest, count: 4)
        default: return nil  // partial lengths are for data packets only
        }
    }

    private static func bigEndian(_ rest: inout ArraySlice<UInt8>, count: Int) -> Int? {
        guard count > 0, rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }
}
