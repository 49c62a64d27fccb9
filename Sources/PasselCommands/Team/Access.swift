import PasselCore
import PasselStore

/// `access`: who can read what, by the packets of the files.
struct Access: Command {
    static let word = "access"
    static let summary = "tell who can read which entries"
    static let discussion = """
        Judged by what the files are really encrypted to, whatever any list says; nothing is \
        decrypted. Entries of one folder that the same people can read stand in one line.

        JSON: entries: entry, readers (kind: key, unknown or hidden; name, fingerprint, key_id), \
        unreadable. With --member: member (name, fingerprint), entries (names).
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
            show(try session.store.readers(below: place))
        }
        return .done
    }

    private func show(_ found: (key: NamedKey, entries: [Text])) {
        guard !arguments[Flag.json] else {
            session.output.json([
                "member": .object(found.key.members),
                "entries": .array(found.entries.map { .string($0) }),
            ])
            return
        }
        for name in found.entries { session.output.line(name) }
        let key = found.key.fingerprint.map { " (\($0.grouped))" as Text } ?? ""
        let count: Text = found.entries.count == 1 ? "1 entry" : "\(found.entries.count) entries"
        session.output.error("\(found.key.name)\(key) can read \(count)")
    }

    private func show(_ entries: [EntryReaders]) {
        guard !arguments[Flag.json] else {
            session.output.json(["entries": .array(entries.map(json))])
            return
        }
        Tree(lines(entries).map(node)).print(session)
    }

    /// Entries that are told together, under one name.
    private struct Line {
        let name: Text
        let count: Int?
        let readers: [Addressee]
        let flaw: Text?
    }

    /// A folder's entries in one line where there are several and the same people can read all.
    private func lines(_ entries: [EntryReaders]) -> [Line] {
        var folders: [Text] = []
        var inFolder: [Text: [EntryReaders]] = [:]
        for entry in entries {
            if inFolder[entry.folder] == nil { folders.append(entry.folder) }
            inFolder[entry.folder, default: []].append(entry)
        }
        return folders.flatMap { folder -> [Line] in
            let found = inFolder[folder] ?? []
            if let first = found.first, found.count > 1, !arguments[Self.each],
                found.allSatisfy({ $0.flaw == nil && $0.readers == first.readers })
            {
                return [
                    Line(name: "\(folder)/", count: found.count, readers: first.readers, flaw: nil)
                ]
            }
            return found.map {
                Line(name: $0.name, count: nil, readers: $0.readers, flaw: $0.flaw)
            }
        }
    }

    private func node(_ line: Line) -> Tree.Node {
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
