/// A content as its lines, by their places.
///
/// Lines end in LF or CRLF; what is added ends as the first line does, and the last line keeps
/// having no end where it had none.
struct ContentLines {
    /// A line's place.
    struct Line {
        /// Without its end.
        let content: Range<Int>
        /// With its end.
        let all: Range<Int>
    }

    let content: Secret
    let lines: [Line]
    /// What ends a line that is added.
    let ending: [UInt8]
    private let endsInNewline: Bool

    init(_ content: Secret) {
        self.content = content
        lines = content.withBytes { bytes in
            var lines: [Line] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: .newline) ?? bytes.count
                let hasReturn =
                    end < bytes.count && end > start && bytes[end - 1] == .carriageReturn
                let next = min(end + 1, bytes.count)
                lines.append(
                    Line(content: start..<(hasReturn ? end - 1 : end), all: start..<next))
                start = next
            }
            return lines
        }
        let isCRLF = lines.first.map { $0.all.count - $0.content.count == 2 } ?? false
        ending = isCRLF ? [.carriageReturn, .newline] : [.newline]
        endsInNewline = content.withBytes { $0.last ?? .newline == .newline }
    }

    /// Calls `body` with a line's bytes, which must not be kept beyond it.
    func withLine<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try content.withBytes {
            try body(UnsafeRawBufferPointer(rebasing: $0[lines[index].content]))
        }
    }

    /// Whether there is nothing on a line but blanks.
    func isBlank(_ index: Int) -> Bool { withLine(index) { $0.allSatisfy(\.isBlank) } }

    /// Adds lines before the line with this number, or at the end.
    func insert(_ new: [[ContentPiece]], before index: Int, _ edits: inout ContentEdits) {
        if index < lines.count || endsInNewline {
            let place = index < lines.count ? lines[index].all.lowerBound : content.count
            for line in new { edits.insert(line + [.plain(ending)], at: place) }
        } else {
            for line in new { edits.insert([.plain(ending)] + line, at: content.count) }
        }
    }

    /// Puts other content in the place of a line's.
    func replace(_ index: Int, by pieces: [ContentPiece], _ edits: inout ContentEdits) {
        edits.replace(lines[index].content, by: pieces)
    }

    /// Takes lines away.
    func remove(_ indices: Set<Int>, _ edits: inout ContentEdits) {
        var rest = indices.sorted()[...]
        while let first = rest.popFirst() {
            var last = first
            while rest.first == last + 1 { last = rest.removeFirst() }
            let range = lines[first].all.lowerBound..<lines[last].all.upperBound
            // The line above is the last one then, and has no end either.
            let isOpen = last == lines.count - 1 && !endsInNewline && first > 0
            edits.replace(
                isOpen ? lines[first - 1].content.upperBound..<range.upperBound : range, by: [])
        }
    }
}
