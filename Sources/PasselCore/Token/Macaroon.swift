/// A macaroon of version 2, in its binary form: who issued it, and the restrictions it carries.
///
/// The signature stays where it is, in the secret memory that was read.
struct Macaroon: Equatable {
    /// A restriction.
    struct Caveat: Equatable {
        /// What it says, or the key to it where somebody else must discharge it.
        let text: [UInt8]
        /// Whether somebody else must discharge it.
        let isForeign: Bool
    }

    /// Where it is good, as its issuer hints.
    let location: [UInt8]?
    /// By what its issuer knows it.
    let identifier: [UInt8]
    /// All of them hold.
    let caveats: [Caveat]
    /// Where the list of restrictions ends: its final zero.
    fileprivate let end: Int
    fileprivate let signature: Range<Int>

    private static let mostCaveats = 1_000
    private static let longest = 64 << 10

    /// Reads all of the bytes; nothing when they are anything else.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Self.longest else { return nil }
        var reader = MacaroonReader(bytes)
        guard reader.byte() == 2, let head = reader.section(), let identifier = head.identifier,
            head.verification == nil
        else { return nil }
        var caveats: [Caveat] = []
        while reader.peek != 0 {
            guard caveats.count < Self.mostCaveats, let section = reader.section(),
                let text = section.identifier
            else { return nil }
            caveats.append(
                Caveat(
                    text: Array(bytes[text]),
                    isForeign: section.location != nil || section.verification != nil))
        }
        end = reader.place
        guard reader.byte() == 0, let (type, signature) = reader.packet(), type == 6,
            signature.count == 32, reader.peek == nil
        else { return nil }
        location = head.location.map { Array(bytes[$0]) }
        self.identifier = Array(bytes[identifier])
        self.caveats = caveats
        self.signature = signature
    }

    /// The same macaroon with more restrictions, which nobody can take away again; nothing when
    /// `source` is none.
    ///
    /// Each signature is the key to the next: HMAC-SHA256 over the restriction.
    static func narrowed(_ source: Secret, by caveats: [[UInt8]]) -> Secret? {
        source.withBytes { bytes in
            guard let macaroon = Macaroon(bytes) else { return nil }
            var key = source.slice(macaroon.signature)
            var pieces = [source.slice(0..<macaroon.end)]
            for caveat in caveats {
                key = key.withBytes { HMAC.code(.sha256, key: $0, message: caveat) }
                pieces.append(Secret(copying: [2] + length(caveat.count) + caveat + [0]))
            }
            return Secret(joining: pieces + [Secret(copying: [0, 6, 32]), key])
        }
    }

    /// Seven bits to a byte, the lowest first.
    private static func length(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [UInt8(count & 127) | 128] + length(count >> 7)
    }
}

extension Secret {
    /// Bytes that are no secret in themselves.
    init(copying bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Secret(copying: $0) }
    }
}

/// Reads packets: a type, a length, and so many bytes.
private struct MacaroonReader {
    struct Section {
        var location: Range<Int>?
        var identifier: Range<Int>?
        var verification: Range<Int>?
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func byte() -> UInt8? {
        guard let byte = peek else { return nil }
        place += 1
        return byte
    }

    mutating func packet() -> (type: Int, content: Range<Int>)? {
        guard let type = number(), let count = number(), count <= bytes.count - place else {
            return nil
        }
        defer { place += count }
        return (type, place..<(place + count))
    }

    /// Packets of rising types, up to a zero.
    mutating func section() -> Section? {
        var section = Section()
        var last = 0
        while let next = peek {
            if next == 0 {
                place += 1
                return section
            }
            guard let (type, content) = packet(), type > last else { return nil }
            last = type
            switch type {
            case 1: section.location = content
            case 2: section.identifier = content
            case 4: section.verification = content
            default: return nil
            }
        }
        return nil
    }

    private mutating func number() -> Int? {
        var value = 0
        for shift in stride(from: 0, through: 21, by: 7) {
            guard let byte = byte() else { return nil }
            value |= Int(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }
}
