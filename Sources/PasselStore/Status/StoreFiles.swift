import PasselCore
import PasselGit
import PasselPosix

/// What the names of a store's files tell: which are conflicts that were kept, which folders have
/// lists, which files are not committed.
struct StoreFiles {
    /// Entries that a merge kept beside others, sorted.
    private(set) var conflicts: [Path] = []
    /// The folders with a `.gpg-id`; `.` is the top.
    private(set) var lists: Set<Path> = []
    /// The files that are not committed, named below the store.
    private(set) var uncommitted: [StoreStatus.Uncommitted] = []
    /// What to keep for the next look at the work tree.
    private(set) var untrackedCache: [UInt8]?

    /// Nothing.
    init() {}

    /// What the index and the work tree of the repository around a store have.
    ///
    /// The index knows the names of ten thousand entries; only what it does not know, or knows
    /// otherwise, is looked at.
    init(
        _ store: Store, _ repository: GitRepository,
        _ glance: WorkTreeGlance.Begun?
    ) throws {
        let inside = repository.name(of: store.root) ?? []
        let prefix = inside.isEmpty ? [] : inside + [.slash]
        let tree = try repository.workTreeState(glance) { Self.isNoted($0) }
        untrackedCache = tree.untrackedCache
        for name in tree.names where name.starts(with: prefix) {
            note(Array(name.dropFirst(prefix.count)))
        }
        for change in tree.changes where change.name.starts(with: prefix) {
            let name = Array(change.name.dropFirst(prefix.count))
            uncommitted.append(StoreStatus.Uncommitted(name: Path(name), kind: change.kind))
            if change.kind == .untracked, Self.isNoted(name[...]) { note(name) }
        }
        conflicts.sort { $0.bytes.precedes($1.bytes) }
    }

    /// What the folders have of a store without a repository.
    init(_ store: Store) throws {
        lists = Set(try store.lists().keys)
        for file in try store.entryFiles() {
            if let name = file.relative(to: store.root)?.bytes, Self.isNoted(name[...]) {
                note(name)
            }
        }
    }

    private static let list = Array("/.gpg-id".utf8)
    private static let mark = Array(".conflict-".utf8)

    /// Whether a name says something: quick, for it is asked of every file.
    private static func isNoted(_ name: ArraySlice<UInt8>) -> Bool {
        guard let last = name.last else { return false }
        // `.gpg-id`, or a `.conflict-` before eight digits and `.gpg`.
        if last == UInt8(ascii: "d") {
            return name.elementsEqual(list.dropFirst())
                || name.suffix(list.count).elementsEqual(list)
        }
        guard last == UInt8(ascii: "g"), name.count > 22 else { return false }
        return name.dropLast(12).suffix(mark.count).elementsEqual(mark)
    }

    private mutating func note(_ name: [UInt8]) {
        let path = Path(name)
        if path.name.elementsEqual(Self.list.dropFirst()) {
            let folder = path.parent
            lists.insert(folder == "." ? Roster.top : folder)
            return
        }
        let entry = Path(name.dropLast(EntryName.suffix.utf8.count))
        guard path.components.allSatisfy({ !EntryName.isReserved($0) }),
            ConflictName.parse(entry) != nil
        else { return }
        conflicts.append(entry)
    }
}
