import Foundation

extension KeyForge {
    /// Replaces the self-signature of a key's user id by one that advertises authenticated
    /// encryption: what GnuPG 2.3 and later write of themselves.
    ///
    /// GnuPG 2.2 cannot be told to; its agent signs whatever it is given.
    func advertise(_ fingerprint: String) throws {
        let packets = Self.packets(try gpg(home, ["--export", fingerprint]).stdout)
        guard packets.map(\.tag).starts(with: [6, 13, 2]) else {
            throw TestingProblem("a key that is built in another way")
        }
        let (key, userID, old) = (packets[0].body, packets[1].body, packets[2].body)
        let signed = Self.subpackets(old).flatMap { subpacket -> Bytes in
            var subpacket = subpacket
            // A second later, and with the features MDC (1) and AEAD (2).
            if subpacket[0] & 0x7F == 2 { subpacket[4] += 1 }
            if subpacket[0] & 0x7F == 30 { subpacket[1] = 3 }
            return [UInt8(subpacket.count)] + subpacket
        }
        let area = signed + [2, 34, 2]  // preferred: OCB
        let head: Bytes = [4, 0x13, 22, 10] + Self.number(area.count, 2) + area
        let content =
            [0x99] + Self.number(key.count, 2) + key + [0xB4] + Self.number(userID.count, 4)
            + userID + head + [4, 0xFF] + Self.number(head.count, 4)
        let digest = try gpg(home, ["--print-md", "SHA512"], input: content).stdout
            .filter { !$0.isSpace }
        let issuer: Bytes = [9, 16] + (Self.bytes(hex: fingerprint.suffix(16)))
        let body =
            head + Self.number(issuer.count, 2) + issuer
            + Self.bytes(hex: digest.text.prefix(4)) + (try sign(digest.text, fingerprint))
        let made = [(6, key), (13, userID), (2, body)] + packets.dropFirst(3)
        try gpg(
            home, ["--import"],
            input: made.flatMap { [0x81 | UInt8($0.0) << 2] + Self.number($0.1.count, 2) + $0.1 })
    }

    /// The two numbers of an Ed25519 signature of a digest, as a packet has them.
    private func sign(_ digest: String, _ fingerprint: String) throws -> Bytes {
        let grips = try gpg(home, ["--list-keys", "--with-colons", "--with-keygrip", fingerprint])
            .stdout.lines.map(\.text).filter { $0.hasPrefix("grp:") }
        let grip = grips.first.map { $0.filter { $0 != ":" }.dropFirst(3) } ?? ""
        let said = "SIGKEY \(grip)\nSETHASH --hash=sha512 \(digest)\nPKSIGN\n/bye\n"
        let answer = try Invocation.tool(
            "gpg-connect-agent", ["--homedir", home], input: Bytes(said.utf8)
        ).stdout
        let marks = ["(1:r32:", "(1:s32:"].map { Data($0.utf8) }
        let data = Data(Self.unescaped(answer))
        return try marks.flatMap { mark -> Bytes in
            guard let place = data.range(of: mark), data.count >= place.upperBound + 32 else {
                throw TestingProblem("the agent does not sign: \(answer.text)")
            }
            let digits = Bytes(data[place.upperBound...].prefix(32)).drop { $0 == 0 }
            let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
            return Self.number(bits, 2) + digits
        }
    }

    /// The agent writes percent signs and line ends as `%HH`.
    private static func unescaped(_ bytes: Bytes) -> Bytes {
        var result = Bytes()
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25, let value = UInt8(Bytes(rest.prefix(2)).text, radix: 16) else {
                result.append(byte)
                continue
            }
            result.append(value)
            rest = rest.dropFirst(2)
        }
        return result
    }

    /// The packets of a key as gpg exports it, with headers of the old format.
    private static func packets(_ bytes: Bytes) -> [(tag: Int, body: Bytes)] {
        var result: [(tag: Int, body: Bytes)] = []
        var rest = bytes[...]
        while let header = rest.popFirst() {
            let count = [1, 2, 4, 0][Int(header & 3)]
            let length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
            result.append((Int(header >> 2 & 15), Bytes(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return result
    }

    /// The signed subpackets of a signature of version 4, each shorter than 192 bytes.
    private static func subpackets(_ signature: Bytes) -> [Bytes] {
        let count = Int(signature[4]) << 8 | Int(signature[5])
        var rest = signature[6...].prefix(count)
        var result: [Bytes] = []
        while let length = rest.popFirst() {
            result.append(Bytes(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
        }
        return result
    }

    private static func number(_ value: Int, _ count: Int) -> Bytes {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }

    private static func bytes(hex: some StringProtocol) -> Bytes {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || self == 0x0A }
}
