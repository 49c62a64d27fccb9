import Foundation

/// What an entry may hold.
enum Content: Sendable, Equatable {
    case absent
    case text(String)
    /// Any first line of this length, then these lines.
    case generated(length: Int, rest: String)

    func matches(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .absent:
            return false
        case .text(let text):
            return bytes == Array(text.utf8)
        case .generated(let length, let rest):
            guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return false }
            return end == length && Array(bytes[(end + 1)...]) == Array(rest.utf8)
        }
    }
}

/// A command that changes the store, and the two states that it may leave.
struct Operation: Sendable {
    var name: String
    let arguments: [String]
    var input = ""
    /// What the entries named here hold afterwards; all others hold what they held.
    let after: [String: Content]
    /// The recipients of every entry afterwards; `nil` when they do not change.
    var recipients: [String]?
    /// What `$EDITOR` writes.
    var editorText: String?
    /// The kernel forbids private namespaces: plaintext may then stay until the next command.
    var withoutNamespaces = false

    static func insert(_ box: Sandbox) -> Operation {
        let text = "\(box.marker)-new\nuser: new\n"
        return Operation(
            name: "insert", arguments: ["insert", "-m", "fresh/folder/entry"], input: text,
            after: ["fresh/folder/entry": .text(text)])
    }

    static func overwrite(_ box: Sandbox) -> Operation {
        let text = "\(box.marker)-replaced\nuser: other\n"
        return Operation(
            name: "insert -f", arguments: ["insert", "-m", "-f", "web/site"], input: text,
            after: ["web/site": .text(text)])
    }

    static func edit(_ box: Sandbox, withoutNamespaces: Bool = false) -> Operation {
        let text = "\(box.marker)-edited\nuser: edited\n"
        return Operation(
            name: withoutNamespaces ? "edit (no namespaces)" : "edit",
            arguments: ["edit", "web/site"], after: ["web/site": .text(text)], editorText: text,
            withoutNamespaces: withoutNamespaces)
    }

    static func move(_ box: Sandbox) -> Operation {
        Operation(
            name: "mv", arguments: ["mv", "web/site", "archive/site"],
            after: ["web/site": .absent, "archive/site": .text(box.value(of: "web/site"))])
    }

    static func remove(_ box: Sandbox) -> Operation {
        Operation(
            name: "rm", arguments: ["rm", "-f", "web/site"], after: ["web/site": .absent])
    }

    static func generate(_ box: Sandbox) -> Operation {
        let rest = box.value(of: "web/site").split(separator: "\n", maxSplits: 1)[1]
        return Operation(
            name: "generate -i", arguments: ["generate", "-i", "web/site", "24"],
            after: ["web/site": .generated(length: 24, rest: String(rest))])
    }

    static func addRecipient(_ box: Sandbox) -> Operation {
        Operation(
            name: "init", arguments: ["init", "ann@example.org", "bob@example.org"], after: [:],
            recipients: ["ann", "bob"])
    }

    /// Twenty entries at once: new ones, also in new folders, and one that is replaced.
    static func importing(_ box: Sandbox) -> Operation {
        let names = ["web/site"] + (1...19).map { "new/folder\($0 % 3)/n\($0)" }
        let values = names.map { ($0, "\(box.marker)-imported-\($0)") }
        let rows = values.map { name, value in
            let parts = name.split(separator: "/")
            return "\(parts.dropLast().joined(separator: "/")),\(parts.last ?? ""),\(value)\n"
        }
        return Operation(
            name: "import of \(names.count) entries",
            arguments: ["import", "csv", "-", "--on-conflict", "replace"],
            input: "folder,name,password\n" + rows.joined(),
            after: Dictionary(uniqueKeysWithValues: values.map { ($0, .text($1 + "\n")) }))
    }

    /// The command whose success shows that nothing is stuck.
    static func next(_ box: Sandbox) -> Operation {
        let text = "\(box.marker)-next\n"
        return Operation(
            name: "next", arguments: ["insert", "-m", "-f", "other"], input: text,
            after: ["other": .text(text)])
    }

    func before(_ name: String, _ box: Sandbox) -> Content {
        Sandbox.names.contains(name) ? .text(box.value(of: name)) : .absent
    }

    func after(_ name: String, _ box: Sandbox) -> Content { after[name] ?? before(name, box) }

    /// The program with this operation's arguments, to be run in the sandbox, perhaps under another
    /// program such as the killer.
    func command(_ program: String, in box: Sandbox, under wrapper: [String] = []) throws
        -> Command
    {
        if let editorText { try box.installEditor(writing: editorText) }
        return Command(
            words: wrapper + [program] + arguments, environment: box.environment,
            input: Array(input.utf8))
    }
}
