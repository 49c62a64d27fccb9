import PasselCore

/// What `--help` prints.
enum CommandHelp {
    /// The columns that a line may have.
    private static let width = 78

    /// Usage, summary, discussion and parameters of a command.
    static func text(_ command: any Command.Type, invocation: [[UInt8]]) -> Text {
        let shapes = command.parameters.map(\.shape)
        let calling = invocation.map { Text($0) }.joined(separator: " ")
        let indent = "       "
        let usage = lines(
            shapes.map(synopsis), width: width - indent.count, taken: calling.bytes.count + 1)
        var paragraphs: [Text] = [
            "Usage: \(calling)\(usage.isEmpty ? "" : " ")\(usage.joined(separator: "\n" + indent))",
            Text(sentence(command.summary).utf8),
        ]
        let discussion = command.discussion.split(separator: "\n", omittingEmptySubsequences: false)
        for paragraph in discussion.split(whereSeparator: \.isEmpty) {
            let text = paragraph.joined(separator: " ")
            paragraphs.append(
                Text(lines(words(text[...]), width: width).joined(separator: "\n").utf8))
        }
        let operands = shapes.filter { $0.place != .flag && $0.place != .option }
        let options = shapes.filter { $0.place == .flag || $0.place == .option }
        paragraphs.append(
            list(
                operands.map { ($0.name, $0.help) } + options.map { (head($0), $0.help) } + [
                    ("-h, --help", "show this text")
                ]))
        return paragraphs.joined(separator: "\n\n")
    }

    /// Usage and the commands of a group.
    static func text(_ group: CommandGroup, invocation: [[UInt8]]) -> Text {
        let calling = invocation.map { Text($0) }.joined(separator: " ")
        var paragraphs: [Text] = [
            "Usage: \(calling) COMMAND ...", Text(sentence(group.summary).utf8),
            list(group.commands.map { ($0.word, $0.summary) }),
        ]
        if let standard = group.standard {
            paragraphs.append("\"\(calling)\" alone is \"\(calling) \(standard.word)\".")
        }
        paragraphs.append("\"\(calling) COMMAND --help\" tells more.")
        return paragraphs.joined(separator: "\n\n")
    }

    /// Lines with a word and what it means, indented, the meanings below each other.
    static func list(_ items: [(word: String, meaning: String)]) -> Text {
        let width = items.map(\.word.count).max() ?? 0
        let rows = items.map { item -> Text in
            let blanks = String(repeating: " ", count: width - item.word.count + 2)
            let indent = String(repeating: " ", count: width + 6)
            let meaning = lines(words(item.meaning[...]), width: Self.width - width - 6)
                .joined(separator: "\n" + indent)
            return "    \(item.word)\(blanks)\(meaning)"
        }
        return rows.joined(separator: "\n")
    }

    /// `[--until=DATE]`, `NAME`, `[KEY...]`.
    private static func synopsis(_ shape: ParameterShape) -> String {
        switch shape.place {
        case .flag: return "[\(shape.letter.map { "-\($0)" } ?? shape.label)]"
        case .option: return "[\(shape.label)=\(shape.value)]\(shape.repeats ? "..." : "")"
        case .trailing: return "-- \(shape.name)..."
        case .operands(let count):
            let name = count.upperBound > 1 ? shape.name + "..." : shape.name
            return count.lowerBound > 0 ? name : "[\(name)]"
        }
    }

    /// `-u, --until=DATE`.
    private static func head(_ shape: ParameterShape) -> String {
        let letter = shape.letter.map { "-\($0), " } ?? "    "
        return letter + shape.label + (shape.place == .option ? "=\(shape.value)" : "")
    }

    /// A summary as a sentence of its own.
    private static func sentence(_ summary: String) -> String {
        summary.prefix(1).uppercased() + summary.dropFirst() + "."
    }

    private static func words(_ text: Substring) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    /// Words in lines of so many columns, of which some of the first line are taken.
    private static func lines(_ words: [String], width: Int, taken: Int = 0) -> [String] {
        var lines: [String] = []
        for word in words {
            let start = lines.count == 1 ? taken : 0
            if let last = lines.last, start + last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }
}
