import CGit2

/// The objects of a repository as bytes, checked against their ids: a `git_odb`, freed by itself.
///
/// Nothing stands for something else here: replacements, grafts and filters have no effect.
final class GitObjectDatabase {
    private let pointer: OpaquePointer  // git_odb *

    init(of repository: GitRepository) throws {
        var found: OpaquePointer?
        try check("read the objects", git_repository_odb(&found, repository.pointer))
        guard let found else { throw GitProblem("read the objects", "nothing came back") }
        pointer = found
    }

    deinit { git_odb_free(pointer) }

    /// The object's bytes, or the first `count` of them.
    func content(
        of id: GitID, _ kind: git_object_t, first count: Int = .max
    ) throws -> [UInt8] {
        var oid = id.oid
        var object: OpaquePointer?
        try check("read the object \(id.hex)", git_odb_read(&object, pointer, &oid))
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind else {
            throw GitProblem("read the object \(id.hex)", "it is of another kind")
        }
        let size = min(max(0, count), git_odb_object_size(object))
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: size))
    }

    /// What kind of object it is.
    func kind(of id: GitID) throws -> git_object_t { try header(of: id).kind }

    /// How many bytes it has, without unpacking it.
    func size(of id: GitID) throws -> Int { try header(of: id).size }

    func header(of id: GitID) throws -> (kind: git_object_t, size: Int) {
        var oid = id.oid
        var (kind, size) = (GIT_OBJECT_ANY, 0)
        try check("read the object \(id.hex)", git_odb_read_header(&size, &kind, pointer, &oid))
        return (kind, size)
    }
}
