extension Dotenv {
    /// The line that sets a variable, its line feed included, as python-dotenv, bash, dash, direnv,
    /// node and Docker Compose read it alike.
    ///
    /// - Parameter lines: whether the value may have several lines, which all of them but direnv
    ///   read.
    /// - Throws: `Refusal` for a value for which there is no such line.
    public static func line(
        _ name: VariableName, _ value: Secret, lines: Bool = false
    ) throws(Refusal) -> Secret {
        let quote = try quote(for: value, lines: lines)
        return Secret(joining: [
            Secret(copying: name.bytes + [UInt8(ascii: "=")]), Secret(plain: quote), value,
            Secret(plain: quote + "\n"),
        ])
    }

    /// What stands around the value: measured with all of the readers.
    private static func quote(for value: Secret, lines: Bool) throws(Refusal) -> String {
        let traits = value.withBytes(Traits.init)
        if traits.isPlain { return "" }
        if traits.hasControl { throw .control }
        if !traits.isUTF8 { throw .notUTF8 }
        if traits.hasNewline, !lines { throw .newline }
        if traits.isHarmlessBetweenSingle, !traits.hasSingle { return "'" }
        if !traits.hasSingle { throw .backslashes }
        if traits.isHarmlessBetweenDouble { return "\"" }
        throw .quotes
    }

    private struct Traits {
        var isPlain = true
        var isUTF8 = true
        var hasControl = false
        var hasNewline = false
        var hasSingle = false
        var isHarmlessBetweenSingle = true
        var isHarmlessBetweenDouble = true

        init(_ bytes: UnsafeRawBufferPointer) {
            var previous: UInt8 = 0
            for byte in bytes {
                isPlain = isPlain && Self.isPlain(byte)
                if byte == 0 || byte == .carriageReturn { hasControl = true }
                if byte == .newline { hasNewline = true }
                if byte == UInt8(ascii: "'") { hasSingle = true }
                if "\"$`\\!".utf8.contains(byte) { isHarmlessBetweenDouble = false }
                let pair = (previous, byte)
                if pair == (UInt8(ascii: "\\"), UInt8(ascii: "\\"))
                    || pair == (UInt8(ascii: "$"), UInt8(ascii: "{"))
                {
                    isHarmlessBetweenSingle = false
                }
                previous = byte
            }
            if previous == UInt8(ascii: "\\") { isHarmlessBetweenSingle = false }
            isUTF8 = bytes.isUTF8
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "_./:@%+,=-".utf8.contains(byte)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are UTF-8; they are copied nowhere.
    var isUTF8: Bool {
        var decoder = UTF8()
        var iterator = makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue: continue
            case .emptyInput: return true
            case .error: return false
            }
        }
    }
}
