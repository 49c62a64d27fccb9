import CGit2
import Glibc
import PasselCore

/// The id of a git object.
public struct GitID: Sendable, Hashable {
    /// 20 bytes.
    public let bytes: [UInt8]

    init(_ oid: git_oid) {
        bytes = withUnsafeBytes(of: oid.id) { Array($0) }
    }

    /// The id spelled by 40 hexadecimal digits, or nothing.
    public init?(hex: some Sequence<UInt8>) {
        let digits = hex.compactMap(\.hexValue)
        guard digits.count == 40 else { return nil }
        bytes = stride(from: 0, to: 40, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// 40 lower-case hexadecimal digits.
    public var hex: String { bytes.hex.lowercased() }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid.id) { $0.copyBytes(from: bytes) }
        return oid
    }

    /// The id that git gives to a file of this content.
    ///
    /// Calls `git_odb_hash`.
    public init(ofFile content: [UInt8]) {
        var oid = git_oid()
        // Cannot fail for a blob in memory: it only computes a hash.
        _ = content.withUnsafeBytes {
            git_odb_hash(
                &oid, $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1), $0.count, GIT_OBJECT_BLOB)
        }
        self.init(oid)
    }
}

/// A tree of the repository; freed by itself.
public final class GitTree {
    let pointer: OpaquePointer  // git_tree *
    private let repository: GitRepository  // must not be closed before

    init(takingOwnershipOf pointer: OpaquePointer, in repository: GitRepository) {
        self.pointer = pointer
        self.repository = repository
    }

    deinit { git_tree_free(pointer) }

    /// The id.
    public var id: GitID { GitID(git_tree_id(pointer).pointee) }

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

/// A commit of the repository; freed by itself.
public final class GitCommit {
    let pointer: OpaquePointer  // git_commit *
    private let repository: GitRepository  // must not be closed before

    init(takingOwnershipOf pointer: OpaquePointer, in repository: GitRepository) {
        self.pointer = pointer
        self.repository = repository
    }

    deinit { git_commit_free(pointer) }

    /// The id.
    public var id: GitID { GitID(git_commit_id(pointer).pointee) }

    /// The first paragraph of the message in one line, hooks' additions included.
    var subject: Text {
        guard let summary = git_commit_summary(pointer) else { return "" }
        return Text(UnsafeRawBufferPointer(start: summary, count: strlen(summary)))
    }
}

extension GitRepository {
    /// The newest commit of the current branch; nothing before the first.
    public func headCommit() throws -> GitCommit? {
        var oid = git_oid()
        let code = git_reference_name_to_id(&oid, pointer, "HEAD")
        if code == GIT_ENOTFOUND.rawValue || code == GIT_EUNBORNBRANCH.rawValue { return nil }
        try check("read HEAD", code)
        return try commit(GitID(oid))
    }

    func commit(_ id: GitID) throws -> GitCommit {
        var oid = id.oid
        var found: OpaquePointer?
        try check("read the commit \(id.hex)", git_commit_lookup(&found, pointer, &oid))
        guard let found else { throw GitProblem("read the commit \(id.hex)", "nothing came back") }
        return GitCommit(takingOwnershipOf: found, in: self)
    }

    /// The tree of a commit; nothing for no commit.
    public func tree(of commit: GitCommit?) throws -> GitTree? {
        guard let commit else { return nil }
        var found: OpaquePointer?
        try check("read the tree of \(commit.id.hex)", git_commit_tree(&found, commit.pointer))
        return found.map { GitTree(takingOwnershipOf: $0, in: self) }
    }

    func tree(_ id: GitID) throws -> GitTree {
        var oid = id.oid
        var found: OpaquePointer?
        try check("read the tree \(id.hex)", git_tree_lookup(&found, pointer, &oid))
        guard let found else { throw GitProblem("read the tree \(id.hex)", "nothing came back") }
        return GitTree(takingOwnershipOf: found, in: self)
    }

    /// The content of a file as the repository holds it, without any filter.
    public func content(of id: GitID) throws -> [UInt8] {
        var oid = id.oid
        var blob: OpaquePointer?
        try check("read the object \(id.hex)", git_blob_lookup(&blob, pointer, &oid))
        defer { git_blob_free(blob) }
        return Array(
            UnsafeRawBufferPointer(
                start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
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
