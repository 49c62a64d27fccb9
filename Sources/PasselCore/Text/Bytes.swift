extension UInt8 {
    /// `/`.
    public static let slash = UInt8(ascii: "/")
    /// Line feed.
    public static let newline: UInt8 = 0x0a
    /// Carriage return.
    public static let carriageReturn: UInt8 = 0x0d
    /// Escape, which starts terminal control sequences.
    public static let escape: UInt8 = 0x1b

    /// Whether it is a blank in the sense of `isblank`: a space or a tab.
    @inlinable public var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// The lower-case letter of an ASCII capital; any other byte is itself.
    @inlinable public var asciiLowercased: UInt8 {
        (0x41...0x5a).contains(self) ? self | 0x20 : self
    }

    /// Whether it is an ASCII digit.
    @inlinable public var isDigit: Bool { (0x30...0x39).contains(self) }

    /// The value of a hexadecimal digit, or nothing.
    public var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}

extension Collection<UInt8> {
    /// The bytes without blanks at either end.
    public var trimmingBlanks: [UInt8] {
        let kept = drop(while: \.isBlank)
        return kept.reversed().drop(while: \.isBlank).reversed()
    }

    /// The bytes as upper-case hexadecimal digits.
    public var hex: String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension BidirectionalCollection<UInt8> {
    /// Whether the bytes end in those of `suffix`.
    @inlinable public func ends(with suffix: String) -> Bool {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}

extension Collection<UInt8> {
    /// The first bytes, at most so many, and no character of UTF-8 in halves.
    func cutBetweenCharacters(to longest: Int) -> SubSequence {
        var cut = prefix(longest)
        while cut.endIndex < endIndex, self[cut.endIndex] & 0xc0 == 0x80, !cut.isEmpty {
            cut = cut.dropLast(1)
        }
        return cut
    }
}

extension [UInt8] {
    /// Whether the bytes of `part` stand somewhere in them, one after the other.
    ///
    /// The standard library's own search brings in its regular expressions: 8 MB of program.
    public func includes(_ part: [UInt8]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0...].starts(with: part) }
    }

    /// Whether the bytes come before those of `other`, without counting references at each step.
    @inlinable public func precedes(_ other: [UInt8]) -> Bool {
        let shared = Swift.min(count, other.count)
        var index = 0
        while index < shared {
            if self[index] != other[index] { return self[index] < other[index] }
            index += 1
        }
        return count < other.count
    }

    /// Whether the bytes end in those of `suffix`; compared from the end, where most differ.
    @inlinable public func ends(with suffix: [UInt8]) -> Bool {
        guard suffix.count <= count else { return false }
        var (here, there) = (count, suffix.count)
        while there > 0 {
            here -= 1
            there -= 1
            if self[here] != suffix[there] { return false }
        }
        return true
    }
}
