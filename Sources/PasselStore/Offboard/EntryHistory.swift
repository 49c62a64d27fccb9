import PasselCore
import PasselGit

/// What every commit of one repository did to entries of the store, by their names in the store.
///
/// Everything that leads to any reference counts, merged or not.
struct EntryHistory {
    /// What one commit did to one entry.
    struct Change: Equatable {
        /// The entry's name.
        let name: [UInt8]
        /// The version before; nothing where there was no file.
        let old: GitID?
        /// The version afterwards; nothing where there is no file.
        let new: GitID?
        /// Whether no parent has the same.
        var isOwn = true
    }

    /// A commit, with what it changed against each of its parents; a first one against nothing.
    struct Commit {
        let id: GitID
        let subject: Text
        /// The parents' places in the history.
        let parents: [Int]
        /// Entries that it changed, for each parent.
        let changes: [[Change]]

        /// The entries that it has in versions that none of its parents has.
        var own: [Change] { (changes.first ?? []).filter { $0.isOwn && $0.new != nil } }
    }

    let repository: GitRepository
    /// Each after those it was made from.
    private(set) var commits: [Commit] = []
    /// The place of the commit that the work tree is at.
    private(set) var head: Int?
    /// The key files that travelled in the store, the newest first.
    private(set) var keyFiles: [GitID] = []
    /// What could not be seen.
    private(set) var extent: HistoryExtent
    private let place: RepositoryPlace

    /// Reads the history of a repository that lies in the store, or around it.
    init(_ repository: GitRepository, _ place: RepositoryPlace) throws {
        self.repository = repository
        self.place = place
        var commits: [Commit] = []
        var numbers: [GitID: Int] = [:]
        var keyFiles: [GitID] = []
        extent = try repository.walkHistory(refs: .all) { commit, changes in
            for change in changes {
                guard let leaf = change.new, leaf.isFile, place.isKeyFile(change.name) else {
                    continue
                }
                keyFiles.insert(leaf.id, at: 0)
            }
            var steps = [place.entries(changes)]
            for parent in commit.parents.dropFirst() {
                steps.append(
                    place.entries(try repository.changes(from: parent, to: commit.id)))
            }
            numbers[commit.id] = commits.count
            commits.append(
                Commit(
                    id: commit.id, subject: commit.subject,
                    parents: commit.parents.compactMap { numbers[$0] }, changes: steps))
        }
        self.commits = commits
        self.keyFiles = keyFiles
        head = try repository.headID().flatMap { numbers[$0] }
    }

    /// The lists of recipients that held for an entry at a commit, the nearest first.
    func list(for name: [UInt8], at commit: GitID) throws -> [UInt8]? {
        var folder = Path(name).parent
        while true {
            let list: Path = folder == "." ? ".gpg-id" : folder / ".gpg-id"
            if let path = place.path(of: list.bytes),
                let leaf = try repository.leaf(at: path, in: commit), leaf.isFile
            {
                return try repository.content(of: leaf.id, limit: 1 << 20)
            }
            guard folder != "." else { return nil }
            folder = folder.parent
        }
    }

    /// Whether the store's entry of this name would be in this repository.
    func covers(_ name: [UInt8]) -> Bool { place.path(of: name) != nil }
}

/// Where a repository lies, seen from the store.
struct RepositoryPlace {
    /// What precedes names of the repository in the store; empty at its top.
    private let prefix: [UInt8]
    /// What precedes names of the store in the repository, where that lies around the store.
    private let outer: [UInt8]

    /// A repository with this work tree, links resolved, in or around the store at `root`, likewise.
    ///
    /// Nothing for one that lies elsewhere.
    init?(_ workTree: Path, root: Path) {
        func folder(_ path: Path) -> [UInt8] { path.isEmpty ? [] : path.bytes + [.slash] }
        if let inside = workTree.relative(to: root) {
            (prefix, outer) = (folder(inside), [])
        } else if let around = root.relative(to: workTree) {
            (prefix, outer) = ([], folder(around))
        } else {
            return nil
        }
    }

    /// How deep it lies in the store.
    var depth: Int { prefix.count }

    /// The name in the store of a file of the repository; nothing for what lies outside.
    func name(of path: [UInt8]) -> [UInt8]? {
        path.starts(with: outer) ? prefix + path.dropFirst(outer.count) : nil
    }

    /// The name in the repository of a file of the store; nothing for what lies outside.
    func path(of name: [UInt8]) -> [UInt8]? {
        name.starts(with: prefix) ? outer + name.dropFirst(prefix.count) : nil
    }

    func isKeyFile(_ path: [UInt8]) -> Bool {
        name(of: path)?.starts(with: TeamFiles.keys.bytes + [.slash]) ?? false
    }

    /// The changes that are of entries; links are none.
    func entries(_ changes: [GitLeafChange]) -> [EntryHistory.Change] {
        changes.compactMap { change in
            let old = change.old.flatMap { $0.isFile ? $0.id : nil }
            let new = change.new.flatMap { $0.isFile ? $0.id : nil }
            guard old != new, let name = name(of: change.name).flatMap(Self.entry) else {
                return nil
            }
            return EntryHistory.Change(name: name, old: old, new: new, isOwn: change.isOwn)
        }
    }

    /// The name of the entry in a file; nothing for other files, and for what is none of the
    /// store's own.
    static func entry(_ file: [UInt8]) -> [UInt8]? {
        guard Path(file).hasSuffixIgnoringCase(EntryName.suffix),
            !Path(file).components.contains(where: EntryName.isReserved)
        else { return nil }
        return file.ends(with: EntryName.suffix) ? Array(file.dropLast(4)) : file
    }
}
