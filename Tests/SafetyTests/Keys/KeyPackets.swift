import PasselTesting

/// The packets of an OpenPGP key, taken apart so that one can be forged.
struct KeyPackets {
    /// One packet: its tag and its body.
    struct Packet {
        var tag: UInt8
        var body: Bytes
    }

    static let signature: UInt8 = 2
    static let primary: UInt8 = 6
    static let userID: UInt8 = 13
    static let subkey: UInt8 = 14

    var packets: [Packet] = []

    /// Takes apart a key as gpg exports it: whole lengths, old and new headers.
    init(_ bytes: Bytes) throws {
        var rest = bytes[...]
        func number(_ count: Int) throws -> Int {
            guard rest.count >= count else { throw TestingProblem("a key ends too soon") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        }
        while let head = rest.popFirst() {
            let isNew = head & 0x40 != 0
            let tag = isNew ? head & 0x3F : (head >> 2) & 0x0F
            var length: Int
            if isNew {
                length = try number(1)
                if length == 255 {
                    length = try number(4)
                } else if length >= 192 {
                    length = (length - 192) << 8 + (try number(1)) + 192
                }
            } else {
                length = try number([1, 2, 4, 0][Int(head & 3)])
            }
            guard rest.count >= length else { throw TestingProblem("a key ends too soon") }
            packets.append(Packet(tag: tag, body: Bytes(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
    }

    /// The key as a file, with four-byte lengths.
    var bytes: Bytes {
        packets.flatMap { packet in
            [0xC0 | packet.tag, 255] + Self.bigEndian(packet.body.count, 4) + packet.body
        }
    }

    /// The body of the primary key.
    var primaryBody: Bytes { packets.first { $0.tag == Self.primary }?.body ?? [] }

    // MARK: Forgeries

    /// With the end of the primary key and of all subkeys moved so many seconds away from their
    /// beginning, in the signed part of the signatures, which are then wrong.
    func prolongedInSignedPart(to seconds: Int) throws -> KeyPackets {
        var forged = self
        var count = 0
        try forged.eachSelfSignature { signature in
            for (index, subpacket) in signature.signed.enumerated() where subpacket.first == 9 {
                signature.signed[index] = [9] + Self.bigEndian(seconds, 4)
                count += 1
            }
        }
        guard count > 0 else { throw TestingProblem("the key has no end to be forged") }
        return forged
    }

    /// With another end in the part of the signatures that is not signed: they are still good.
    func prolongedInUnsignedPart(to seconds: Int) throws -> KeyPackets {
        var forged = self
        try forged.eachSelfSignature { signature in
            signature.unsigned.insert([9] + Self.bigEndian(seconds, 4), at: 0)
        }
        return forged
    }

    /// With self-signatures of which each lacks a bit.
    func withBrokenSignatures() throws -> KeyPackets {
        var forged = self
        try forged.eachSelfSignature { signature in
            guard let last = signature.rest.indices.last else { return }
            signature.rest[last] ^= 1
        }
        return forged
    }

    /// With the subkeys of another key, and that key's signatures over them, in the place of its own.
    func withSubkeys(of other: KeyPackets) -> KeyPackets {
        var forged = self
        let own = packets.firstIndex { $0.tag == Self.subkey } ?? packets.endIndex
        let stolen = other.packets.firstIndex { $0.tag == Self.subkey } ?? other.packets.endIndex
        forged.packets = Array(packets[..<own]) + Array(other.packets[stolen...])
        return forged
    }

    private mutating func eachSelfSignature(_ change: (inout KeySignature) -> Void) throws {
        for index in packets.indices where packets[index].tag == Self.signature {
            var signature = try KeySignature(packets[index].body)
            change(&signature)
            packets[index].body = signature.body
        }
    }

    static func bigEndian(_ number: Int, _ count: Int) -> Bytes {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }
}

/// A version 4 signature: RFC 4880 §5.2.3.
struct KeySignature {
    /// Version, type and algorithms.
    private let head: Bytes
    /// The subpackets that are signed, each with its type first.
    var signed: [Bytes]
    /// Those that are not.
    var unsigned: [Bytes]
    /// The digest's first bytes and the signature itself.
    var rest: Bytes

    init(_ body: Bytes) throws {
        guard body.count > 6, body[0] == 4 else { throw TestingProblem("no version 4 signature") }
        head = Bytes(body[..<4])
        var rest = body[4...]
        signed = Self.subpackets(&rest)
        unsigned = Self.subpackets(&rest)
        self.rest = Bytes(rest)
    }

    var body: Bytes { head + Self.area(signed) + Self.area(unsigned) + rest }

    private static func subpackets(_ rest: inout ArraySlice<UInt8>) -> [Bytes] {
        let count = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        var area = rest.dropFirst(2).prefix(count)
        rest = rest.dropFirst(2 + count)
        var found: [Bytes] = []
        while let first = area.popFirst() {
            var length = Int(first)
            if length >= 192, length < 255, let second = area.popFirst() {
                length = (length - 192) << 8 + Int(second) + 192
            }
            found.append(Bytes(area.prefix(length)))
            area = area.dropFirst(length)
        }
        return found
    }

    /// The subpackets behind one another; all of ours are shorter than 192 bytes.
    private static func area(_ subpackets: [Bytes]) -> Bytes {
        let content = subpackets.flatMap { [UInt8($0.count)] + $0 }
        return KeyPackets.bigEndian(content.count, 2) + content
    }
}
