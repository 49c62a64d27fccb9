/// A file name between quotes, as coreutils print it (`shell-escape-always`).
///
/// `'name'`; `"it's"` where that is enough; `'a'$'\n''b'` for what a terminal cannot show.
public enum QuotedName {
    /// The quoted name. In the C locale (`utf8` false) every byte above 127 is escaped.
    public static func text(_ name: [UInt8], utf8: Bool) -> Text {
        if name.contains(UInt8(ascii: "'")), name.allSatisfy(isPlain) {
            return "\"\(name)\""
        }
        var result: [UInt8] = [quote]
        var escaping = false
        for piece in pieces(name, utf8: utf8) {
            switch piece {
            case .shown(let bytes):
                if escaping { result += "''".utf8 }
                escaping = false
                result += bytes == [quote] ? Array("'\\''".utf8) : bytes
            case .escaped(let byte):
                if !escaping { result += "'$'".utf8 }
                escaping = true
                result += escape(byte)
            }
        }
        return Text(result + [quote])
    }

    private static let quote = UInt8(ascii: "'")

    /// The bytes that mean the same within C's and the shell's double quotes (gnulib's quotearg).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: " '%+,-./:]_".utf8.contains(byte)
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
                let control = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
                result += control ? bytes.map { .escaped($0) } : [.shown(bytes)]
                index += bytes.count
            }
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
    fileprivate var asArrayIterator: IndexingIterator<[UInt8]> { Array(IteratorSequence(self)).makeIterator() }
}
