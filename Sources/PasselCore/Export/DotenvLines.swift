/// A dotenv file, such as `.env`, from which many tools take variables.
///
/// Ours in it are lines `NAME=VALUE`, as `Dotenv` writes them.
public struct DotenvLines: MergedFile {
    private static let format: Text = "a dotenv file"

    /// The format.
    public init() {}

    /// The variable.
    public func mark(of item: ExportItem) throws -> Text {
        guard VariableName(item.name.bytes) != nil else {
            throw Problem("\(ShellWord.text(item.name.bytes)) cannot be a variable's name")
        }
        return item.name
    }

    /// As the protocol says.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        try ExportItem.requireDistinctNames(items)
        var content = content
        for item in items { content = try merging(item, into: content) }
        return content
    }

    private func merging(_ item: ExportItem, into content: Secret) throws -> Secret {
        let mark = try mark(of: item)
        let line = try line(item)
        let lines = ContentLines(content)
        var edits = ContentEdits(content)
        var known = try own(mark, lines)
        if known.isEmpty {
            lines.insert([[.secret(line)]], before: lines.lines.count, &edits)
        } else {
            lines.replace(known.removeFirst(), by: [.secret(line)], &edits)
            lines.remove(Set(known), &edits)
        }
        return edits.result
    }

    private func line(_ item: ExportItem) throws -> Secret {
        guard let name = VariableName(item.name.bytes) else {
            preconditionFailure("a variable without a name")
        }
        do {
            let line = try Dotenv.line(name, item.value)
            return line.slice(0..<(line.count - 1))
        } catch {
            throw item.unfit(
                for: Self.format, error.reason,
                hints: ["passel run --map \(item.name)=\(item.reference) -- PROGRAM"])
        }
    }

    private func assignments(_ content: Secret) throws -> [Dotenv.Assignment] {
        do {
            return try Dotenv.assignments(in: content)
        } catch {
            throw Problem("line \(error.line) of the dotenv file: \(error.reason)")
        }
    }

    /// The lines that set a variable.
    private func own(_ name: Text, _ lines: ContentLines) throws -> [Int] {
        try assignments(lines.content).filter { $0.name.text == name }.flatMap { assignment in
            Array((assignment.line - 1)...(assignment.lastLine - 1))
        }
    }

    /// The lines that set a variable.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let lines = ContentLines(content)
        let own = try own(mark, lines)
        guard !own.isEmpty else { return nil }
        return Secret(own.flatMap { [.secret(content.slice(lines.lines[$0].content)), "\n"] })
    }

    /// What a variable is set to; nothing when it is not.
    func value(of name: Text, in content: Secret) throws -> Secret? {
        try assignments(content).last { $0.name.text == name }?.value
    }

    /// Without the lines that set a variable.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let lines = ContentLines(content)
        var edits = ContentEdits(content)
        lines.remove(Set(try own(mark, lines)), &edits)
        return edits.result
    }
}
