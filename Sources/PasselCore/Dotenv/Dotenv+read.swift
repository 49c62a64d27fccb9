extension Dotenv {
    /// The assignments of a file, in order; of two for one variable the later counts.
    ///
    /// The forms of all readers are taken, but nothing is expanded and nothing run: `$` stands for
    /// itself. Where readers differ, the assignment says so.
    ///
    /// - Throws: `Flaw` for the first line that is no assignment.
    public static func assignments(in source: Secret) throws(Flaw) -> [Assignment] {
        var found: [Assignment] = []
        var flaw: Flaw?
        source.withBytes { bytes in
            var reader = DotenvReader(bytes)
            do throws(Flaw) {
                while let next = try reader.next() { found.append(next) }
            } catch {
                flaw = error
            }
        }
        if let flaw { throw flaw }
        return found
    }
}

/// Reads assignments, one after the other.
private struct DotenvReader {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    private var line = 1

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    }

    /// The next assignment; nothing at the end.
    mutating func next() throws(Dotenv.Flaw) -> Dotenv.Assignment? {
        while true {
            skipBlanks()
            guard let byte = current else { return nil }
            guard isAtLineEnd || byte == UInt8(ascii: "#") else { return try assignment() }
            skipLine()
        }
    }

    private mutating func assignment() throws(Dotenv.Flaw) -> Dotenv.Assignment {
        let start = line
        skipExport()
        let word = taking { !$0.isBlank && $0 != UInt8(ascii: "=") && $0 != .newline }
        let gap = place
        skipBlanks()
        guard let name = VariableName(bytes[word]) else {
            throw flaw("this line sets no variable: write NAME=VALUE")
        }
        guard current == UInt8(ascii: "=") else {
            throw flaw("\(name.text) is given no value: write \(name.text)=VALUE")
        }
        var doubt: Text? = gap == place ? nil : "shells take no blanks around ="
        place += 1
        let afterEquals = place
        skipBlanks()
        if afterEquals != place, !isAtLineEnd, current != UInt8(ascii: "#") {
            doubt = "shells take no blanks around ="
        }
        let value: Secret
        switch current {
        case UInt8(ascii: "'"): (value, doubt) = (try single(), doubt)
        case UInt8(ascii: "\""):
            let quoted = try double()
            (value, doubt) = (quoted.value, doubt ?? quoted.doubt)
        case UInt8(ascii: "`"): throw flaw("shells would run the value of \(name.text)")
        default:
            let bare = try bare(name, afterBlank: afterEquals != place)
            (value, doubt) = (bare.value, doubt ?? bare.doubt)
        }
        let last = bytes[place - 1] == .newline ? line - 1 : line
        return Dotenv.Assignment(
            line: start, lastLine: last, name: name, value: value, doubt: doubt)
    }

    // MARK: Values

    /// Everything up to the next `'`, as it stands.
    private mutating func single() throws(Dotenv.Flaw) -> Secret {
        let number = line
        place += 1
        let start = place
        while let byte = current, byte != UInt8(ascii: "'") { step() }
        let value = start..<place
        try endQuoted(from: number)
        return Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[value]))
    }

    /// Up to the next `"` without a backslash before it; `\n`, `\r` and `\t` are line ends and tab.
    private mutating func double() throws(Dotenv.Flaw) -> (value: Secret, doubt: Text?) {
        let number = line
        place += 1
        let start = place
        var isPlain = true
        while let byte = current, byte != UInt8(ascii: "\"") {
            if "\\$`!".utf8.contains(byte) { isPlain = false }
            step()
            if byte == UInt8(ascii: "\\"), current != nil { step() }
        }
        let content = start..<place
        try endQuoted(from: number)
        let value = Secret(capacity: content.count) { memory in
            var used = 0
            var rest = bytes[content]
            while let byte = rest.popFirst() {
                memory[used] = byte
                if byte == UInt8(ascii: "\\"), let next = rest.first {
                    memory[used] = Self.escapes[next] ?? byte
                    if Self.escapes[next] != nil { rest.removeFirst() }
                }
                used += 1
            }
            return used
        }
        return (value, isPlain ? nil : "readers differ on \\, $, ` and ! between double quotes")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "$"): UInt8(ascii: "$"), UInt8(ascii: "`"): UInt8(ascii: "`"),
    ]

    /// To the end of the line, or to a `#` behind a blank.
    private mutating func bare(
        _ name: VariableName, afterBlank: Bool
    ) throws(Dotenv.Flaw) -> (value: Secret, doubt: Text?) {
        let (start, number) = (place, line)
        var end = place
        var wasBlank = afterBlank
        while let byte = current, !isAtLineEnd {
            if byte == UInt8(ascii: "#"), wasBlank { break }
            wasBlank = byte.isBlank
            step()
            if !wasBlank { end = place }
        }
        skipLine()
        let value = bytes[start..<end]
        if value.contains(UInt8(ascii: "`")) || runs(value) {
            throw Dotenv.Flaw(line: number, reason: "shells would run the value of \(name.text)")
        }
        let special = value.contains { $0.isBlank || "'\"\\$#&|;<>()*?[~!".utf8.contains($0) }
        return (
            Secret(copying: UnsafeRawBufferPointer(rebasing: value)),
            special ? "readers differ on it without quotes" : nil
        )
    }

    /// Whether `$(` stands in it.
    private func runs(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        zip(value, value.dropFirst()).contains { $0 == (UInt8(ascii: "$"), UInt8(ascii: "(")) }
    }

    /// Behind the closing quote there is nothing but a comment.
    private mutating func endQuoted(from number: Int) throws(Dotenv.Flaw) {
        guard current != nil else {
            throw Dotenv.Flaw(line: number, reason: "a quote is not closed")
        }
        place += 1
        skipBlanks()
        guard isAtLineEnd || current == UInt8(ascii: "#") else {
            throw flaw("something stands behind the closing quote")
        }
        skipLine()
    }

    // MARK: Places

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// At a line feed, a carriage return before one, or the end.
    private var isAtLineEnd: Bool {
        switch current {
        case nil, UInt8.newline: true
        case UInt8.carriageReturn: place + 1 == bytes.count || bytes[place + 1] == .newline
        default: false
        }
    }

    private mutating func step() {
        if current == .newline { line += 1 }
        place += 1
    }

    private mutating func skipBlanks() { while current?.isBlank == true { place += 1 } }

    /// To the beginning of the next line.
    private mutating func skipLine() {
        while let byte = current, byte != .newline { place += 1 }
        if current != nil { step() }
    }

    private mutating func skipExport() {
        let word = Array("export".utf8)
        guard bytes[place...].starts(with: word), place + word.count < bytes.count,
            bytes[place + word.count].isBlank
        else { return }
        place += word.count
        skipBlanks()
    }

    private mutating func taking(while isWanted: (UInt8) -> Bool) -> Range<Int> {
        let start = place
        while let byte = current, !isAtLineEnd, isWanted(byte) { place += 1 }
        return start..<place
    }

    private func flaw(_ reason: Text) -> Dotenv.Flaw { Dotenv.Flaw(line: line, reason: reason) }
}
