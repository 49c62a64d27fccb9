/// Finds the parts of an entry.
struct UnitReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private struct Line {
        /// Without the line end.
        var content: Range<Int>
        var end: EntryText.LineEnd?
    }

    mutating func units() -> [EntryText.Unit] {
        var lines: [Line] = []
        while position < bytes.count { lines.append(line()) }
        if lines.isEmpty { lines = [Line(content: 0..<0, end: nil)] }

        var units: [EntryText.Unit] = []
        var index = 0
        while index < lines.count {
            let kind = index == 0 ? .secret : kind(of: lines[index].content)
            var last = index
            switch kind {
            case .field: last = continuation(of: index, in: lines)
            case .secret, .text: last = armour(at: index, in: lines)
            case .otpauth: break
            }
            let content = lines[index].content.lowerBound..<lines[last].content.upperBound
            // A last line without an end would have one like the line before it.
            let end = lines[last].end ?? units.last?.end ?? .lf
            units.append(unit(kind, content, end))
            index = last + 1
        }
        return units
    }

    private mutating func line() -> Line {
        let start = position
        guard let end = bytes[start...].firstIndex(of: .newline) else {
            position = bytes.count
            return Line(content: start..<bytes.count, end: nil)
        }
        position = end + 1
        // Only the very last CR belongs to the line's end.
        if end > start, bytes[end - 1] == .carriageReturn {
            return Line(content: start..<(end - 1), end: .crlf)
        }
        return Line(content: start..<end, end: .lf)
    }

    private func unit(
        _ kind: EntryText.Unit.Kind, _ content: Range<Int>, _ end: EntryText.LineEnd
    ) -> EntryText.Unit {
        guard kind == .field, let colon = bytes[content].firstIndex(of: UInt8(ascii: ":")) else {
            return EntryText.Unit(
                kind: kind, content: content, key: 0..<0, value: content, end: end)
        }
        let value = content[(colon + 1)...].drop { bytes[$0].isBlank }
        let kept = value.last { !bytes[$0].isBlank }
        return EntryText.Unit(
            kind: kind, content: content, key: content.lowerBound..<colon,
            value: kept.map { value.startIndex..<($0 + 1) } ?? content
                .upperBound..<content.upperBound,
            end: end)
    }

    private func kind(of line: Range<Int>) -> EntryText.Unit.Kind {
        let text = bytes[line]
        if text.starts(with: "otpauth://".utf8) { return .otpauth }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound,
            colon - line.lowerBound <= EntryText.longestKey,
            colon + 1 == line.upperBound || bytes[colon + 1].isBlank,
            !bytes[line.lowerBound].isBlank
        else { return .text }
        return .field
    }

    /// The last line of a field: those that start with a blank continue it.
    private func continuation(of index: Int, in lines: [Line]) -> Int {
        var last = index
        while last + 1 < lines.count {
            let next = bytes[lines[last + 1].content]
            guard next.first?.isBlank == true, next.contains(where: { !$0.isBlank }) else { break }
            last += 1
        }
        return last
    }

    /// The last line of an armoured block that starts here; the same line when none does.
    private func armour(at index: Int, in lines: [Line]) -> Int {
        guard bytes[lines[index].content].starts(with: "-----BEGIN ".utf8) else { return index }
        let end = lines[index...].firstIndex {
            bytes[$0.content].starts(with: "-----END ".utf8)
        }
        // A key without its end is still one.
        return end ?? (index == 0 ? lines.count - 1 : index)
    }
}
