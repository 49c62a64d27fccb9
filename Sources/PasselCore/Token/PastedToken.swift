/// A token as it was typed or pasted, and what came along with it.
public struct PastedToken: Sendable {
    /// Something that does not belong to a token.
    public enum Flaw: String, Sendable, CaseIterable {
        /// The mark with which some editors begin a file.
        case byteOrderMark = "byte-order-mark"
        /// Before or behind it.
        case blank
        /// Within it.
        case innerBlank = "inner-blank"
        case carriageReturn = "carriage-return"
        /// Within it, or more than the one behind it.
        case newline
        /// One that is seen by no one, or no text.
        case control

        /// As messages put it.
        public var text: Text {
            switch self {
            case .byteOrderMark: "a byte order mark"
            case .blank: "a blank at its end"
            case .innerBlank: "a blank within it"
            case .carriageReturn: "a carriage return"
            case .newline: "a line end"
            case .control: "a control character"
            }
        }
    }

    /// What was pasted, but for the one line end behind it.
    public let given: Secret
    /// It without its flaws.
    public let clean: Secret
    /// What does not belong to it, each kind once.
    public let flaws: [Flaw]

    /// Looks at what was pasted; keys of several lines and JSON may have line ends and blanks.
    public init(_ pasted: Secret) {
        let end = pasted.withBytes { $0.last == .newline ? $0.count - 1 : $0.count }
        given = pasted.slice(0..<end)
        var found: Set<Flaw> = []
        clean = given.withBytes { bytes in
            Self.isBlock(bytes) ? Self.cleanBlock(bytes, &found) : Self.cleanLine(bytes, &found)
        }
        flaws = Flaw.allCases.filter(found.contains)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Whether it has several lines because it must.
    private static func isBlock(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = behindMark(bytes).drop { $0 <= 0x20 }
        return start.starts(with: "-----BEGIN ".utf8) || start.first == UInt8(ascii: "{")
    }

    private static func behindMark(
        _ bytes: UnsafeRawBufferPointer
    ) -> Slice<UnsafeRawBufferPointer> {
        bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...]
    }

    /// Without a mark and white space before it, and without white space behind it.
    private static func cleanBlock(
        _ bytes: UnsafeRawBufferPointer, _ found: inout Set<Flaw>
    ) -> Secret {
        let text = behindMark(bytes)
        if text.count < bytes.count { found.insert(.byteOrderMark) }
        let start = text.firstIndex { $0 > 0x20 } ?? text.endIndex
        let end = (text.lastIndex { $0 > 0x20 } ?? start - 1) + 1
        if start > text.startIndex { found.insert(.blank) }
        if text[end...].contains(where: \.isBlank) { found.insert(.blank) }
        if bytes.contains(.carriageReturn) { found.insert(.carriageReturn) }
        return kept(bytes[start..<end]) { $0 != .carriageReturn }
    }

    private static func cleanLine(
        _ bytes: UnsafeRawBufferPointer, _ found: inout Set<Flaw>
    ) -> Secret {
        let text = behindMark(bytes)
        if text.count < bytes.count { found.insert(.byteOrderMark) }
        let start = text.firstIndex { $0 > 0x20 } ?? text.endIndex
        let end = (text.lastIndex { $0 > 0x20 } ?? start - 1) + 1
        for place in text.indices {
            switch text[place] {
            case .newline: found.insert(.newline)
            case .carriageReturn: found.insert(.carriageReturn)
            case 0x20, 0x09:
                found.insert((start..<end).contains(place) ? .innerBlank : .blank)
            case ..<0x20, 0x7F: found.insert(.control)
            default: continue
            }
        }
        return kept(text[start..<end]) { $0 > 0x20 && $0 != 0x7F }
    }

    private static func kept(
        _ bytes: Slice<UnsafeRawBufferPointer>, where isKept: (UInt8) -> Bool
    ) -> Secret {
        Secret(capacity: bytes.count) { memory in
            var used = 0
            for byte in bytes where isKept(byte) {
                memory[used] = byte
                used += 1
            }
            return used
        }
    }
}
