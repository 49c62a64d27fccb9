import PasselCore
import PasselGit
import PasselStore

/// `conflicts ls`: the entries of which another version is kept, and what is different.
struct ConflictsList: Command {
    static let word = "ls"
    static let summary = "list entries that two people changed at once"
    static let discussion = """
        Where both changed the same part of an entry, the newer version stands and the other is kept \
        whole beside it, as NAME.conflict-ID. The list says which parts are different, who made \
        either version and when; it shows no secret. The status is 4 while there are any.
        """
    static let parameters: [any Parameter] = [entry, Flag.json]
    private static let entry = OptionalOperand("ENTRY", .entry, "the entry; without it, all")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let found = try session.store.conflicts(of: arguments[Self.entry] ?? "")
        if arguments[Flag.json] {
            session.output.json(["conflicts": .array(found.map(json))])
        } else {
            for conflict in found { show(conflict) }
        }
        return found.isEmpty ? .done : .needsAttention
    }

    private func show(_ conflict: Conflict) {
        let output = session.output
        output.line("\(conflict.name)")
        if let obstacle = conflict.obstacle {
            let why: Text = obstacle.message.bytes.isEmpty ? "cannot be read" : obstacle.message
            output.line("  different: unknown, \(why)")
        } else {
            let parts = conflict.parts.map(\.shown).joined(separator: ", ")
            output.line("  different: \(conflict.parts.isEmpty ? "nothing but the form" : parts)")
        }
        let standing = conflict.isStanding ? described(conflict.standing) : "nothing"
        output.line("  stands:    \(standing)")
        output.line("  kept:      \(described(conflict.other)), as \(conflict.kept)")
    }

    private func described(_ author: Conflict.Author?) -> Text {
        author.map {
            "\($0.name) on \(Day(second: $0.time).spelling), commit \(String($0.commit.hex.prefix(10)))"
        } ?? "not committed"
    }

    private func json(_ conflict: Conflict) -> JSON {
        func author(_ author: Conflict.Author?) -> JSON {
            guard let author else { return .null }
            return [
                "author": .string(author.name), "time": .int(author.time),
                "commit": .string(Text(author.commit.hex.utf8)),
            ]
        }
        return [
            "entry": .string(Text(conflict.name.bytes)),
            "kept": .string(Text(conflict.kept.bytes)),
            "is_standing": .bool(conflict.isStanding),
            "parts": .array(conflict.parts.map(\.json)),
            "standing": author(conflict.standing),
            "other": author(conflict.other),
            "obstacle": conflict.obstacle.map { .string($0.message) } ?? .null,
        ]
    }
}

extension EntryPart {
    /// The part in words.
    var shown: Text {
        switch self {
        case .secret: "the secret"
        case .field(let key): key
        case .otpauth: "the one-time password"
        case .text: "the text"
        }
    }

    /// The part for programs.
    fileprivate var json: JSON {
        switch self {
        case .secret: ["part": "secret"]
        case .field(let key): ["part": "field", "key": .string(key)]
        case .otpauth: ["part": "otpauth"]
        case .text: ["part": "text"]
        }
    }
}
