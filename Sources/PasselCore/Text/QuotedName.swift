/// A file name between quotes, as coreutils print it (`shell-escape-always`).
///
/// `'name'`; `"it's"` where that is enough; `'a'$'\n''b'` for what a terminal cannot show.
public enum QuotedName {
    /// The quoted name.
    ///
    /// In the C locale (`utf8` false) every byte above 127 is escaped.
    public static func text(_ name: [UInt8], utf8: Bool) -> Text {
        let pieces = pieces(name, utf8: utf8)
        if name.contains(quote), pieces.enumerated().allSatisfy({ isPlain($1, isFirst: $0 == 0) }) {
            return "\"\(name)\""
        }
        var result: [UInt8] = [quote]
        var escaping = false
        for piece in pieces {
            switch piece {
            // Ends what stands open, be it '…' or $'…', and begins anew.
            case .shown([quote]):
                result += "'\\''".utf8
                escaping = false
            case .shown(let bytes):
                if escaping { result += "''".utf8 }
                escaping = false
                result += bytes
            case .escaped(let byte):
                if !escaping { result += "'$'".utf8 }
                escaping = true
                result += escape(byte)
            }
        }
        return Text(result + [quote])
    }

    private static let quote = UInt8(ascii: "'")

    /// Whether a piece means the same within C's and the shell's double quotes (gnulib's quotearg).
    private static func isPlain(_ piece: Piece, isFirst: Bool) -> Bool {
        guard case .shown(let bytes) = piece, let byte = bytes.first else { return false }
        return switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x80...: true
        case UInt8(ascii: "~"), UInt8(ascii: "#"): isFirst
        default: " '%+,-./:@]_".utf8.contains(byte)
        }
    }

    private enum Piece {
        case shown([UInt8])
        case escaped(UInt8)
    }

    private static func pieces(_ name: [UInt8], utf8: Bool) -> [Piece] {
        guard utf8 else {
            return name.map { (0x20...0x7e).contains($0) ? .shown([$0]) : .escaped($0) }
        }
        var result: [Piece] = []
        var decoder = UTF8()
        var iterator = name.makeIterator()
        var index = 0
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return result
            case .error:
                result.append(.escaped(name[index]))
                index += 1
                iterator = name[index...].makeIterator().asArrayIterator
                decoder = UTF8()
            case .scalarValue(let scalar):
                let bytes = Array(String(Character(scalar)).utf8)
                result += isShown(scalar) ? [.shown(bytes)] : bytes.map { .escaped($0) }
                index += bytes.count
            }
        }
    }

    /// What iswprint(3) of glibc says.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7e).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let letters: [UInt8: String] = [
            7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r",
        ]
        if let letter = letters[byte] { return Array(letter.utf8) }
        let octal = String(byte, radix: 8)
        return Array(("\\" + String(repeating: "0", count: 3 - octal.count) + octal).utf8)
    }
}

extension IndexingIterator where Elements == ArraySlice<UInt8> {
    /// The rest as an array's iterator, the type that decoding started with.
    fileprivate var asArrayIterator: IndexingIterator<[UInt8]> {
        Array(IteratorSequence(self)).makeIterator()
    }
}
