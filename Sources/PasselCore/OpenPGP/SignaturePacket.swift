/// What a signature packet says of itself; whether it is good is gpg's to judge.
///
/// RFC 4880 §5.2 and RFC 9580 §5.2: versions 3 to 6.
struct SignaturePacket: Equatable {
    /// What it signs, and how.
    enum Kind {
        static let certifications: ClosedRange<UInt8> = 0x10...0x13
        static let directKey: UInt8 = 0x1F
        static let certificationRevocation: UInt8 = 0x30
    }

    /// Subpackets that are looked at here.
    enum Subpacket {
        static let created: UInt8 = 2
        static let issuer: UInt8 = 16
        static let features: UInt8 = 30
        static let issuerFingerprint: UInt8 = 33
        static let preferredAEAD: UInt8 = 34
    }

    /// Its type, such as 0x00 for one of a file.
    let kind: UInt8
    /// The second since the epoch in which it was made.
    let created: Int64
    /// The key that it says it is by; nothing when it does not say.
    let issuer: KeyID?
    /// The signed subpackets, by type without the critical bit; of several with one type the last.
    let subpackets: [UInt8: [UInt8]]

    /// Reads the body of a packet with tag 2; nothing when it is not understood.
    init?(_ body: some Collection<UInt8>) {
        let bytes = Array(body)
        guard let version = bytes.first else { return nil }
        switch version {
        case 3:
            guard bytes.count >= 17, bytes[1] == 5 else { return nil }
            kind = bytes[2]
            created = Int64(Self.number(bytes[3..<7]))
            issuer = KeyID(bytes[7..<15].reduce(0) { $0 << 8 | UInt64($1) })
            subpackets = [:]
        case 4...6:
            guard bytes.count > 4 else { return nil }
            kind = bytes[1]
            var rest = bytes[4...]
            let width = version == 6 ? 4 : 2
            guard let signed = Self.area(&rest, width), let other = Self.area(&rest, width) else {
                return nil
            }
            subpackets = signed
            let time = signed[Subpacket.created] ?? []
            created = time.count == 4 ? Int64(Self.number(time[...])) : 0
            issuer = Self.issuer(signed) ?? Self.issuer(other)
        default: return nil
        }
    }

    private static func issuer(_ subpackets: [UInt8: [UInt8]]) -> KeyID? {
        if let named = subpackets[Subpacket.issuerFingerprint], let version = named.first,
            let fingerprint = Fingerprint(named.dropFirst().hex.utf8),
            (version == 4) == (named.count == 21)
        {
            return fingerprint.keyID
        }
        guard let id = subpackets[Subpacket.issuer], id.count == 8 else { return nil }
        return KeyID(id.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The subpackets of an area, which is taken off `rest`.
    private static func area(
        _ rest: inout ArraySlice<UInt8>, _ width: Int
    ) -> [UInt8: [UInt8]]? {
        guard rest.count >= width else { return nil }
        let length = number(rest.prefix(width))
        rest = rest.dropFirst(width)
        guard length <= rest.count else { return nil }
        var area = rest.prefix(length)
        rest = rest.dropFirst(length)
        var found: [UInt8: [UInt8]] = [:]
        while let first = area.popFirst() {
            let length: Int
            switch first {
            case ..<192: length = Int(first)
            case ..<255:
                guard let second = area.popFirst() else { return nil }
                length = (Int(first) - 192) << 8 + Int(second) + 192
            default:
                guard area.count >= 4 else { return nil }
                length = number(area.prefix(4))
                area = area.dropFirst(4)
            }
            guard length > 0, length <= area.count, let type = area.first else { return nil }
            found[type & 0x7F] = Array(area.prefix(length).dropFirst())
            area = area.dropFirst(length)
        }
        return found
    }

    /// The number in at most four bytes.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
