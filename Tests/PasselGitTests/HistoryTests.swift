import PasselCore
import PasselGit
import PasselTesting
import Testing

/// Histories read as git reads them.
@Suite struct HistoryTests {
    static let seeds: [UInt64] = [1, 2, 3]

    /// A repository with a generated history of 200 commits, its objects in a pack.
    private func box(_ seed: UInt64) throws -> GitBox {
        let box = try GitBox()
        box.sandbox.directory = box.folder
        let imported = try box.sandbox.run(
            "git", ["fast-import", "--quiet", "--done"],
            input: .bytes(GeneratedHistory(seed: seed, commits: 200).stream))
        #expect(imported.status == 0, "\(imported.stderr.text)")
        try box.git("config", "core.quotePath", "false")
        return box
    }

    @Test(arguments: seeds) func `changes are git's, oldest first`(seed: UInt64) throws {
        let box = try box(seed)
        let theirs = try box.lines(
            "log", "--all", "--date-order", "--reverse", "--root", "--raw", "--no-renames",
            "--no-abbrev", "--diff-merges=first-parent", "--format=%H"
        ).filter { !$0.isEmpty }
        var ours: [Bytes] = []
        let extent = try box.open().walkHistory(refs: .all) { commit, changes in
            ours.append(Bytes(commit.id.hex.utf8))
            ours += changes.map(\.raw)
        }
        #expect(ours == theirs)
        #expect(!extent.isShallow && extent.skipped.isEmpty)
    }

    @Test(arguments: seeds) func `below a folder there is what all of it has there`(
        seed: UInt64
    ) throws {
        let box = try box(seed)
        defer { withExtendedLifetime(box) {} }
        let repository = try box.open()
        var all: [Bytes] = []
        try repository.walkHistory(refs: .all) { all += $1.map { $0.raw + [$0.isOwn ? 1 : 0] } }
        var names: [Bytes] = []
        try repository.walkHistory(refs: .all) { names += $1.map(\.name) }
        let folders = Set(
            names.flatMap { name in
                name.indices.filter { name[$0] == 0x2F }.map { Bytes(name[..<$0]) }
            })
        #expect(folders.contains { $0.contains(0x2F) })
        for folder in folders {
            var ours: [Bytes] = []
            try repository.walkHistory(refs: .all, below: folder) {
                ours += $1.map { $0.raw + [$0.isOwn ? 1 : 0] }
            }
            let theirs = zip(names, all).filter { $0.0.starts(with: folder + [0x2F]) }.map(\.1)
            #expect(ours == theirs, "\(Text(folder))")
        }
    }

    @Test(arguments: seeds) func `any two commits are compared as by git`(seed: UInt64) throws {
        let box = try box(seed)
        for (old, new) in [("main", "b0"), ("b0", "v50^0"), ("v100^0", "main"), ("b1", "b1")] {
            let theirs = try box.lines(
                "diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", old, new)
            let ids = try [old, new].map {
                try #require(GitID(hex: Bytes(box.git("rev-parse", $0).utf8)))
            }
            let ours = try box.open().changes(from: ids[0], to: ids[1])
            #expect(ours.map(\.raw) == theirs)
        }
    }

    @Test(arguments: seeds) func `what a merge did itself differs from all parents`(
        seed: UInt64
    ) throws {
        let box = try box(seed)
        let theirs = try box.lines(
            "log", "--all", "--date-order", "--reverse", "--min-parents=2", "-c", "--raw",
            "--no-renames", "--no-abbrev", "--format=%H"
        ).filter { !$0.isEmpty }.map { line in
            line.firstIndex(of: 0x09).map { Bytes(line[($0 + 1)...]) } ?? line
        }
        var ours: [Bytes] = []
        try box.open().walkHistory(refs: .all) { commit, changes in
            guard commit.parents.count > 1 else {
                #expect(changes.allSatisfy { $0.isOwn })
                return
            }
            ours.append(Bytes(commit.id.hex.utf8))
            ours += changes.filter(\.isOwn).map(\.name)
        }
        #expect(ours == theirs)
        #expect(ours.contains { $0.count != 40 })
    }

    @Test(arguments: seeds) func `every file of every commit is seen`(seed: UInt64) throws {
        let box = try box(seed)
        for (refs, tip) in [(HistoryRange.all, "--all"), (.head, "HEAD")] {
            let objects = try box.git("rev-list", "--objects", "--no-object-names", tip)
            let kinds = try box.sandbox.run(
                "git", ["cat-file", "--batch-check"], input: .bytes(Bytes(objects.utf8)))
            let theirs = kinds.stdout.text.split(separator: "\n").filter { $0.contains(" blob ") }
            var ours: Set<String> = []
            try box.open().walkHistory(refs: refs) { _, changes in
                for leaf in changes.compactMap(\.new) where leaf.kind != .submodule {
                    ours.insert(leaf.id.hex)
                }
            }
            #expect(ours == Set(theirs.map { String($0.prefix(40)) }))
        }
    }

    @Test(arguments: seeds) func `who, when, what and from what are git's`(seed: UInt64) throws {
        let box = try box(seed)
        let format = "%H|%P|%an|%ae|%ad|%cn|%ce|%cd|%s|%(trailers:only,unfold)"
        let theirs = try box.git(
            "log", "--all", "--date-order", "--reverse", "--date=raw", "--format=\(format)")
        var ours: [String] = []
        try box.open().walkHistory(refs: .all) { commit, _ in
            let parents = commit.parents.map(\.hex).joined(separator: " ")
            let trailers = commit.trailers.map { "\($0.key): \($0.value)\n" }.joined()
            ours.append(
                "\(commit.id.hex)|\(parents)|\(commit.author.fields)|\(commit.committer.fields)"
                    + "|\(commit.subject)|\(trailers)")
            #expect(commit.message.description.hasSuffix("\n\nMore.\n\nChecked-by: Bob\n"))
        }
        #expect(ours.joined(separator: "\n") == theirs)
    }

