import CGit2
import Glibc
import PasselCore

/// An object of the repository; freed by itself.
public class GitObject {
    let pointer: OpaquePointer  // git_object *
    private let repository: GitRepository  // must not be closed before

    fileprivate init(
        _ id: GitID, _ kind: git_object_t, in repository: GitRepository
    ) throws {
        var oid = id.oid
        var found: OpaquePointer?
        let operation = "read the object \(id.hex)"
        try check(operation, git_object_lookup(&found, repository.pointer, &oid, kind))
        guard let found else { throw GitProblem(operation, "nothing came back") }
        pointer = found
        self.repository = repository
    }

    deinit { git_object_free(pointer) }

    /// The id.
    public var id: GitID { GitID(git_object_id(pointer).pointee) }
}

/// A tree of the repository.
public final class GitTree: GitObject {
    fileprivate init(_ id: GitID, in repository: GitRepository) throws {
        try super.init(id, GIT_OBJECT_TREE, in: repository)
    }

    /// The file or link under a name with slashes; nothing for folders and where there is nothing.
    public func blob(at name: [UInt8]) -> GitID? {
        var entry: OpaquePointer?
        let code = Path(name).withCString { git_tree_entry_bypath(&entry, pointer, $0) }
        guard code == 0, let entry else { return nil }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB else { return nil }
        return GitID(git_tree_entry_id(entry).pointee)
    }
}

/// A commit of the repository.
public final class GitCommit: GitObject {
    fileprivate init(_ id: GitID, in repository: GitRepository) throws {
        try super.init(id, GIT_OBJECT_COMMIT, in: repository)
    }

    /// The first paragraph of the message in one line, hooks' additions included.
    var subject: Text {
        guard let summary = git_commit_summary(pointer) else { return "" }
        return Text(Array(cString: summary))
    }

    fileprivate var treeID: GitID { GitID(git_commit_tree_id(pointer).pointee) }
}

extension GitRepository {
    /// The id of the newest commit of the current branch; nothing before the first.
    public func headID() throws -> GitID? { try target(of: "HEAD") }

    /// The newest commit of the current branch; nothing before the first.
    public func headCommit() throws -> GitCommit? { try headID().map { try commit($0) } }

    func commit(_ id: GitID) throws -> GitCommit { try GitCommit(id, in: self) }

    /// The tree of a commit; nothing for no commit.
    public func tree(of commit: GitCommit?) throws -> GitTree? {
        try commit.map { try tree($0.treeID) }
    }

    func tree(_ id: GitID) throws -> GitTree { try GitTree(id, in: self) }

    /// The content of a file as the repository holds it, without any filter.
    ///
    /// - Throws: `GitProblem` when it is longer than `limit` bytes; then it is not even unpacked.
    public func content(of id: GitID, limit: Int = .max) throws -> [UInt8] {
        let objects = try objects()
        if limit < .max, try objects.size(of: id) > limit {
            throw GitProblem("read the object \(id.hex)", "it is longer than \(limit) bytes")
        }
        return try objects.content(of: id, GIT_OBJECT_BLOB)
    }

    /// The first `count` bytes of a file as the repository holds it; all of a shorter one.
    ///
    /// git keeps files compressed, and as what differs from others: all of it is unpacked.
    public func contentHead(of id: GitID, count: Int) throws -> [UInt8] {
        try objects().content(of: id, GIT_OBJECT_BLOB, first: count)
    }

    func writeBlob(_ content: [UInt8]) throws -> GitID {
        var oid = git_oid()
        let code = content.withUnsafeBytes {
            git_blob_create_from_buffer(&oid, pointer, $0.baseAddress, $0.count)
        }
        try check("store an object", code)
        return GitID(oid)
    }
}

extension [UInt8] {
    /// The bytes of a C string, without the NUL at its end.
    init(cString: UnsafePointer<CChar>) {
        self.init(UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
    }
}
