import PasselCore

/// Rows of texts.
///
/// On a terminal in columns under their headings; in a pipe without headings, a tab between two
/// cells, so that `cut -f` finds them. There tabs and line feeds inside of a cell are escaped,
/// `\x09` and `\x0a`: nobody's name can add a cell or a row.
struct Table {
    /// A column's heading, and where its cells stand.
    struct Column: ExpressibleByStringLiteral {
        let heading: String
        var isRight = false

        init(stringLiteral heading: String) { self.heading = heading }

        /// A column of numbers.
        static func right(_ heading: String) -> Column {
            var column = Column(stringLiteral: heading)
            column.isRight = true
            return column
        }
    }

    private let columns: [Column]
    private var rows: [[Styled]] = []

    init(_ columns: Column...) { self.columns = columns }

    /// Adds a row of as many cells as there are columns.
    mutating func add(_ cells: Styled...) {
        precondition(cells.count == columns.count, "a row needs a cell for each column")
        rows.append(cells)
    }

    /// Whether there is nothing to show.
    var isEmpty: Bool { rows.isEmpty }

    /// Prints the rows; nothing, not even headings, when there are none.
    func print(_ session: Session) {
        session.output.write(rendered(onTerminal: session.output.isTerminal, session.looks))
    }

    func rendered(onTerminal: Bool, _ looks: Looks) -> [UInt8] {
        guard !rows.isEmpty else { return [] }
        guard onTerminal else {
            return rows.flatMap { row in
                row.map { Cell.piped($0.text.bytes) }.joined(separator: [0x09]) + [.newline]
            }
        }
        let headings = columns.map { Styled(Text($0.heading.utf8), .strong) }
        let lines = ([headings] + rows).map { $0.map { Cell($0) } }
        let widths = columns.indices.map { column in lines.map { $0[column].width }.max() ?? 0 }
        return lines.flatMap { line($0, widths, looks) }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ looks: Looks) -> [UInt8] {
        var line: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            let gap = [UInt8](repeating: 0x20, count: widths[index] - cell.width)
            let isLast = index == cells.count - 1
            let shown = looks.apply(cell.look, to: cell.bytes)
            if columns[index].isRight { line += gap + shown } else { line += shown }
            if !isLast { line += (columns[index].isRight ? [] : gap) + [0x20, 0x20] }
        }
        return line + [.newline]
    }
}

/// A text as it stands in a line with others.
struct Cell {
    let bytes: [UInt8]
    let look: Look?
    let width: Int

    /// For a terminal: without what could control it.
    init(_ styled: Styled) {
        bytes = TerminalText.sanitised(styled.text.bytes)
        look = styled.look
        width = DisplayWidth.of(bytes)
    }

    /// For a pipe: exact, but for what would end the cell or the line.
    static func piped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 == 0x09 || $0 == .newline }) else { return bytes }
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x09: "\\x09".bytes
            case .newline: "\\x0a".bytes
            default: [byte]
            }
        }
    }
}
