import PasselCore
import PasselGit
import PasselTesting
import Testing

/// What two commits have in common, in histories with merges, several roots and clocks that go
/// wrong.
@Suite struct AncestryTests {
    /// Every commit of a repository, with all that it was made from and itself.
    private struct Truth {
        var ids: [String] = []
        var ancestors: [String: Set<String>] = [:]

        init(_ box: GitBox) throws {
            let lines = try box.git("rev-list", "--all", "--parents", "--topo-order", "--reverse")
            for line in lines.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                ids.append(words[0])
                ancestors[words[0]] = words.dropFirst().reduce([words[0]]) {
                    $0.union(ancestors[$1] ?? [])
                }
            }
        }

        func of(_ id: String) -> Set<String> { ancestors[id] ?? [] }

        func bases(_ a: String, _ b: String) -> Set<String> {
            let common = of(a).intersection(of(b))
            return common.filter { one in
                !common.contains { $0 != one && of($0).contains(one) }
            }
        }
    }

    private func box(_ seed: UInt64) throws -> GitBox {
        let box = try GitBox()
        box.sandbox.directory = box.folder
        let imported = try box.sandbox.run(
            "git", ["fast-import", "--quiet", "--done"],
            input: .bytes(GeneratedHistory(seed: seed, commits: 200).stream))
        #expect(imported.status == 0, "\(imported.stderr.text)")
        return box
    }

    /// 400 pairs, the same for the same seed.
    private func pairs(_ truth: Truth, _ seed: UInt64) -> [(String, String)] {
        var random = seed &+ 77
        func any() -> String {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return truth.ids[Int(random >> 33) % truth.ids.count]
        }
        return (0..<400).map { _ in (any(), any()) }
    }

    private func id(_ hex: String) throws -> GitID { try #require(GitID(hex: hex.utf8)) }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `ancestry is what the parents say`(
        seed: UInt64
    ) throws {
        let box = try box(seed)
        let truth = try Truth(box)
        let repository = try box.open()
        for (a, b) in pairs(truth, seed) {
            let (left, right) = (truth.of(a), truth.of(b))
            let base = try repository.mergeBase(id(a), id(b))?.hex
            let bases = truth.bases(a, b)
            #expect(base.map { bases.contains($0) } ?? bases.isEmpty)
            #expect(try repository.isAncestor(id(a), of: id(b)) == right.contains(a))
            let counts = try repository.aheadBehind(id(a), id(b))
            #expect(counts.ahead == left.subtracting(right).count)
            #expect(counts.behind == right.subtracting(left).count)
        }
    }

    @Test(arguments: [1, 2] as [UInt64]) func `commits that are not known yet, the newest first`(
        seed: UInt64
    ) throws {
        let box = try box(seed)
        let truth = try Truth(box)
        let repository = try box.open()
        for (a, b) in pairs(truth, seed).prefix(100) {
            let tips = [a, truth.ids[150]]
            let found = try repository.commits(from: tips.map(id), notIn: [id(b)]).map(\.id.hex)
            let wanted = truth.of(a).union(truth.of(truth.ids[150])).subtracting(truth.of(b))
            #expect(Set(found) == wanted && found.count == wanted.count)
            for (number, one) in found.enumerated() {
                #expect(found[..<number].allSatisfy { !truth.of(one).contains($0) })
            }
        }
    }

    @Test func `where each side merged the other, one of the best is taken`() throws {
        let box = try GitBox()
        try box.git("commit", "-q", "--allow-empty", "-m", "base")
        try box.git("checkout", "-q", "-b", "side")
        try box.git("commit", "-q", "--allow-empty", "-m", "side")
        try box.git("checkout", "-q", "main")
        try box.git("commit", "-q", "--allow-empty", "-m", "main")
        try box.git("tag", "m")
        try box.git("tag", "s", "side")
        try box.git("merge", "-q", "--no-ff", "-m", "main+side", "s")
        try box.git("checkout", "-q", "side")
        try box.git("merge", "-q", "--no-ff", "-m", "side+main", "m")
        let ids = try ["main", "side", "m", "s"].map { try id(box.git("rev-parse", $0)) }
        let base = try #require(try box.open().mergeBase(ids[0], ids[1]))
        #expect([ids[2], ids[3]].contains(base))
        #expect(try box.open().aheadBehind(ids[0], ids[1]) == (1, 1))
    }

    @Test func `a shallow clone knows what it has`() throws {
        let box = try GitBox()
        for number in 1...6 { try box.commit([file("a", "\(number)")]) }
        try box.git("branch", "old", "HEAD~4")
        let clone = box.sandbox.root + "/clone"
        try box.git(
            "clone", "-q", "--depth=2", "--no-single-branch", "file://" + box.folder, clone)
        let repository = try box.open(clone)
        let ids = try ["origin/main", "origin/main~1", "origin/old"].map {
            try id(box.git("-C", clone, "rev-parse", $0))
        }
        #expect(try repository.mergeBase(ids[0], ids[1]) == ids[1])
        #expect(try repository.mergeBase(ids[0], ids[2]) == nil)
        #expect(try !repository.isAncestor(ids[2], of: ids[0]))
        #expect(try repository.aheadBehind(ids[0], ids[2]) == (2, 2))
        #expect(try repository.commits(from: [ids[0]], notIn: [ids[1]]).map(\.id) == [ids[0]])
    }

    @Test func `a commit that is missing is said`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        let head = try id(box.git("rev-parse", "HEAD"))
        let missing = try id(String(repeating: "12", count: 20))
        #expect(throws: GitProblem.self) { try box.open().mergeBase(head, missing) }
        #expect(throws: GitProblem.self) { try box.open().commits(from: [head], notIn: [missing]) }
    }
}
