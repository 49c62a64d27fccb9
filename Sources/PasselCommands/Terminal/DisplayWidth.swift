import PasselCore

/// How many columns of a terminal a text takes.
enum DisplayWidth {
    /// The width of bytes that a terminal may see; a byte that is not UTF-8 takes one column.
    static func of(_ bytes: [UInt8]) -> Int {
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
        return String(decoding: bytes, as: UTF8.self).reduce(0) { $0 + width($1) }
    }

    /// What stands together as one character takes the place of its widest part.
    private static func width(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        // This selector asks for the picture, which is wide.
        if scalars.contains("\u{fe0f}") { return 2 }
        return scalars.map(width).max() ?? 0
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// The blocks of wide characters: UAX #11, East Asian Width W and F.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
        0xa000...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19,
        0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18aff, 0x1b000...0x1b2ff,
        0x1f200...0x1f2ff, 0x20000...0x3fffd,
    ]
}
