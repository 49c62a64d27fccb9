import PasselCore
import PasselGit

/// What a commit says of its team: the roster, the keys, the lists.
///
/// Nothing here is trusted because it is there.
struct OfferedTeam {
    /// The roster and the signature beside it, if there is one.
    private(set) var roster: (content: [UInt8], signature: [UInt8])?
    /// The key files.
    private(set) var keys: [[UInt8]] = []
    /// The lists of recipients, by their folders.
    private(set) var lists: [Path: [UInt8]] = [:]

    /// How many files are read at most.
    private static let limit = 10_000

    /// Reads them from a commit whose folders have been judged.
    ///
    /// - Throws: `ForeignObjects.Flaw`, `GitProblem`.
    init(of commit: GitID, _ repository: GitRepository, _ objects: ForeignObjects) throws {
        func content(_ leaf: GitLeaf, _ kind: FilePolicy.Kind) throws -> [UInt8] {
            try objects.content(of: leaf.id, .file, limit: FilePolicy.sizeLimit(of: kind))
        }
        var statement: [UInt8]?
        var signature: [UInt8] = []
        var count = 0
        for (name, leaf) in try repository.leaves(in: commit) where leaf.kind == .file {
            let path = Path(name)
            let isKey = path.parent == TeamFiles.keys
            let isList = path.name.elementsEqual(".gpg-id".utf8)
            guard isKey || isList || path == Roster.file || path == TeamFiles.signature else {
                continue
            }
            count += 1
            guard count <= Self.limit else { return }
            if path == Roster.file {
                statement = try content(leaf, .roster)
            } else if path == TeamFiles.signature {
                signature = try content(leaf, .list)
            } else if isKey {
                keys.append(try content(leaf, .list))
            } else {
                lists[path.parent] = try content(leaf, .list)
            }
        }
        roster = statement.map { ($0, signature) }
    }
}
