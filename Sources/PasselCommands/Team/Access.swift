import PasselCore
import PasselStore

/// `access`: who can read what, by the packets of the files.
struct Access: Command {
    static let word = "access"
    static let summary = "tell who can read which entries"
    static let discussion = """
        Judged by what the files are really encrypted to, whatever any list says; nothing is \
        decrypted. A folder all of whose entries the same people can read stands in one line, and so \
        do the entries that lie in a folder itself, as FOLDER/*.
        """
    static let parameters: [any Parameter] = [place, member, each, Flag.json]
    private static let place = OptionalOperand(
        "FOLDER|ENTRY", .entryOrFolder, "what to look at; without it, the whole store")
    private static let member = Option(
        "member", letter: "m", .key, "only the entries that this person's key can read")
    private static let each = Flag("each", "every entry in a line of its own")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let place = arguments[Self.place] ?? ""
        if let member = arguments[Self.member] {
            try show(session.store.readable(by: member, below: place))
        } else {
            show(try session.store.readers(below: place), at: place)
        }
        return .done
    }

    private func show(_ found: (key: NamedKey, entries: [Text])) {
        guard !arguments[Flag.json] else {
            session.output.json([
                "member": .object(found.key.members),
                "entries": .array(found.entries.map { ["entry": .string($0)] }),
            ])
            return
        }
        for name in found.entries { session.output.line(name) }
        let key = found.key.fingerprint.map { " (\($0.grouped))" as Text } ?? ""
        let count: Text = found.entries.count == 1 ? "1 entry" : "\(found.entries.count) entries"
        session.output.error("\(found.key.name)\(key) can read \(count)")
    }

    private func show(_ entries: [EntryReaders], at place: Path) {
        guard !arguments[Flag.json] else {
            session.output.json(["entries": .array(entries.map(json))])
            return
        }
        guard !entries.isEmpty else { return session.output.error("there are no entries") }
        let summary = AccessSummary(entries, at: place, each: arguments[Self.each])
        Tree(summary.lines.map(node)).print(session)
    }

    private func node(_ line: AccessSummary.Line) -> Tree.Node {
        var node = Tree.Node(Styled(line.name, .strong))
        if let count = line.count { node.cells.append(Styled("\(count) entries", .faint)) }
        if let flaw = line.flaw { node.cells.append(Styled(flaw, .bad)) }
        node.children = line.readers.map { Tree.Node($0.cells.who, $0.cells.key) }
        return node
    }

    private func json(_ entry: EntryReaders) -> JSON {
        [
            "entry": .string(entry.name),
            "readers": .array(entry.readers.map(\.json)),
            "unreadable": .text(entry.flaw),
        ]
    }
}
