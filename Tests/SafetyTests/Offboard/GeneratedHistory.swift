import Foundation

/// A store's history of some hundred commits such as teams make: by passel and pass, by hand, on
/// branches that are merged or are not, while people come and go.
struct GeneratedHistory {
    private let keys: OracleKeys
    var random: RepeatableNumbers
    private var stream = HistoryImport()
    var branches: [String: Branch] = [:]
    var current = "main"
    /// The branch beside the main one, if any.
    var side: String?
    /// The branches that were left unmerged.
    var abandoned: [String] = []
    private(set) var commits = 0
    private let count: Int
    private var messages = 0

    /// A version of an entry in one place, and those that came of it.
    final class Node {
        let mark: Int
        let isForLeaver: Bool
        var next: [Node] = []

        init(_ mark: Int, isForLeaver: Bool) {
            self.mark = mark
            self.isForLeaver = isForLeaver
        }

        /// It and all that came of it.
        var descendants: Set<ObjectIdentifier> {
            var seen: Set<ObjectIdentifier> = []
            var reached: [Node] = [self]
            while let node = reached.popLast() {
                if seen.insert(ObjectIdentifier(node)).inserted { reached += node.next }
            }
            return seen
        }
    }

    struct Branch {
        var files: [String: Node] = [:]
        /// Whether bob and carol read a folder, by its path with a slash.
        var lists: [String: Readers] = [:]
        /// What was removed, by the name that it had.
        var ghosts: [String: [Node]] = [:]
        var commit: Int?
        /// The commit at which it left the main branch, and what was there.
        var start: Int?
        var baseFiles: [String: Node] = [:]
        var baseLists: [String: Readers] = [:]

        /// Puts a version in its place; what is or was there goes on under that name.
        mutating func put(_ node: Node, at path: String) {
            for old in (files[path].map { [$0] } ?? []) + (ghosts[path] ?? []) where old !== node {
                old.next.append(node)
            }
            ghosts[path] = nil
            files[path] = node
        }

        mutating func remove(_ path: String) {
            guard let node = files.removeValue(forKey: path) else { return }
            ghosts[path, default: []].append(node)
        }
    }

    struct Readers: Equatable {
        var hasLeaver: Bool
        var hasCarol: Bool
    }

    init(seed: UInt64, commits count: Int, keys: OracleKeys) throws {
        self.keys = keys
        self.count = count
        random = RepeatableNumbers(seed: seed)
        branches["main"] = Branch(lists: ["": Readers(hasLeaver: true, hasCarol: false)])
        for _ in 0..<8 { try insert() }
        commit("Add current contents of password store.")
        while commits < count {
            if let side { current = random.chance(50) ? side : "main" }
            try step()
        }
    }

    /// Makes it a store: some branches that were not merged are gone, and an entry is not committed.
    func write(to folder: String, home: String) throws {
        let unmerged = abandoned.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        try stream.write(to: folder, home: home, without: unmerged)
        var random = random
        let kind = OracleKeys.Kind(leaver: .newer, hasCarol: false, isArmoured: false)
        let content = try keys.message(kind, number: 0, &random)
        try Data(content).write(to: URL(fileURLWithPath: folder + "/not committed.gpg"))
    }

    /// Where the entries are now that bob could read under the name `path`, by what really happened.
    func places(of path: String) -> Set<String> {
        if path == "not committed" { return [path] }
        let now = branches["main"]?.files ?? [:]
        var places: Set<String> = []
        for node in all[path] ?? [] where node.isForLeaver {
            let all = node.descendants
            places.formUnion(now.filter { all.contains(ObjectIdentifier($0.value)) }.keys)
        }
        return places
    }

    /// Every version of every path.
    private var all: [String: [Node]] = [:]

    // MARK: Steps

    private mutating func step() throws {
        switch random.next() % 100 {
        case ..<22: try add()
        case ..<46: try edit()
        case ..<58: try rename()
        case ..<64: try moveFolder()
        case ..<70: try changeReaders()
        case ..<76: remove()
        case ..<80: try copy()
        case ..<84: try renameByHand()
        case ..<88: try edit(several: true)
        default: try branch()
        }
    }

    mutating func commit(_ subject: String, merging other: Int? = nil) {
        guard var branch = branches[current] else { return }
        for (path, node) in branch.files where all[path]?.contains(where: { $0 === node }) != true {
            all[path, default: []].append(node)
        }
        let lists = branch.lists.mapValues { readers in
            "ann@example.org\n" + (readers.hasLeaver ? "bob@example.org\n" : "")
                + (readers.hasCarol ? "carol@example.org\n" : "")
        }
        branch.commit = stream.commit(
            current, subject, parents: [branch.commit, other].compactMap(\.self),
            files: branch.files.mapValues(\.mark), lists: lists)
        branches[current] = branch
        commits += 1
        if random.chance(2), let commit = branch.commit {
            stream.reset("refs/tags/t\(commits)", to: commit)
        }
    }

