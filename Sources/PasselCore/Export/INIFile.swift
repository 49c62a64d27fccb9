/// A file in the grammar of Python's `configparser`, by the places of its parts.
///
/// Section names are as they are spelled, keys in lower case, a line that is indented continues
/// the value above it, comments stand on lines of their own.
struct INIFile {
    /// `key = value` with the lines that continue it.
    struct Option {
        let key: [UInt8]
        /// The lines that it is made of; comments and blank lines between them are not among them.
        var lines: [Int]
    }

    /// A section with its options.
    struct Section {
        let name: [UInt8]
        let header: Int
        var options: [Option] = []
        /// The line behind its last one.
        var end: Int

        /// Where an option is added: behind the last one.
        var insertion: Int { (options.last?.lines.last ?? header) + 1 }
    }

    let text: ContentLines
    private(set) var sections: [Section] = []

    init(_ content: Secret) {
        text = ContentLines(content)
        for index in text.lines.indices { text.withLine(index) { read($0, index) } }
    }

    private mutating func read(_ line: UnsafeRawBufferPointer, _ index: Int) {
        if !sections.isEmpty { sections[sections.count - 1].end = index + 1 }
        let isIndented = line.first?.isBlank ?? false
        let start = line.firstIndex { !$0.isBlank } ?? line.count
        guard start < line.count, !"#;".utf8.contains(line[start]) else { return }
        if isIndented, let section = sections.last, !section.options.isEmpty {
            let option = section.options.count - 1
            sections[sections.count - 1].options[option].lines.append(index)
            return
        }
        if line[start] == UInt8(ascii: "["),
            let end = line.lastIndex(of: UInt8(ascii: "]")), end > start + 1
        {
            if !sections.isEmpty { sections[sections.count - 1].end = index }
            sections.append(
                Section(name: Array(line[(start + 1)..<end]), header: index, end: index + 1))
        } else if !sections.isEmpty,
            let separator = line.firstIndex(where: { "=:".utf8.contains($0) })
        {
            let key = line[start..<separator].trimmingBlanks.map(\.asciiLowercased)
            sections[sections.count - 1].options.append(Option(key: key, lines: [index]))
        }
    }

    /// The only section of this name; nothing when there is none.
    ///
    /// - Throws: a `Problem` when there are several, which those who read it refuse.
    func section(_ name: [UInt8], in file: Text) throws -> Section? {
        let found = sections.filter { $0.name == name }
        guard found.count < 2 else {
            throw Problem(
                "\(file) has the section [\(name)] twice, so nothing can read it",
                hints: ["remove one of the two"])
        }
        return found.first
    }

    /// The words of an option's value, of all of its lines.
    func words(_ option: Option) -> [[UInt8]] {
        option.lines.enumerated().flatMap { number, index in
            text.withLine(index) { line -> [[UInt8]] in
                let start =
                    number == 0 ? (line.firstIndex { "=:".utf8.contains($0) } ?? -1) + 1 : 0
                return line[start...].split(whereSeparator: \.isBlank).map(Array.init)
            }
        }
    }

    /// The first line's value of an option.
    func value(_ option: Option) -> Secret {
        text.withLine(option.lines[0]) { line in
            let start = (line.firstIndex { "=:".utf8.contains($0) } ?? -1) + 1
            let value = line[start...]
            let first = value.firstIndex { !$0.isBlank } ?? value.endIndex
            let last = value.lastIndex { !$0.isBlank } ?? first
            guard first < value.endIndex else { return Secret(plain: "") }
            return Secret(copying: UnsafeRawBufferPointer(rebasing: line[first...last]))
        }
    }

    /// Gives a section these options, and takes away those that are nothing.
    func set(
        _ options: [(key: String, value: ContentPiece?)], in section: Section,
        _ edits: inout ContentEdits
    ) {
        for (key, value) in options {
            let known = section.options.filter { $0.key.elementsEqual(key.utf8) }
            var unwanted = known.flatMap(\.lines)
            if let value {
                let line: [ContentPiece] = ["\(key) = ", value]
                if unwanted.isEmpty {
                    text.insert([line], before: section.insertion, &edits)
                } else {
                    text.replace(unwanted.removeFirst(), by: line, &edits)
                }
            }
            text.remove(Set(unwanted), &edits)
        }
    }

    /// Adds a section at the end, a blank line before it.
    func add(_ name: Text, _ lines: [[ContentPiece]], _ edits: inout ContentEdits) {
        let isApart = text.lines.isEmpty || text.isBlank(text.lines.count - 1)
        text.insert(
            (isApart ? [] : [[]]) + [["[\(name)]"]] + lines, before: text.lines.count, &edits)
    }

    /// The lines of a section, the blank line before it among them and those behind it not.
    func lines(of section: Section) -> Set<Int> {
        var end = section.end
        while end > section.header + 1, text.isBlank(end - 1) { end -= 1 }
        let hasBlank = section.header > 0 && text.isBlank(section.header - 1)
        return Set((hasBlank ? section.header - 1 : section.header)..<end)
    }
}
