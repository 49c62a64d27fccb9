/// Walks over the packets of an OpenPGP message without decrypting anything.
///
/// RFC 4880 §4.2: old and new headers, partial and indeterminate lengths. Never reads past the end,
/// never traps.
public struct PacketReader {
    /// A packet: its tag and where its body starts and ends.
    public struct Packet: Sendable, Equatable {
        /// The packet tag, 0…63.
        public let tag: UInt8
        /// The body; of a packet in partial lengths only the first part.
        public let body: Range<Int>
    }

    /// What is wrong with the bytes, by the offset of the packet.
    public enum Malformed: Error, Equatable {
        case notAPacket(offset: Int)
        case truncated(offset: Int)
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Reads `bytes`, which must outlive the reader.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next packet, or nothing at the end.
    public mutating func next() throws(Malformed) -> Packet? {
        guard offset < bytes.count else { return nil }
        let start = offset
        let header = try byte(start)
        guard header & 0x80 != 0 else { throw .notAPacket(offset: start) }
        if header & 0x40 == 0 { return try oldFormat(header, start) }
        let tag = header & 0x3f
        guard let length = try newLength(start) else {
            return try partial(tag, start)
        }
        return try packet(tag, length, start)
    }

    private mutating func byte(_ start: Int) throws(Malformed) -> UInt8 {
        guard offset < bytes.count else { throw .truncated(offset: start) }
        defer { offset += 1 }
        return bytes[offset]
    }

    private mutating func number(_ count: Int, _ start: Int) throws(Malformed) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 8 | Int(try byte(start)) }
        return value
    }

    private mutating func packet(
        _ tag: UInt8, _ length: Int, _ start: Int
    ) throws(Malformed) -> Packet {
        guard length <= bytes.count - offset else { throw .truncated(offset: start) }
        defer { offset += length }
        return Packet(tag: tag, body: offset..<offset + length)
    }

    private mutating func oldFormat(_ header: UInt8, _ start: Int) throws(Malformed) -> Packet {
        let tag = header >> 2 & 0x0f
        guard header & 3 != 3 else {  // indeterminate: until the end
            return try packet(tag, bytes.count - offset, start)
        }
        return try packet(tag, try number(1 << (header & 3), start), start)
    }

    /// A body length, or nothing for the first of several parts (the offset then still points at
    /// its octet).
    private mutating func newLength(_ start: Int) throws(Malformed) -> Int? {
        let first = try byte(start)
        switch first {
        case ..<192: return Int(first)
        case ..<224: return (Int(first) - 192) << 8 + Int(try byte(start)) + 192
        case 255: return try number(4, start)
        default:
            offset -= 1
            return nil
        }
    }

    private mutating func partial(_ tag: UInt8, _ start: Int) throws(Malformed) -> Packet {
        var first: Range<Int>?
        while true {
            let length: Int
            let last: Bool
            if let final = try newLength(start) {
                (length, last) = (final, true)
            } else {
                (length, last) = (1 << (Int(try byte(start)) & 0x1f), false)
            }
            guard length <= bytes.count - offset else { throw .truncated(offset: start) }
            first = first ?? offset..<offset + length
            offset += length
            if last { return Packet(tag: tag, body: first ?? offset..<offset) }
        }
    }
}