    mutating func message(for path: String) throws -> Node {
        let readers = readers(of: path)
        let leaver: OracleKeys.Kind.Leaver =
            if !readers.hasLeaver {
                .none
            } else if random.chance(5) {
                .both
            } else {
                commits < count / 2 ? .older : .newer
            }
        messages += 1
        let kind = OracleKeys.Kind(
            leaver: leaver, hasCarol: readers.hasCarol, isArmoured: random.chance(2))
        let content = try keys.message(kind, number: messages, &random)
        return Node(stream.blob(content), isForLeaver: readers.hasLeaver)
    }

    private func readers(of path: String) -> Readers {
        let lists = branches[current]?.lists ?? [:]
        let nearest = lists.keys.filter { path.hasPrefix($0) }.max { $0.count < $1.count }
        return nearest.flatMap { lists[$0] } ?? Readers(hasLeaver: false, hasCarol: false)
    }

    private var paths: [String] { (branches[current]?.files.keys).map { $0.sorted() } ?? [] }

    private static let folders = ["", "web/", "web/shop/", "ci/", "ci/deploy keys/", "té/am/"]
    private static let words = [
        "login", "token", "a b", "x to y", "größe", "api.key", "-dash", "it's",
    ]

    private mutating func freshPath() -> String {
        let folder = Self.folders.randomElement(using: &random) ?? ""
        let word = Self.words.randomElement(using: &random) ?? ""
        // Few enough that names are given again.
        return "\(folder)\(word)\(random.next() % 9)"
    }

    private mutating func insert() throws {
        let path = freshPath()
        let node = try message(for: path)
        branches[current]?.put(node, at: path)
    }

    private mutating func add() throws {
        let path = freshPath()
        guard branches[current]?.files[path] == nil else { return try edit() }
        let node = try message(for: path)
        branches[current]?.put(node, at: path)
        commit("Add given password for \(path) to store.")
    }

    mutating func edit(several: Bool = false) throws {
        for _ in 0..<(several ? 5 : 1) {
            guard let path = paths.randomElement(using: &random) else { return }
            let node = try message(for: path)
            branches[current]?.put(node, at: path)
            if !several { return commit("Edit password for \(path) using vi.") }
        }
        if random.chance(50), let path = paths.randomElement(using: &random) {
            branches[current]?.remove(path)
        }
        commit("Sync")
    }

    /// Puts what is at one path at another, encrypted anew where the readers are others.
    private mutating func put(_ node: Node, from old: String, at new: String) throws {
        let moved =
            readers(of: old) == readers(of: new)
            ? Node(node.mark, isForLeaver: node.isForLeaver) : try message(for: new)
        node.next.append(moved)
        branches[current]?.put(moved, at: new)
    }

    private mutating func rename() throws {
        guard let old = paths.randomElement(using: &random),
            let node = branches[current]?.files[old]
        else { return }
        let new = freshPath()
        guard new != old else { return }
        branches[current]?.files[old] = nil
        try put(node, from: old, at: new)
        let isPlain = branches[current]?.files[new]?.mark == node.mark
        commit(isPlain && random.chance(30) ? "Tidy up" : "Rename \(old) to \(new).")
    }

    /// One entry vanishes, one appears, encrypted anew, and nothing says that they are the same.
    private mutating func renameByHand() throws {
        guard let old = paths.randomElement(using: &random),
            let node = branches[current]?.files[old]
        else { return }
        let new = freshPath()
        guard branches[current]?.files[new] == nil else { return }
        branches[current]?.files[old] = nil
        let moved = try message(for: new)
        node.next.append(moved)
        branches[current]?.put(moved, at: new)
        commit("Tidy up")
    }

    private mutating func moveFolder() throws {
        let named = Set(
            paths.compactMap { path in path.lastIndex(of: "/").map { String(path[...$0]) } })
        guard let old = named.sorted().randomElement(using: &random) else { return }
        let new = "moved\(random.next() % 20)/"
        guard !old.hasPrefix(new), !paths.contains(where: { $0.hasPrefix(new) }) else { return }
        let inside = paths.filter { $0.hasPrefix(old) }
        for path in inside {
            guard let node = branches[current]?.files.removeValue(forKey: path) else { continue }
            try put(node, from: path, at: new + path.dropFirst(old.count))
        }
        commit("Rename \(old.dropLast()) to \(new.dropLast()).")
    }

    private mutating func copy() throws {
        guard let old = paths.randomElement(using: &random),
            let node = branches[current]?.files[old]
        else { return }
        let new = freshPath()
        guard branches[current]?.files[new] == nil else { return }
        try put(node, from: old, at: new)
        commit("Copy \(old) to \(new).")
    }

    private mutating func remove() {
        guard let path = paths.randomElement(using: &random) else { return }
        branches[current]?.remove(path)
        commit("Remove \(path) from store.")
    }

    private mutating func changeReaders() throws {
        let folder = Self.folders.randomElement(using: &random) ?? ""
        let old = branches[current]?.lists[folder]
        let new = Readers(hasLeaver: random.chance(50), hasCarol: random.chance(50))
        guard old != new else { return }
        branches[current]?.lists[folder] = new
        for path in paths where path.hasPrefix(folder) && readers(of: path) == new {
            // Some are left as they were, as by a tool that could not read them.
            guard random.chance(95) else { continue }
            let node = try message(for: path)
            branches[current]?.put(node, at: path)
        }
        commit("Set GPG id to somebody (\(folder)).")
    }
}
