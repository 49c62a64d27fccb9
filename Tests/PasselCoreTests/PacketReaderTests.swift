import PasselCore
import Testing

@Suite struct PacketReaderTests {
    private func read(_ bytes: [UInt8]) throws -> [PacketReader.Packet] {
        try bytes.withUnsafeBytes { buffer in
            var reader = PacketReader(buffer)
            var packets: [PacketReader.Packet] = []
            while let packet = try reader.next() { packets.append(packet) }
            return packets
        }
    }

    private func body(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x2A, count: count) }

    @Test(
        arguments: [
            ("new, one octet", [0xD2, 0x03], 3, 18, 2),
            ("new, one octet at its most", [0xC1, 0xBF], 191, 1, 2),
            ("new, two octets at their least", [0xC1, 0xC0, 0x00], 192, 1, 3),
            ("new, two octets at their most", [0xC1, 0xDF, 0xFF], 8383, 1, 3),
            ("new, five octets", [0xFF, 0xFF, 0x00, 0x00, 0x01, 0x00], 256, 63, 6),
            ("new, empty", [0xCB, 0x00], 0, 11, 2),
            ("old, one octet", [0x84, 0x05], 5, 1, 2),
            ("old, two octets", [0x85, 0x01, 0x0C], 268, 1, 3),
            ("old, four octets", [0x86, 0x00, 0x00, 0x00, 0x07], 7, 1, 5),
            ("old, to the end", [0xA7], 9, 9, 1),
        ] as [(String, [UInt8], Int, UInt8, Int)])
    func `a header tells tag and length`(
        _ case: String, header: [UInt8], length: Int, tag: UInt8, start: Int
    ) throws {
        let packets = try read(header + body(length))
        #expect(packets.map(\.tag) == [tag])
        #expect(packets.map(\.body) == [start..<start + length])
    }

    @Test func `partial lengths make one packet, known by its first part`() throws {
        // 2^1 + 2^2 bytes in parts, then a last one of three.
        let bytes: [UInt8] = [0xD2, 0xE1] + body(2) + [0xE2] + body(4) + [0x03] + body(3)
        let packets = try read(bytes + [0xCA, 0x00])
        #expect(packets.map(\.tag) == [18, 10])
        #expect(packets.first?.body == 2..<4)
    }

    @Test func `several packets follow one another`() throws {
        let packets = try read([0x84, 0x01, 0x00, 0xD2, 0x02, 0x01, 0x02, 0xCA, 0x00])
        #expect(packets.map(\.tag) == [1, 18, 10])
        #expect(packets.map(\.body) == [2..<3, 5..<7, 9..<9])
    }

    @Test(
        arguments: [
            ("no length", [0xD2], 0),
            ("half a length", [0xD2, 0xC0], 0),
            ("body too short", [0xD2, 0x05, 0x00], 0),
            ("the largest length", [0xD2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 0),
            ("the largest part", [0xD2, 0xFE, 0x00], 0),
            ("no last part", [0xD2, 0xE0, 0x00], 0),
            ("second packet cut off", [0xCA, 0x00, 0x86, 0x00, 0x00], 2),
        ] as [(String, [UInt8], Int)])
    func `what is cut off is told with the offset of its packet`(
        _ case: String, bytes: [UInt8], offset: Int
    ) throws {
        #expect(throws: PacketReader.Malformed.truncated(offset: offset)) { try read(bytes) }
    }

    @Test func `a byte without the top bit starts no packet`() {
        #expect(throws: PacketReader.Malformed.notAPacket(offset: 2)) {
            try read([0xCA, 0x00, 0x7F])
        }
    }

    @Test func `nothing holds no packet`() throws { #expect(try read([]).isEmpty) }

    @Test func `random bytes never reach beyond the end`() {
        var random = SmallRandom(seed: 1)
        for _ in 0..<20_000 {
            let bytes = random.bytes(count: Int(random.next() % 40))
            guard let packets = try? read(bytes) else { continue }
            #expect(packets.allSatisfy { $0.body.lowerBound >= 0 })
            #expect(packets.allSatisfy { $0.body.upperBound <= bytes.count })
        }
    }
}
