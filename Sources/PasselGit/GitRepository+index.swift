import CGit2
import Glibc
import PasselCore
import PasselPosix

extension GitRepository {
    /// Brings the index up to date for `changes`, whose files are in the work tree by now; all else
    /// stays as staged.
    ///
    /// File times and sizes go in too, so that `git status` need not read the files, let alone
    /// filter them.
    public func stage(_ changes: [GitChange]) throws {
        try StaleLocks(gitFolder: gitFolder, workTree: workTree).clearIndexLock()
        var index: OpaquePointer?
        defer { git_index_free(index) }
        guard git_repository_index(&index, pointer) == 0, git_index_read(index, 1) == 0 else {
            return try stageThroughGit(changes)
        }
        for change in changes {
            try stage(change, index)
        }
        try check("write the index", git_index_write(index))
    }

    /// Whether the next commit would have a file of this name.
    func isStaged(_ name: [UInt8]) -> Bool {
        do {
            guard let file = try Files.readIfPresent(gitFolder / "index") else { return false }
            let index = try IndexFile(file)
            return index.entries.contains { index.bytes[$0.name].elementsEqual(name) }
        } catch {
            // An index of another kind: git reads it.
            var child = ChildProcess(
                "git", [Array("ls-files".utf8), Array("-z".utf8), Array("--".utf8), name],
                environment: environment)
            child.directory = workTree
            child.output = .captured
            // Without git nothing more can be found out.
            return (try? child.run()).map { !$0.output.isEmpty } ?? false
        }
    }

    /// For an index of a kind that libgit2 cannot read: split in two, or sparse.
    private func stageThroughGit(_ changes: [GitChange]) throws {
        let problem = GitProblem("read the index", code: -1)
        var lines: [UInt8] = []
        for change in changes {
            let (mode, content): (String, [UInt8]?) =
                switch change.content {
                case .nothing: ("0", nil)
                case .link(let target): ("120000", target)
                case .file(let bytes, let executable): (executable ? "100755" : "100644", bytes)
                }
            let id = try content.map { try writeBlob($0).hex } ?? String(repeating: "0", count: 40)
            lines += Array("\(mode) \(id)\t".utf8) + change.name + [0]
        }
        var child = ChildProcess(
            "git", ["update-index", "-z", "--index-info"], environment: environment)
        child.directory = workTree
        child.input = .bytes(lines)
        guard try child.run().status == 0 else { throw problem }
        // The files' times and sizes, so that git need not read them each time.
        child.arguments = ["update-index", "-q", "--refresh"].map { Array($0.utf8) }
        child.input = .nothing
        _ = try child.run()
    }

    private func stage(_ change: GitChange, _ index: OpaquePointer?) throws {
        let name = Path(change.name)
        // What a merge left undecided is decided now; mostly there is nothing of the kind.
        _ = name.withCString { git_index_conflict_remove(index, $0) }
        let (content, mode): ([UInt8], git_filemode_t)
        switch change.content {
        case .nothing:
            let code = name.withCString { git_index_remove_bypath(index, $0) }
            if code != GIT_ENOTFOUND.rawValue { try check("unstage \(name.repaired)", code) }
            return
        case .link(let target): (content, mode) = (target, GIT_FILEMODE_LINK)
        case .file(let bytes, let executable):
            (content, mode) = (bytes, executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB)
        }
        var status = stat()
        // Gone again already: then the next `git status` says so.
        guard (workTree / name).withCString({ lstat($0, &status) }) == 0 else { return }
        try name.withCString { spelled in
            var entry = git_index_entry()
            entry.ctime = time(status.st_ctim)
            entry.mtime = time(status.st_mtim)
            entry.dev = UInt32(truncatingIfNeeded: status.st_dev)
            entry.ino = UInt32(truncatingIfNeeded: status.st_ino)
            entry.mode = mode.rawValue
            entry.uid = status.st_uid
            entry.gid = status.st_gid
            entry.file_size = UInt32(truncatingIfNeeded: status.st_size)
            entry.id = GitID(ofFile: content).oid
            entry.path = spelled
            try check("stage \(name.repaired)", git_index_add(index, &entry))
        }
    }

    private func time(_ time: timespec) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.tv_sec), nanoseconds: UInt32(time.tv_nsec))
    }
}
