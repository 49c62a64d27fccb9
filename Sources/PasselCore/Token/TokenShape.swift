/// The form that tokens of a kind have, behind what they begin with.
struct TokenShape: Sendable, ExpressibleByArrayLiteral {
    /// A part of it: letters of a class, or these very ones.
    struct Part: Sendable, ExpressibleByStringLiteral {
        fileprivate enum Kind: Sendable {
            case text([UInt8])
            case run(ByteClass, ClosedRange<Int>)
        }
        fileprivate let kind: Kind

        init(stringLiteral value: String) { kind = .text(Array(value.utf8)) }
        private init(_ kind: Kind) { self.kind = kind }

        /// So many bytes of a class.
        static func run(_ letters: ByteClass, _ count: Int) -> Part {
            Part(.run(letters, count...count))
        }
        /// A number of bytes of a class.
        static func run(_ letters: ByteClass, _ count: ClosedRange<Int>) -> Part {
            Part(.run(letters, count))
        }
        /// At least so many bytes of a class.
        static func run(_ letters: ByteClass, _ count: PartialRangeFrom<Int>) -> Part {
            Part(.run(letters, count.lowerBound...longest))
        }
    }

    private let parts: [Part]
    /// No token in one line is longer.
    static let longest = 64 << 10

    init(arrayLiteral parts: Part...) { self.parts = parts }

    /// Whether all of the bytes have the form.
    func matches(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        bytes.count <= Self.longest && Self.matches(parts[...], bytes)
    }

    /// Takes as much as it can for each part, and less where the next one needs it.
    private static func matches(
        _ parts: ArraySlice<Part>, _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        guard let part = parts.first else { return bytes.isEmpty }
        switch part.kind {
        case .text(let text):
            return bytes.starts(with: text)
                && matches(parts.dropFirst(), bytes.dropFirst(text.count))
        case .run(let letters, let count):
            let found = bytes.prefix(count.upperBound).prefix { letters.contains($0) }.count
            guard found >= count.lowerBound else { return false }
            if parts.count == 1 { return found == bytes.count }
            return (count.lowerBound...found).reversed().contains {
                matches(parts.dropFirst(), bytes.dropFirst($0))
            }
        }
    }
}

/// A class of bytes.
struct ByteClass: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// These letters, and those from `a` to `b` for each pair.
    init(_ ranges: [ClosedRange<Unicode.Scalar>], _ others: String = "") {
        var bits: (UInt64, UInt64) = (0, 0)
        func add(_ byte: UInt8) {
            if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
        }
        for range in ranges {
            for byte in UInt8(ascii: range.lowerBound)...UInt8(ascii: range.upperBound) {
                add(byte)
            }
        }
        for byte in others.utf8 where byte < 128 { add(byte) }
        (low, high) = bits
    }

    func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<64: low >> UInt64(byte) & 1 == 1
        case ..<128: high >> UInt64(byte - 64) & 1 == 1
        default: false
        }
    }

    static let digits = ByteClass(["0"..."9"])
    static let small = ByteClass(["a"..."z"])
    static let large = ByteClass(["A"..."Z"])
    static let letters = ByteClass(["a"..."z", "A"..."Z"])
    static let base62 = ByteClass(["0"..."9", "a"..."z", "A"..."Z"])
    /// Base64 for addresses.
    static let url64 = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "-_")
    static let base64 = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "+/")
    static let base32 = ByteClass(["A"..."Z", "2"..."7"])
    static let smallHex = ByteClass(["0"..."9", "a"..."f"])
    static let hex = ByteClass(["0"..."9", "a"..."f", "A"..."F"])
    static let smallBase36 = ByteClass(["0"..."9", "a"..."z"])
    static let largeBase36 = ByteClass(["0"..."9", "A"..."Z"])
    /// Everything that can be seen, in ASCII.
    static let visible = ByteClass(["!"..."~"])
}
