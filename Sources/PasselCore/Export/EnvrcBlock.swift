/// The file `.envrc`, which direnv runs in bash when somebody comes into its folder.
///
/// Ours in it is what stands between two marks. There is nothing secret in it unless it is told to
/// have the values: `use passel` reads them when the file is loaded.
public struct EnvrcBlock: MergedFile {
    private let isMaterialised: Bool
    private let profile: Text?
    private static let first = Array("# >>> passel export".utf8)
    private static let last = Array("# <<< passel export".utf8)
    private static let format: Text = ".envrc"

    /// - Parameters:
    ///   - isMaterialised: whether the values themselves stand in it.
    ///   - profile: the name of the profile that the items are of, if they are of one.
    public init(isMaterialised: Bool, profile: Text? = nil) {
        self.isMaterialised = isMaterialised
        self.profile = profile
    }

    /// There is one block.
    public func mark(of item: ExportItem) throws -> Text { "block" }

    /// As the protocol says; a block that is there is replaced as a whole.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        try ExportItem.requireDistinctNames(items)
        var block: [[ContentPiece]] = [[.plain(Self.first + Array(" >>>".utf8))]]
        if isMaterialised {
            for item in items {
                guard !item.value.withBytes({ $0.contains(0) }) else {
                    throw item.unfit(for: Self.format, "it has a NUL byte")
                }
                guard !Self.hasMark(item.value) else {
                    throw item.unfit(
                        for: Self.format, "it has a line by which passel knows what is its own")
                }
                block.append([
                    "export \(item.name)='", .secret(item.value.replacing(Escape.shell)), "'",
                ])
            }
        } else if let profile {
            block.append(["use passel --profile \(ShellWord.text(profile.bytes))"])
        } else {
            let words = items.map { ShellWord.text(($0.name + "=" + $0.reference).bytes) }
            block.append(["use passel \(words.joined(separator: " "))"])
        }
        block.append([.plain(Self.last + Array(" <<<".utf8))])
        let lines = ContentLines(content)
        var edits = ContentEdits(content)
        if let known = try place(lines) {
            // A replaced line keeps its end; the rest of the block goes.
            let pieces = block.enumerated().flatMap { index, line in
                (index == 0 ? [] : [ContentPiece.plain(lines.ending)]) + line
            }
            edits.replace(
                lines.lines[known.lowerBound].content
                    .lowerBound..<lines.lines[known.upperBound].content.upperBound, by: pieces)
        } else {
            lines.insert(block, before: lines.lines.count, &edits)
        }
        return edits.result
    }

    /// Whether a line behind the first of a value would be taken for a mark.
    private static func hasMark(_ value: Secret) -> Bool {
        let lines = ContentLines(value)
        return lines.lines.indices.dropFirst().contains { index in
            lines.withLine(index) { $0.starts(with: first) || $0.starts(with: last) }
        }
    }

    /// The first and the last line of the block.
    private func place(_ lines: ContentLines) throws -> ClosedRange<Int>? {
        func starting(_ mark: [UInt8]) -> [Int] {
            lines.lines.indices.filter { index in lines.withLine(index) { $0.starts(with: mark) } }
        }
        let (begins, ends) = (starting(Self.first), starting(Self.last))
        if begins.isEmpty, ends.isEmpty { return nil }
        guard begins.count == 1, ends.count == 1, begins[0] < ends[0] else {
            throw Problem(
                "the marks of passel in \(Self.format) are not as they were written",
                hints: ["remove the lines with '>>> passel export' and '<<< passel export'"])
        }
        return begins[0]...ends[0]
    }

    /// The block.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let lines = ContentLines(content)
        guard let known = try place(lines) else { return nil }
        return content.slice(
            lines.lines[known.lowerBound].content
                .lowerBound..<lines.lines[known.upperBound].content.upperBound)
    }

    /// What a variable is set to within the block; nothing when it is not.
    ///
    /// - Throws: as `values`.
    func value(of name: Text, in content: Secret) throws -> Secret? {
        try values(in: content).last { $0.name == name }?.value
    }

    /// What the block sets.
    ///
    /// - Throws: a `Problem` for a block with references, and for one that is not as it was written.
    public func values(in content: Secret) throws -> [(name: Text, value: Secret)] {
        guard let block = try part("block", of: content) else { return [] }
        return try block.withBytes { bytes in
            var rest = bytes[...]
            let firstEnd = rest.firstIndex(of: .newline) ?? rest.endIndex - 1
            rest = rest[(firstEnd + 1)...]
            var found: [(name: Text, value: Secret)] = []
            while !rest.starts(with: Self.last) {
                guard !rest.starts(with: "use passel ".utf8) else {
                    throw Problem(
                        "\(Self.format) has references, which direnv gives to passel: nothing has to be put there"
                    )
                }
                guard let (name, value) = Self.assignment(&rest) else {
                    throw Problem(
                        "what passel wrote in \(Self.format) is not as it was written",
                        hints: ["remove the lines from '>>> passel export' to '<<< passel export'"])
                }
                found.append((name, value))
            }
            return found
        }
    }

    /// Takes the line `export NAME='VALUE'` away, in which a quote is `'\''`.
    private static func assignment(
        _ rest: inout Slice<UnsafeRawBufferPointer>
    ) -> (name: Text, value: Secret)? {
        let word = "export ".utf8
        let line = rest.prefix { $0 != .newline }
        guard rest.starts(with: word), let equals = line.firstIndex(of: UInt8(ascii: "=")),
            case let name = line[(line.startIndex + word.count)..<equals],
            VariableName(name) != nil
        else { return nil }
        let quote = UInt8(ascii: "'")
        let escaped = Escape.shell(quote) ?? []
        var place = equals + 1
        guard place < rest.endIndex, rest[place] == quote else { return nil }
        place += 1
        var pieces: [ContentPiece] = []
        while let end = rest[place...].firstIndex(of: quote) {
            let piece = UnsafeRawBufferPointer(rebasing: rest[place..<end])
            pieces.append(.secret(Secret(copying: piece)))
            if rest[end...].starts(with: escaped) {
                pieces.append("'")
                place = end + escaped.count
                continue
            }
            let behind = rest[(end + 1)...]
            guard let newline = behind.firstIndex(of: .newline),
                behind[..<newline].allSatisfy({ $0 == .carriageReturn })
            else { return nil }
            rest = rest[(newline + 1)...]
            return (Text(name), Secret(pieces))
        }
        return nil
    }

    /// Without the block.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let lines = ContentLines(content)
        guard let known = try place(lines) else { return content }
        var edits = ContentEdits(content)
        lines.remove(Set(known), &edits)
        return edits.result
    }
}