    @Test(arguments: seeds) func `revisions and folders are git's`(seed: UInt64) throws {
        let box = try box(seed)
        let repository = try box.open()
        var trees: [String: [Bytes: Bytes]] = [:]
        let graph = try box.lines("log", "--date-order", "--format=%H %P").map {
            $0.text.split(separator: " ").map(String.init)
        }
        for commit in graph.map({ $0[0] }) {
            let listed = try box.run("git", ["ls-tree", "-r", "-z", commit]).stdout
            let items = listed.split(separator: 0).map { $0.split(separator: 0x09, maxSplits: 1) }
            let tree = items.map { (Bytes($0[1]), Bytes($0[0])) }
            let leaves = try repository.leaves(in: GitID(hex: Bytes(commit.utf8)))
            #expect(leaves.map(\.name) == tree.map(\.0))
            #expect(leaves.map(\.leaf.listed) == tree.map(\.1))
            trees[commit] = Dictionary(uniqueKeysWithValues: tree)
        }
        for name in Set(trees.values.flatMap(\.keys)) {
            let theirs = graph.filter { commit in
                let here = trees[commit[0]]?[name]
                let before = commit.dropFirst().map { trees[$0]?[name] }
                return before.isEmpty ? here != nil : !before.contains(here)
            }
            let ours = try repository.revisions(of: name)
            #expect(ours.map(\.commit.id.hex) == theirs.map { $0[0] })
            #expect(ours.map { $0.leaf?.listed } == theirs.map { trees[$0[0]]?[name] })
            let leaf = try repository.leaf(at: name)?.listed
            #expect(leaf == trees[graph[0][0]]?[name])
        }
    }

    @Test func `a folder's own files are listed`() throws {
        let box = try GitBox()
        try box.commit([
            file("a/b/1", "1"), file("a/b/2/3", "2"), file("a/bc", "3"), link("a/b/l", "x"),
        ])
        let repository = try box.open()
        for folder in ["a/b", "a/b/", "/a//b"] {
            let found = try repository.leaves(below: Bytes(folder.utf8))
            #expect(found.map(\.name.text) == ["a/b/1", "a/b/2/3", "a/b/l"])
            #expect(found.map(\.leaf.kind) == [.file, .file, .link])
        }
        for folder in ["a/bc", "a/b/1", "b", "a/b/l"] {
            #expect(try repository.leaves(below: Bytes(folder.utf8)).isEmpty)
        }
        #expect(try repository.leaf(at: Bytes("a/b".utf8)) == nil)
        #expect(try repository.leaf(at: Bytes("a/b/1/2".utf8)) == nil)
        #expect(try repository.leaf(at: []) == nil)
        #expect(try repository.revisions(of: Bytes("a/b".utf8)).isEmpty)
    }

    @Test func `content is read whole, in part or not at all`() throws {
        let box = try GitBox()
        try box.commit([file("f", "hunter2"), file("empty", "")])
        for packed in [false, true] {
            if packed { try box.git("gc", "-q") }
            let repository = try box.open()
            let id = try #require(try repository.leaf(at: Bytes("f".utf8))).id
            let empty = try #require(try repository.leaf(at: Bytes("empty".utf8))).id
            #expect(try repository.content(of: id, limit: 7).text == "hunter2")
            #expect(throws: GitProblem.self) { try repository.content(of: id, limit: 6) }
            #expect(try repository.contentHead(of: id, count: 3).text == "hun")
            #expect(try repository.contentHead(of: id, count: 100).text == "hunter2")
            #expect(try repository.contentHead(of: empty, count: 5) == [])
            let commit = try #require(try repository.headID())
            #expect(throws: GitProblem.self) { try repository.content(of: commit) }
        }
    }
}

extension GitBox {
    func lines(_ arguments: String...) throws -> [Bytes] {
        try run("git", arguments).stdout.lines
    }
}

extension GitLeaf {
    fileprivate var mode: String {
        switch kind {
        case .file: "100644"
        case .executable: "100755"
        case .link: "120000"
        case .submodule: "160000"
        }
    }

    /// As `git ls-tree` lists it, without the name.
    fileprivate var listed: Bytes {
        Bytes("\(mode) \(kind == .submodule ? "commit" : "blob") \(id.hex)".utf8)
    }
}

extension GitLeafChange {
    /// As `git log --raw` shows it.
    fileprivate var raw: Bytes {
        let none = String(repeating: "0", count: 40)
        let letter =
            switch (old, new) {
            case (nil, _): "A"
            case (_, nil): "D"
            case (let old?, let new?): old.mode.prefix(3) == new.mode.prefix(3) ? "M" : "T"
            }
        let modes = ":\(old?.mode ?? "000000") \(new?.mode ?? "000000")"
        let ids = "\(old?.id.hex ?? none) \(new?.id.hex ?? none)"
        return Bytes("\(modes) \(ids) \(letter)\t".utf8) + name
    }
}

extension Authorship {
    /// As `%an|%ae|%ad` of `git log --date=raw`.
    fileprivate var fields: String {
        let digits = String(10_000 + abs(zone) / 60 * 100 + abs(zone) % 60).dropFirst()
        return "\(name)|\(mail)|\(time) \(zone < 0 ? "-" : "+")\(digits)"
    }
}
