/// A part of some entry, on its way into another.
struct Piece {
    let text: EntryText
    let unit: EntryText.Unit
    let end: EntryText.LineEnd

    init(_ text: EntryText, _ unit: EntryText.Unit, end: EntryText.LineEnd) {
        self.text = text
        self.unit = unit
        self.end = end
    }

    fileprivate func write(into memory: UnsafeMutableRawBufferPointer, at place: inout Int) {
        text.source.withBytes { bytes in
            let content = UnsafeRawBufferPointer(rebasing: bytes[unit.content])
            UnsafeMutableRawBufferPointer(rebasing: memory[place...]).copyMemory(from: content)
            place += content.count
        }
    }
}

extension Secret {
    /// The pieces, each with its line end; the last only when `endsInNewline`.
    init(assembling pieces: [Piece], endsInNewline: Bool) {
        self.init(capacity: pieces.reduce(0) { $0 + $1.unit.content.count + 2 }) { memory in
            var place = 0
            for (index, piece) in pieces.enumerated() {
                piece.write(into: memory, at: &place)
                guard index + 1 < pieces.count || endsInNewline else { break }
                if piece.end == .crlf {
                    memory[place] = .carriageReturn
                    place += 1
                }
                memory[place] = .newline
                place += 1
            }
            return place
        }
    }
}

extension Piece {
    /// Whether both hold the same bytes, whatever ends them.
    func isSame(as other: Piece) -> Bool { equals(other) { $0.content } }

    /// Whether both say the same: the same secret or value, however it is spaced.
    func means(_ other: Piece) -> Bool { equals(other) { $0.value } }

    private func equals(_ other: Piece, _ range: (EntryText.Unit) -> Range<Int>) -> Bool {
        text.source.withBytes { here in
            other.text.source.withBytes { there in
                here[range(unit)].elementsEqual(there[range(other.unit)])
            }
        }
    }
}
