public import PasselCore

extension HistoryCommit {
    /// The first paragraph of the message in one line.
    public var subject: Text { Text(Self.paragraph(lines[...]).joined(separator: [0x20])) }

    /// The lines `Key: value` of the last paragraph, unless it is also the first.
    public var trailers: [(key: Text, value: Text)] {
        let last = Self.paragraph(lines.reversed()[...])
        guard last.count < lines.count(where: { !$0.isEmpty }) else { return [] }
        return last.reversed().compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(Self.isKey)
            else { return nil }
            return (Text(line[..<colon]), Text(line[colon...].dropFirst().trimmingBlanks))
        }
    }

    /// The message's lines without white space at their ends.
    private var lines: [ArraySlice<UInt8>] {
        message.bytes.split(separator: .newline, omittingEmptySubsequences: false).map { line in
            let end = line.lastIndex { !$0.isBlank && $0 != .carriageReturn }
            return end.map { line[...$0] } ?? []
        }
    }

    /// The first lines that have something on them, up to one that has not.
    private static func paragraph(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [ArraySlice<UInt8>] {
        Array(lines.drop(while: \.isEmpty).prefix { !$0.isEmpty })
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        byte.isDigit || byte == UInt8(ascii: "-") || (0x61...0x7a).contains(byte.asciiLowercased)
    }
}
