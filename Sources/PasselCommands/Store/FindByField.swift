import PasselCore
import PasselStore

/// `find --field`: the entries whose fields hold something.
struct FindByField: Command {
    static let word = "find"
    static let summary = "list entries by what their fields hold"
    static let discussion = """
        Without --field it is pass's find: a tree of the entries whose names hold one of the words. \
        The status is 3 if entries could not be read; those that are encrypted to others only are \
        none of them.
        """
    static let parameters: [any Parameter] = [fields, words, Flag.json]
    private static let fields = ListOption(
        "field", .fieldPattern, "the field holds this text; KEY alone: it is there")
    private static let words = Operands("WORD", .text, "the name holds this word, too")

    let session: Session
    let arguments: Arguments

    /// Whether these arguments of `find` are for us.
    static func isMeant(_ arguments: [[UInt8]]) -> Bool {
        arguments.prefix { $0 != "--".bytes }.contains {
            $0 == "--field".bytes || $0.starts(with: "--field=".utf8)
        }
    }

    func run() throws -> ExitStatus {
        let patterns = arguments[Self.fields]
        let words = arguments[Self.words].map { $0.bytes.map(\.asciiLowercased) }
        let catalogue = try session.store.catalogue()
        let found = catalogue.entries.filter { entry in
            let name = entry.name.bytes.map(\.asciiLowercased)
            return patterns.allSatisfy { $0.matches(entry) }
                && (words.isEmpty || words.contains { name.includes($0) })
        }
        if arguments[Flag.json] {
            let entries = found.map { entry -> JSON in
                ["name": .path(entry.name), "fields": .array(json(entry, patterns))]
            }
            session.output.json(
                .object([.init("entries", .array(entries))] + catalogue.unreadMembers))
        } else {
            for entry in found { session.output.line(Text(entry.name.bytes)) }
            catalogue.tellUnread(session)
        }
        return catalogue.status
    }

    /// The fields that were asked for.
    private func json(_ entry: IndexedEntry, _ patterns: [FieldPattern]) -> [JSON] {
        entry.fields.filter { field in patterns.contains { $0.matches(field) } }.map { field in
            ["key": .string(field.key), "value": .string(field.value)]
        }
    }

}

/// `KEY=TEXT` or `KEY`: a field with this key that holds the text, letters of either case being the
/// same.
struct FieldPattern: Sendable {
    private let key: [UInt8]
    private let text: [UInt8]

    init?(_ word: [UInt8]) {
        key = word.prefix { $0 != UInt8(ascii: "=") }.trimmingBlanks.map(\.asciiLowercased)
        text = word.drop { $0 != UInt8(ascii: "=") }.dropFirst().map(\.asciiLowercased)
        guard !key.isEmpty else { return nil }
    }

    func matches(_ entry: IndexedEntry) -> Bool { entry.fields.contains(where: matches) }

    func matches(_ field: EntryField) -> Bool {
        field.key.bytes.map(\.asciiLowercased) == key
            && field.value.bytes.map(\.asciiLowercased).includes(text)
    }
}

extension ValueKind<FieldPattern> {
    /// What a field is to hold.
    static var fieldPattern: ValueKind {
        ValueKind(placeholder: "KEY=TEXT", expected: "KEY=TEXT or KEY", read: FieldPattern.init)
    }
}
