import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// A store with two branches: ours, on which it stands, and what somebody else has.
struct ArrivalBox {
    let box: StoreBox
    let ours: GitID
    let theirs: GitID

    /// The entries of both, then what others changed, then what we changed.
    init(
        _ entries: [String] = ["shop", "web/shop", "web/mail"],
        theirs change: (StoreBox) throws -> Void, ours own: ((StoreBox) throws -> Void)? = nil
    ) throws {
        box = try StoreBox()
        for name in entries { try box.entry(name, "old " + name) }
        try box.commitAll()
        try box.git("switch", "-q", "-c", "other")
        try change(box)
        try box.commitAll()
        theirs = try #require(try Self.head(box))
        try box.git("switch", "-q", "main")
        if let own {
            try own(box)
            try box.commitAll()
        }
        ours = try #require(try Self.head(box))
    }

    private static func head(_ box: StoreBox) throws -> GitID? {
        GitID(hex: Bytes(try box.git("rev-parse", "HEAD").utf8))
    }

    /// What brings the files of one commit to those of another, removals first.
    func steps(from old: GitID, to new: GitID) throws -> [FileChange] {
        let repository = try box.store.repositoryForSync()
        let changes = try repository.changes(from: old, to: new).map { change in
            let path = Path(box.root) / change.name
            return try change.new.map { leaf -> FileChange in
                .write(path, try repository.content(of: leaf.id), mode: .fresh)
            } ?? .remove(path)
        }
        return changes.filter(\.isRemoval) + changes.filter { !$0.isRemoval }
    }

    /// The change that takes over all that others did since both had the same.
    func change(joining: Bool) throws -> Change {
        let base = GitID(hex: Bytes(try box.git("merge-base", "main", "other").utf8))
        return Change(
            store: box.store, steps: try steps(from: try #require(base), to: theirs),
            arrival: Arrival(
                way: joining ? .joining(theirs) : .arriving(theirs), ours: ours,
                body: joining ? "Merged shop." : nil), subject: { _ in "Merge origin." })
    }

    /// The files of the work tree are those of the commit, and git has nothing to say.
    func expect(at commit: String, _ location: SourceLocation = #_sourceLocation) throws {
        let named = try box.git("ls-tree", "-r", "--name-only", "-z", commit)
            .split(separator: "\0").map(String.init)
        #expect(box.files.sorted() == named.sorted(), sourceLocation: location)
        try box.expectSettled(location)
    }
}

extension StoreBox {
    /// The files of the store, folders left out.
    var files: [String] { names.filter { Disk.facts(path($0))?.kind == .file } }
}
