import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

/// An item of a folder that is made by hand.
struct RawItem {
    var mode = "100644"
    var name: [UInt8]
    var id: String

    init(_ mode: String, _ name: String, _ id: String) {
        self.init(mode, Array(name.utf8), id)
    }

    init(_ mode: String, _ name: [UInt8], _ id: String) {
        self.mode = mode
        self.name = name
        self.id = id
    }

    /// As git sorts.
    var key: [UInt8] { name + (mode == "40000" ? [0x2F] : [0]) }
}

extension StoreBox {
    /// A store with two entries, all committed.
    static func gated() throws -> StoreBox {
        let box = try team([.bob, .carol, .ann])
        try box.entry("web/site", "old")
        try box.entry("web/other", "other")
        try box.commitAll()
        return box
    }

    // MARK: Objects made by hand

    func object(_ kind: String, _ content: [UInt8]) throws -> String {
        let outcome = try sandbox.run(
            "git", ["-C", root, "hash-object", "-t", kind, "-w", "--literally", "--stdin"],
            input: .bytes(content))
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        return outcome.stdout.trimmed.text
    }

    func file(_ text: String) throws -> String { try object("blob", Array(text.utf8)) }

    func message(_ text: String = "new") throws -> String {
        try object(
            "blob",
            MemoryCipher().encrypt(Secret(plain: text), to: [Recipient("ann".utf8)]))
    }

    /// A folder of exactly these items, in this order unless sorted.
    func folder(_ items: [RawItem], sorted: Bool = true) throws -> String {
        let order = sorted ? items.sorted { $0.key.lexicographicallyPrecedes($1.key) } : items
        return try object(
            "tree",
            order.flatMap { item in
                Array("\(item.mode) ".utf8) + item.name + [0]
                    + stride(from: 0, to: 40, by: 2).map { offset in
                        let start = item.id.index(item.id.startIndex, offsetBy: offset)
                        let end = item.id.index(start, offsetBy: 2)
                        return UInt8(item.id[start..<end], radix: 16) ?? 0
                    }
            })
    }

    /// The items of the top folder of HEAD.
    func top() throws -> [RawItem] {
        try git("ls-tree", "HEAD").split(separator: "\n").map { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            let mode = words[0].hasPrefix("0") ? String(words[0].dropFirst()) : words[0]
            return RawItem(mode, words[3], words[2])
        }
    }

    /// A commit of a folder, by default on HEAD.
    func commit(_ tree: String, on parents: [String]? = nil, text: String? = nil) throws -> String {
        let people = "Mallory <mallory@example.org> 1700000000 +0000"
        let lines =
            ["tree \(tree)"] + (try parents ?? [git("rev-parse", "HEAD")]).map { "parent \($0)" }
            + ["author \(people)", "committer \(people)", "", "Change.", ""]
        return try object("commit", Array((text ?? lines.joined(separator: "\n")).utf8))
    }

    /// A commit that has these items beside those of HEAD, or in their place.
    func adding(_ items: RawItem...) throws -> String {
        let kept = try top().filter { old in !items.contains { $0.name == old.name } }
        return try commit(folder(kept + items))
    }

    // MARK: The gate

    var head: GitID {
        get throws { try id(git("rev-parse", "HEAD")) }
    }

    func id(_ hex: String) throws -> GitID { try #require(GitID(hex: hex.utf8)) }

    func gate(strict: Bool = false) throws -> Gate {
        let store = store
        let repository = try #require(try store.repository(around: store.root))
        return try Gate(store: store, repository: repository, requiresSigned: strict)
    }

    func inspect(_ commit: String, strict: Bool = false, accepting: Bool = false) throws
        -> GateReport
    {
        try gate(strict: strict).inspect(
            id(commit), from: "origin", ours: head, acceptsRewrite: accepting)
    }

    /// The rules that a commit breaks.
    func rules(_ commit: String, strict: Bool = false) throws -> [GateRule] {
        try inspect(commit, strict: strict).violations.map(\.rule)
    }

    func verify(_ commit: String, of remote: Text = "origin") throws {
        var heads = try #require(try store.verifiedHeads())
        heads.set(try id(commit), of: remote)
        try heads.save()
    }
}
