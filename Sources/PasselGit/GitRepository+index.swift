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
        try check("open the index", git_repository_index(&index, pointer))
        defer { git_index_free(index) }
        try check("read the index", git_index_read(index, 1))
        for change in changes {
            try stage(change, index)
        }
        try check("write the index", git_index_write(index))
    }

    private func stage(_ change: GitChange, _ index: OpaquePointer?) throws {
        let name = Path(change.name)
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
