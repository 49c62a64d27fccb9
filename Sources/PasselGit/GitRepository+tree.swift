import CGit2
import PasselCore

extension GitRepository {
    /// The tree with `changes` made to `base`; folders that become empty vanish, as in git's index.
    func tree(_ base: GitTree?, changedBy changes: [GitChange]) throws -> GitTree {
        var leaves: [Leaf] = []
        for change in changes {
            let parts = change.name.split(separator: .slash).map(Array.init)
            switch change.content {
            case .nothing: leaves.append(Leaf(parts[...], nil))
            case .link(let target):
                leaves.append(Leaf(parts[...], (try writeBlob(target), GIT_FILEMODE_LINK)))
            case .file(let content, let executable):
                let mode = executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB
                leaves.append(Leaf(parts[...], (try writeBlob(content), mode)))
            }
        }
        return try tree(try build(base?.id, leaves) ?? emptyTree())
    }

    private struct Leaf {
        let parts: ArraySlice<[UInt8]>
        let blob: (id: GitID, mode: git_filemode_t)?

        init(_ parts: ArraySlice<[UInt8]>, _ blob: (id: GitID, mode: git_filemode_t)?) {
            self.parts = parts
            self.blob = blob
        }
    }

    private func emptyTree() throws -> GitID {
        var builder: OpaquePointer?
        try check("build a tree", git_treebuilder_new(&builder, pointer, nil))
        defer { git_treebuilder_free(builder) }
        var oid = git_oid()
        try check("store a tree", git_treebuilder_write(&oid, builder))
        return GitID(oid)
    }

    /// The tree's id, or nothing when it is empty: then it is not even stored.
    private func build(_ base: GitID?, _ leaves: [Leaf]) throws -> GitID? {
        let baseTree = try base.map { try tree($0) }
        var builder: OpaquePointer?
        try check("build a tree", git_treebuilder_new(&builder, pointer, baseTree?.pointer))
        defer { git_treebuilder_free(builder) }
        for leaf in leaves where leaf.parts.count == 1 {
            try put(leaf.blob, leaf.parts.first ?? [], builder)
        }
        let deeper = Dictionary(grouping: leaves.filter { $0.parts.count > 1 }) {
            $0.parts.first ?? []
        }
        for (name, inner) in deeper {
            let old = folder(name, in: builder)
            let new = try build(old, inner.map { Leaf($0.parts.dropFirst(), $0.blob) })
            // A file that takes the place of a folder is not gone with what was in the folder.
            guard new != nil || old != nil else { continue }
            try put(new.map { ($0, GIT_FILEMODE_TREE) }, name, builder)
        }
        guard git_treebuilder_entrycount(builder) > 0 else { return nil }
        var oid = git_oid()
        try check("store a tree", git_treebuilder_write(&oid, builder))
        return GitID(oid)
    }

    private func folder(_ name: [UInt8], in builder: OpaquePointer?) -> GitID? {
        Path(name).withCString { name in
            guard let entry = git_treebuilder_get(builder, name),
                git_tree_entry_type(entry) == GIT_OBJECT_TREE
            else { return nil }
            return GitID(git_tree_entry_id(entry).pointee)
        }
    }

    private func put(
        _ object: (id: GitID, mode: git_filemode_t)?, _ name: [UInt8], _ builder: OpaquePointer?
    ) throws {
        try Path(name).withCString { spelled in
            guard let object else {
                if git_treebuilder_get(builder, spelled) != nil {
                    try check(
                        "remove \(Path(name).repaired)", git_treebuilder_remove(builder, spelled))
                }
                return
            }
            var oid = object.id.oid
            try check(
                "add \(Path(name).repaired)",
                git_treebuilder_insert(nil, builder, spelled, &oid, object.mode))
        }
    }
}
