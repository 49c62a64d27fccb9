import PasselTesting

/// A history with everything that git allows, the same for the same seed, as `git fast-import`
/// reads it.
///
/// Files that change, appear, vanish and are renamed, folders that move, files that become folders,
/// links, modes and submodules; branches, merges of two and of three, a second root, tags, and
/// clocks that go wrong.
struct GeneratedHistory {
    private typealias Files = [Bytes: (mode: String, content: String)]

    private var random: UInt64
    private var commits: [Files] = []
    private var branches: [Int] = []
    private var counter = 0
    private(set) var stream: Bytes = []

    init(seed: UInt64, commits count: Int) {
        random = seed
        for number in 0..<count { step(number) }
        for (number, commit) in branches.enumerated() {
            let kind = number % 3 == 2 ? "remotes/origin" : "heads"
            reset("refs/\(kind)/b\(number)", to: commit)
        }
        reset("refs/heads/main", to: count - 1)
        for commit in [count / 4, count / 2] {
            add("tag v\(commit)\nfrom :\(commit + 1)\ntagger T <t@x> 1600000000 +0000\n")
            data(Bytes("A tag.".utf8))
        }
        add("done\n")
    }

    private mutating func step(_ number: Int) {
        var parents: [Int] = []
        if number % 57 != 0 {  // the first commit, and more that have no parent
            let first = any(branches.count)
            parents = [chance(15) ? any(commits.count) : branches[first]]
            if chance(25) {
                for _ in 0...any(2) { parents.append(branches[any(branches.count)]) }
            }
        }
        parents = parents.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        var files = parents.first.map { commits[$0] } ?? [:]
        for parent in parents.dropFirst() {
            for (name, file) in commits[parent].sorted(by: { $0.key.precedes($1.key) })
            where files[name] == nil || chance(30) { place(file, name, &files) }
        }
        if parents.count < 2 || chance(40) { for _ in 0...any(4) { change(&files) } }
        let main = parents.first.flatMap { branches.firstIndex(of: $0) }
        if let main { branches[main] = number } else { branches.append(number) }
        commits.append(files)
        write(number, parents, files)
    }

    private mutating func change(_ files: inout Files) {
        counter += 1
        let names = files.keys.sorted { $0.precedes($1) }
        let modes = ["100644", "100644", "100644", "100644", "100755", "120000", "160000"]
        guard let name = names.isEmpty ? nil : names[any(names.count)], chance(70) else {
            return place((modes[any(modes.count)], "content \(counter)"), newName(), &files)
        }
        let file = files[name] ?? ("100644", "")
        switch any(7) {
        case 0, 1: files[name]?.content = "content \(counter)"
        case 2: files[name] = nil
        case 3:
            files[name] = nil
            place(file, newName(), &files)
        case 4: files[name]?.mode = modes[any(modes.count)]
        case 5:  // a file becomes a folder
            place(file, name + Bytes("/inner".utf8), &files)
        default:
            let folder = name.prefix { $0 != 0x2F } + [0x2F]
            for inner in names where inner.starts(with: folder) {
                guard let moved = files.removeValue(forKey: inner) else { continue }
                let target = Bytes("moved\(any(3))/".utf8) + inner.dropFirst(folder.count)
                place(moved, target, &files)
            }
        }
    }

    private mutating func newName() -> Bytes {
        let folders = ["", "", "web/", "web/a/", "web/a/b/", "web.d/", "web-x/", "é ü/"]
        let odd: [Bytes] = [[0xFF, 0xFE], Bytes("a b".utf8), Bytes("é".utf8), Bytes("$x".utf8)]
        let last = chance(20) ? odd[any(odd.count)] : Bytes("n\(any(12)).gpg".utf8)
        return Bytes(folders[any(folders.count)].utf8) + last
    }

    /// Puts a file under a name; what stands in the way as a folder or above it vanishes.
    private func place(
        _ file: (mode: String, content: String), _ name: Bytes, _ files: inout Files
    ) {
        for other in files.keys
        where other.starts(with: name + [0x2F]) || name.starts(with: other + [0x2F]) {
            files[other] = nil
        }
        files[name] = file
    }

    private mutating func write(_ number: Int, _ parents: [Int], _ files: Files) {
        let late = chance(10) ? -50_000 : 0
        let time = 1_600_000_000 + number * 1000 + late
        let zone = ["+0000", "+0130", "-0800", "-0030"][any(4)]
        add("commit refs/import\nmark :\(number + 1)\n")
        add("author Ann É \(any(5)) <ann@x> \(time - any(500)) \(zone)\n")
        add("committer <bob@x> \(time) +0200\n")
        data(Bytes("Change \(number).\nStill it.\n\nMore.\n\nChecked-by: Bob\n".utf8))
        for (index, parent) in parents.enumerated() {
            add("\(index == 0 ? "from" : "merge") :\(parent + 1)\n")
        }
        if parents.isEmpty, number > 0 { add("from \(String(repeating: "0", count: 40))\n") }
        add("deleteall\n")
        for (name, file) in files.sorted(by: { $0.key.precedes($1.key) }) {
            let isModule = file.mode == "160000"
            let module = String(repeating: "ab", count: 20)
            stream += Bytes("M \(file.mode) \(isModule ? module : "inline") ".utf8) + name + [0x0A]
            if !isModule { data(Bytes(file.content.utf8)) }
        }
    }

    private mutating func reset(_ reference: String, to commit: Int) {
        add("reset \(reference)\nfrom :\(commit + 1)\n\n")
    }

    private mutating func data(_ bytes: Bytes) {
        add("data \(bytes.count)\n")
        stream += bytes + [0x0A]
    }

    private mutating func add(_ text: String) { stream += text.utf8 }

    private mutating func chance(_ percent: Int) -> Bool { any(100) < percent }

    private mutating func any(_ count: Int) -> Int {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(random >> 33) % max(1, count)
    }
}

extension Bytes {
    fileprivate func precedes(_ other: Bytes) -> Bool { lexicographicallyPrecedes(other) }
}
