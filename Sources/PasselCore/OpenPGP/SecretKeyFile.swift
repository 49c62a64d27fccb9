/// An OpenPGP secret key as gpg exports it, taken apart as far as it shows how its secrets are kept.
///
/// RFC 4880 §5.5.3 and RFC 9580 §5.5.3; what stands for secrets that are not there is GnuPG's own
/// (doc/DETAILS, "gnu-dummy" and "gnu-divert-to-card").
public struct SecretKeyFile: Sendable {
    /// How the secret of a part is kept.
    public enum Keeping: String, Sendable {
        /// In clear: who has the file has the secret.
        case open
        /// Encrypted by a passphrase.
        case passphrase
        /// On a card, of which the file has the number only.
        case card
        /// Not at all: it is kept elsewhere.
        case absent
    }

    /// The primary key or a subkey.
    public struct Part: Sendable, Equatable {
        /// Its own fingerprint.
        public let fingerprint: Fingerprint
        /// Whether it is the primary key.
        public let isPrimary: Bool
        /// How its secret is kept.
        public let keeping: Keeping
    }

    /// The parts, the primary key first.
    public let parts: [Part]
    /// The file, binary.
    public let content: Secret
    /// What remains without what others signed, and without pictures.
    private let own: [Range<Int>]

    /// Reads what gpg exported.
    ///
    /// Nothing for what is not exactly one whole key, or keeps a secret in a way that is not known.
    public init?(_ content: Secret) {
        guard let (parts, own) = content.withBytes({ Self.read($0) }) else { return nil }
        self.parts = parts
        self.own = own
        self.content = content
    }

    /// The same key for paper: without what others signed and without pictures.
    ///
    /// Revocations by others stay: a key's owner may have named them for that.
    public var withoutForeignSignatures: Secret { Secret(joining: own.map(content.slice)) }

    private enum Tag {
        static let signature: UInt8 = 2
        static let primaryKey: UInt8 = 5
        static let subkey: UInt8 = 7
        static let userID: UInt8 = 13
        static let attribute: UInt8 = 17
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> ([Part], [Range<Int>])? {
        var reader = PacketReader(bytes)
        var parts: [Part] = []
        var own: [Range<Int>] = []
        var (start, ofAttribute) = (0, false)
        do throws(PacketReader.Malformed) {
            while let packet = try reader.next() {
                // No header is longer, unless the packet comes in parts, which that of a key never does.
                guard (2...6).contains(packet.body.lowerBound - start) else { return nil }
                let body = UnsafeRawBufferPointer(rebasing: bytes[packet.body])
                var isOwn = true
                switch packet.tag {
                case Tag.primaryKey, Tag.subkey:
                    guard parts.isEmpty == (packet.tag == Tag.primaryKey),
                        let part = part(body, isPrimary: parts.isEmpty)
                    else { return nil }
                    parts.append(part)
                    ofAttribute = false
                case Tag.userID, Tag.attribute:
                    guard !parts.isEmpty else { return nil }
                    ofAttribute = packet.tag == Tag.attribute
                    isOwn = !ofAttribute
                case Tag.signature:
                    guard let primary = parts.first else { return nil }
                    isOwn = !ofAttribute && !isForeign(body, to: primary.fingerprint)
                default: isOwn = false
                }
                if isOwn { own.append(start..<packet.body.upperBound) }
                start = packet.body.upperBound
            }
        } catch {
            return nil
        }
        return parts.isEmpty ? nil : (parts, own)
    }

    private static func isForeign(
        _ body: UnsafeRawBufferPointer, to key: Fingerprint
    ) -> Bool {
        guard let signature = SignaturePacket(body) else { return false }
        switch signature.kind {
        case SignaturePacket.Kind.certifications, SignaturePacket.Kind.directKey,
            SignaturePacket.Kind.certificationRevocation:
            return signature.issuer != key.keyID
        default: return false
        }
    }

    private static func part(_ body: UnsafeRawBufferPointer, isPrimary: Bool) -> Part? {
        guard let end = publicEnd(body), let keeping = keeping(body, from: end),
            let fingerprint = KeyFile.fingerprint(of: Array(body[..<end]))
        else { return nil }
        return Part(fingerprint: fingerprint, isPrimary: isPrimary, keeping: keeping)
    }

    /// Where the public half of a key packet ends.
    private static func publicEnd(_ body: UnsafeRawBufferPointer) -> Int? {
        var place = 6
        func number(_ count: Int) -> Int? {
            guard place + count <= body.count else { return nil }
            defer { place += count }
            return body[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
        }
        func skip(_ count: Int?) -> Bool {
            guard let count, count <= body.count - place else { return false }
            place += count
            return true
        }
        func integers(_ count: Int) -> Bool {
            (0..<count).allSatisfy { _ in skip(number(2).map { ($0 + 7) / 8 }) }
        }
        guard body.count > place else { return nil }
        // Later versions say how long it is.
        guard body[0] == 4 else {
            return [5, 6].contains(body[0]) && skip(number(4)) ? place : nil
        }
        let isWhole =
            switch body[5] {
            case 1, 2, 3: integers(2)
            case 16, 20: integers(3)
            case 17: integers(4)
            // A curve's name, a point, and for ECDH how keys are derived.
            case 18: skip(number(1)) && integers(1) && skip(number(1))
            case 19, 22: skip(number(1)) && integers(1)
            case 25, 27: skip(32)
            case 26: skip(56)
            case 28: skip(57)
            default: false
            }
        return isWhole ? place : nil
    }

    private static func keeping(_ body: UnsafeRawBufferPointer, from end: Int) -> Keeping? {
        guard end < body.count else { return nil }
        let usage = body[end]
        switch usage {
        case 0: return .open
        // The number of an algorithm, keyed by a plain hash of the passphrase.
        case 1...252: return .passphrase
        default: break
        }
        // Later versions say how much follows.
        var place = end + (body[0] == 4 ? 1 : 2)
        guard place < body.count else { return nil }
        let isEncrypted = body[place] != 0
        place += usage == 253 ? 2 : 1
        if body[0] == 6 { place += 1 }
        guard place < body.count else { return nil }
        guard body[place] == 101 else { return isEncrypted ? .passphrase : .open }
        // A digest, "GNU", and which of its ways.
        guard place + 5 < body.count, body[place + 2..<place + 5].elementsEqual("GNU".utf8) else {
            return nil
        }
        switch body[place + 5] {
        case 1: return .absent
        case 2: return .card
        default: return nil
        }
    }
}
