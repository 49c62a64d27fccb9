/// A table of values between commas, by the places of its cells: RFC 4180.
///
/// Cells lie where they are until one is asked for. Between them may be commas, semicolons or tabs,
/// whichever the first line has; rows end in LF, CRLF or CR.
struct CSVTable {
    /// What keeps a file from being such a table.
    struct Flaw: Error, Equatable {
        /// The number of the line, from 1.
        let line: Int
        let reason: Text
    }

    /// One row.
    struct Row {
        /// The number of its first line, from 1.
        let line: Int
        fileprivate let cells: [Cell]
    }

    fileprivate struct Cell {
        /// Without its quotes.
        let place: Range<Int>
        /// Whether something in it is written with two bytes for one.
        let isEscaped: Bool
    }

    /// How a quote is written within quotes.
    enum Escape {
        /// Twice.
        case doubled
        /// With a backslash before it, as KeePass does.
        case backslash
    }

    /// The names of the columns, as they are spelled.
    let header: [Text]
    /// The rows below it.
    let rows: [Row]
    private let source: Secret
    private let escape: Escape

    /// Reads a table.
    ///
    /// - Throws: `Flaw` for a row with more or fewer cells than the header, for a quote that is out
    ///   of place or not closed, and for what is no text in UTF-8.
    init(_ source: Secret, escape: Escape = .doubled) throws(Flaw) {
        self.source = source
        self.escape = escape
        let read = source.withBytes { bytes -> Result<[Row], Flaw> in
            Result { () throws(Flaw) in
                guard bytes.isUTF8, !bytes.contains(0) else {
                    throw Flaw(line: 1, reason: "it is not text in UTF-8")
                }
                var reader = CSVReader(bytes, escape: escape)
                return try reader.rows()
            }
        }
        let all = try read.get()
        guard let first = all.first else { throw Flaw(line: 1, reason: "it is empty") }
        header = first.cells.map { Self.secret($0, source, escape).asText }
        rows = Array(all.dropFirst())
        for row in rows where row.cells.count != header.count {
            throw Flaw(
                line: row.line,
                reason: "it has \(row.cells.count) values for \(header.count) columns")
        }
    }

    /// The column with this name, in either case of letters; nothing when there is none.
    func column(_ name: String) -> Int? {
        header.firstIndex {
            $0.bytes.trimmingBlanks.map(\.asciiLowercased).elementsEqual(name.utf8)
        }
    }

    /// What a cell holds.
    func secret(_ row: Row, _ column: Int) -> Secret {
        Self.secret(row.cells[column], source, escape)
    }

    private static func secret(_ cell: Cell, _ source: Secret, _ escape: Escape) -> Secret {
        guard cell.isEscaped else { return source.slice(cell.place) }
        let mark = escape == .doubled ? UInt8(ascii: "\"") : UInt8(ascii: "\\")
        return source.withBytes { bytes in
            Secret(capacity: cell.place.count) { memory in
                var used = 0
                var place = cell.place.lowerBound
                while place < cell.place.upperBound {
                    if bytes[place] == mark, place + 1 < cell.place.upperBound { place += 1 }
                    memory[used] = bytes[place]
                    used += 1
                    place += 1
                }
                return used
            }
        }
    }
}

/// Finds the cells.
private struct CSVReader {
    private let bytes: UnsafeRawBufferPointer
    private let escape: CSVTable.Escape
    private let separator: UInt8
    private var place = 0
    private var line = 1

    init(_ bytes: UnsafeRawBufferPointer, escape: CSVTable.Escape) {
        self.bytes = bytes
        self.escape = escape
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
        let head = bytes.dropFirst(place).prefix { $0 != .newline && $0 != .carriageReturn }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
        separator = candidates.first { head.contains($0) } ?? candidates[0]
    }

    mutating func rows() throws(CSVTable.Flaw) -> [CSVTable.Row] {
        var rows: [CSVTable.Row] = []
        while place < bytes.count {
            if isAtLineEnd {
                skipLineEnd()
                continue
            }
            rows.append(try row())
        }
        return rows
    }

    private mutating func row() throws(CSVTable.Flaw) -> CSVTable.Row {
        let start = line
        var cells = [try cell()]
        while place < bytes.count, bytes[place] == separator {
            place += 1
            cells.append(try cell())
        }
        skipLineEnd()
        return CSVTable.Row(line: start, cells: cells)
    }

    private mutating func cell() throws(CSVTable.Flaw) -> CSVTable.Cell {
        let quote = UInt8(ascii: "\"")
        guard place < bytes.count, bytes[place] == quote else {
            let start = place
            while place < bytes.count, bytes[place] != separator, !isAtLineEnd {
                guard bytes[place] != quote else { throw flaw("a quote stands inside of a value") }
                place += 1
            }
            return CSVTable.Cell(place: start..<place, isEscaped: false)
        }
        let first = line
        place += 1
        let start = place
        var isEscaped = false
        while place < bytes.count {
            if escape == .backslash, bytes[place] == UInt8(ascii: "\\") {
                isEscaped = true
                place += 1
                if place < bytes.count { step() }
                continue
            }
            guard bytes[place] == quote else {
                step()
                continue
            }
            if escape == .doubled, place + 1 < bytes.count, bytes[place + 1] == quote {
                isEscaped = true
                place += 2
                continue
            }
            let cell = CSVTable.Cell(place: start..<place, isEscaped: isEscaped)
            place += 1
            guard place == bytes.count || bytes[place] == separator || isAtLineEnd else {
                throw flaw("something stands behind a closing quote")
            }
            return cell
        }
        throw CSVTable.Flaw(line: first, reason: "a quote is not closed")
    }

    private var isAtLineEnd: Bool {
        place < bytes.count && (bytes[place] == .newline || bytes[place] == .carriageReturn)
    }

    private mutating func skipLineEnd() {
        guard isAtLineEnd else { return }
        if bytes[place] == .carriageReturn, place + 1 < bytes.count, bytes[place + 1] == .newline {
            place += 1
        }
        place += 1
        line += 1
    }

    /// One byte further within quotes.
    private mutating func step() {
        if bytes[place] == .newline { line += 1 }
        place += 1
    }

    private func flaw(_ reason: Text) -> CSVTable.Flaw { CSVTable.Flaw(line: line, reason: reason) }
}
