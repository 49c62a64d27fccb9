/// Splits a line of a scenario into words as a shell would, without splitting expanded variables.
struct Words {
    private let line: Bytes
    private let variable: (String) throws -> Bytes
    private var index = 0
    private var words: [Bytes] = []
    private var word = Bytes()
    private var isWord = false

    /// The words of `line`; `variable` gives the value of `$NAME`.
    static func split(_ line: Bytes, variable: (String) throws -> Bytes) throws -> [Bytes] {
        try withoutActuallyEscaping(variable) { lookup in
            var splitter = Words(line: line, variable: lookup)
            return try splitter.run()
        }
    }

    /// Whether a quote of `line` is still open at its end.
    static func endsInQuote(_ line: Bytes) -> Bool {
        do { _ = try split(line) { _ in [] } } catch { return true }
        return false
    }

    private init(line: Bytes, variable: @escaping (String) throws -> Bytes) {
        self.line = line
        self.variable = variable
    }

    private mutating func run() throws -> [Bytes] {
        while let byte = next() {
            switch Character(UnicodeScalar(byte)) {
            case " ", "\t": finishWord()
            case "#" where !isWord: index = line.count
            case "'": try quoted { $0 }
            case "\"": try doubleQuoted()
            case "\\": append(next().map { [$0] } ?? [])
            case "$" where peek == 0x27:
                index += 1
                try ansiQuoted()
            case "$": append(try expanded())
            default: append([byte])
            }
        }
        finishWord()
        return words
    }

    private var peek: UInt8? { index < line.count ? line[index] : nil }

    private mutating func next() -> UInt8? {
        guard index < line.count else { return nil }
        index += 1
        return line[index - 1]
    }

    private mutating func append(_ bytes: Bytes) {
        word += bytes
        isWord = true
    }

    private mutating func finishWord() {
        if isWord { words.append(word) }
        (word, isWord) = ([], false)
    }

    private mutating func quoted(_ change: (Bytes) -> Bytes) throws {
        guard let end = line[index...].firstIndex(of: 0x27) else {
            throw TestingProblem("a quote is not closed")
        }
        append(change(Bytes(line[index..<end])))
        index = end + 1
    }

    private mutating func doubleQuoted() throws {
        append([])
        while let byte = next() {
            switch byte {
            case 0x22: return
            case 0x5C:
                guard let escaped = next() else { break }
                let isSpecial = [0x22, 0x5C, 0x24, 0x60].contains(escaped)
                append(isSpecial ? [escaped] : [0x5C, escaped])
            case 0x24: append(try expanded())
            default: append([byte])
            }
        }
        throw TestingProblem("a double quote is not closed")
    }

    private mutating func expanded() throws -> Bytes {
        var name = ""
        let braced = peek == 0x7B
        if braced { index += 1 }
        while let byte = peek, Words.isName(byte) {
            name.unicodeScalars.append(UnicodeScalar(byte))
            index += 1
        }
        if braced {
            guard next() == 0x7D else { throw TestingProblem("${ is not closed") }
        }
        return name.isEmpty ? [0x24] : try variable(name)
    }

    private mutating func ansiQuoted() throws {
        append([])
        let plain: [Character: UInt8] = [
            "n": 0x0A, "t": 0x09, "r": 0x0D, "e": 0x1B, "a": 0x07, "0": 0x00, "\\": 0x5C,
            "'": 0x27, "\"": 0x22, "b": 0x08,
        ]
        while let byte = next() {
            if byte == 0x27 { return }
            guard byte == 0x5C, let letter = next() else {
                append([byte])
                continue
            }
            if letter == 0x78 {
                let digits = line[index...].prefix(2).prefix { Words.isHex($0) }
                index += digits.count
                append([UInt8(Bytes(digits).text, radix: 16) ?? 0])
            } else if let value = plain[Character(UnicodeScalar(letter))] {
                append([value])
            } else {
                append([0x5C, letter])
            }
        }
        throw TestingProblem("$' is not closed")
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
