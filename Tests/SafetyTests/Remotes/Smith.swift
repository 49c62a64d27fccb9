import Foundation
import PasselTesting

/// Makes what no honest git would write, in the repository that a victim fetches from.
final class Smith {
    /// Something in a folder.
    struct Item: Sendable {
        var mode: String
        var name: Bytes
        var id: String

        init(_ mode: String, _ name: String, _ id: String) {
            self.init(mode, Bytes(name.utf8), id)
        }

        init(_ mode: String, _ name: Bytes, _ id: String) {
            self.mode = mode
            self.name = name
            self.id = id
        }

        /// As git sorts.
        var key: Bytes { name + (mode == "40000" ? [0x2F] : []) }
    }

    /// The bare repository.
    let remote: String
    /// The folder that holds everything.
    let root: String
    static let branch = "refs/heads/master"
    /// Where the victim is to look for it, if not in its folder.
    private(set) var url: String?
    private var server: RunningProgram?
    /// What a server writes down of what it was asked.
    var log: String { root + "/server-log" }

    init(remote: String, root: String) {
        self.remote = remote
        self.root = root
    }

    @discardableResult
    func git(_ words: String..., input: Bytes = []) throws -> String {
        let outcome = try Invocation.tool("git", ["-C", remote] + words, input: input)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(words): \(outcome.stderr.text)")
        }
        return outcome.stdout.trimmed.text
    }

    /// Runs a script of Python, which is better at much.
    func python(_ script: String, _ words: String...) throws -> String {
        let outcome = try Invocation.tool("python3", ["-c", script] + words, directory: remote)
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        return outcome.stdout.trimmed.text
    }

    /// Has a server of ours answer in some way, and the victim look there.
    func serve(_ manner: String, as scheme: String) throws {
        let program = try RunningProgram(
            Invocation(
                "/usr/bin/python3",
                ["-c", HostileServer.script, manner, log].map { Bytes($0.utf8) },
                environment: ["PATH=/usr/bin:/bin"].map { Bytes($0.utf8) }, directory: "/"))
        server = program
        // Its first and only line is its port.
        url = "\(scheme)://127.0.0.1:\(program.line().trimmed.text)/store"
    }

    func redirect(to url: String) { self.url = url }

    deinit { if let server { kill(-server.pid, SIGTERM) } }

    // MARK: Objects

    func object(_ kind: String, _ content: Bytes) throws -> String {
        try git("hash-object", "-t", kind, "-w", "--literally", "--stdin", input: content)
    }

    func blob(_ text: String) throws -> String { try object("blob", Bytes(text.utf8)) }

    /// A message that the victim can read.
    func message() throws -> String { try git("rev-parse", "\(Self.branch):web/other.gpg") }

    func tree(_ items: [Item], sorted: Bool = true) throws -> String {
        let order = sorted ? items.sorted { $0.key.lexicographicallyPrecedes($1.key) } : items
        return try object("tree", order.flatMap { Self.bytes($0) })
    }

    private static func bytes(_ item: Item) -> Bytes {
        let digits = Array(item.id.utf8)
        let id = stride(from: 0, to: 40, by: 2).map { offset in
            UInt8(String(decoding: digits[offset..<offset + 2], as: UTF8.self), radix: 16) ?? 0
        }
        return Bytes("\(item.mode) ".utf8) + item.name + [0] + id
    }

    func commit(_ tree: String, on parents: [String], message: String = "Change.") throws -> String
    {
        let people = "Mallory <mallory@example.org> 1800000000 +0000"
        let lines =
            ["tree \(tree)"] + parents.map { "parent \($0)" }
            + ["author \(people)", "committer \(people)", "", message, ""]
        return try object("commit", Bytes(lines.joined(separator: "\n").utf8))
    }

    // MARK: The branch

    func head() throws -> String { try git("rev-parse", Self.branch) }

    func publish(_ commit: String) throws {
        // git itself would not point a branch at everything that is tried here.
        try Disk.write(commit + "\n", to: "\(remote)/\(Self.branch)")
    }

    /// The items of a folder of the newest commit, the top if none is named.
    func items(_ folder: String = "") throws -> [Item] {
        try git("ls-tree", "\(Self.branch):\(folder)").split(separator: "\n").map { line in
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            return Item(words[0] == "040000" ? "40000" : words[0], words[3], words[2])
        }
    }

    /// Publishes a commit that has these items beside those there are, or in their place.
    func add(_ items: Item..., sorted: Bool = true) throws {
        let kept = try self.items().filter { old in !items.contains { $0.name == old.name } }
        try publish(commit(tree(kept + items, sorted: sorted), on: [head()]))
    }

    func add(_ mode: String, _ name: String, _ id: String) throws {
        try add(Item(mode, name, id))
    }

    /// A folder with one file.
    func folder(_ name: String, _ text: String) throws -> String {
        try tree([Item("100644", name, blob(text))])
    }
}
